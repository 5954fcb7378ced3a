"""A space may become wider; the old trials stay, and count as trials of the wider one."""

from dataclasses import replace
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from search.api import open_study
from search.definition.lookup import find_study
from search.findings.importance import importances
from search.findings.text import note
from search.storage.record import StudyRecord
from search.trials.proposal import propose
from tests.search.commands import DATABASE, add_running, facts, search, trials
from tests.search.conftest import edit

WIDER = (
    ('cell = ["rnn", "gru", "lstm"]', 'cell = ["lstm", "gru", "rnn"]'),
    ("low = 4, high = 12, step = 4", "low = 4, high = 20, step = 4"),
    ("low = 1e-3, high = 1e-1", "low = 1e-4, high = 1e-1"),
    ("batch_size = 32\n", ""),
    (
        "dropout = { low = 0.0, high = 0.5 }",
        "dropout = { low = 0.0, high = 0.5 }\n"
        "batch_size = { low = 16, high = 64, step = 16, default = 32 }\n"
        'pooling = { choices = ["max", "mean"], default = "max" }',
    ),
)


def test_a_wider_space_keeps_the_old_trials(place: Path, storage: str) -> None:
    options = ("--storage", storage)
    search("--trials", "6", *options)
    old = trials(storage=storage)
    edit(place / "small.toml", *WIDER)
    refused = search("--trials", "9", *options, expect=2).output
    assert "space.hidden_dim: {'low': 4, 'high': 12" in refused
    assert "add --extend-space" in refused
    assert [facts(t) for t in trials(storage=storage)] == [facts(t) for t in old]
    search("--trials", "9", "--extend-space", *options)
    done = trials(storage=storage)
    assert [t.state.is_finished() for t in done] == [True] * 9
    assert [facts(t) for t in done[:6]] == [facts(t) for t in old], "they are what they were"
    record = open_study("small", storage).record
    for before, after in zip(old, record.trials, strict=False):
        assert after.params == {**before.params, "batch_size": 32, "pooling": "max"}
        assert after.filled_in == ("batch_size", "pooling")
        assert "older than batch_size, pooling" in note(after)
    assert all(not trial.filled_in for trial in record.trials[6:])
    assert len({str(trial.in_space_of_now().distributions) for trial in record.trials}) == 1
    assert {t.params["batch_size"] for t in record.trials} > {32}
    search("--trials", "10", *options)  # the wider space is the study's now
    assert len(trials(storage=storage)) == 10
    told = importances(open_study("small", storage).record)
    assert set(told) >= {"hidden_dim", "batch_size"}


@pytest.mark.parametrize("sampler", ["tpe", "gp", "cmaes"])
def test_samplers_see_the_old_trials_in_the_wider_space(place: Path, sampler: str) -> None:
    """What is proposed must not depend on when the space became wider."""
    options = ("--sampler", sampler, "--epochs", "1", "--pruner", "none")
    search("--trials", "12", *options)
    edit(place / "small.toml", *WIDER)
    search("--trials", "13", "--extend-space", *options)
    widened = StudyRecord.of(optuna.load_study(study_name="small", storage=DATABASE))
    definition = find_study("small.toml", options={"sampler": sampler, "epochs": 1}).definition
    first_twelve = replace(widened, frozen=widened.frozen[:12])
    whole = replace(first_twelve, frozen=[t.in_space_of_now() for t in first_twelve.trials])
    assert propose(whole, definition).params == propose(first_twelve, definition).params


def test_an_interrupted_trial_goes_on_in_the_wider_space(place: Path) -> None:
    search("--trials", "2")
    add_running(pid=1, started=0.0)
    edit(place / "small.toml", *WIDER)
    search("--trials", "3", "--extend-space")
    assert trials()[2].state == TrialState.COMPLETE
    trial = open_study("small").record.trials[2]
    assert (trial.params["pooling"], trial.filled_in) == ("max", ("batch_size", "pooling"))


def test_a_wider_range_alone_leaves_optunas_tables_as_they_are(place: Path) -> None:
    search("--trials", "2")
    before = [t.distributions for t in trials()]
    edit(place / "small.toml", WIDER[1])
    search("--trials", "3", "--extend-space")
    assert [t.distributions for t in trials()[:2]] == before
    assert trials()[2].distributions["hidden_dim"].high == 20  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("high = 12, step = 4", "high = 8, step = 4"), "4 to 8 does not hold 4 to 12"),
        (("[fixed]\nbatch_size = 32", "batch_size = [32, 64]\n[fixed]"),
         "new, so it needs a default, which stands for the old trials: default = 32"),
        (("epochs = 3", "epochs = 4"), "search.epochs: 3 -> 4"),
    ],
)  # fmt: skip
def test_what_is_no_widening_is_refused(place: Path, change: tuple[str, str], says: str) -> None:
    search("--trials", "1")
    edit(place / "small.toml", change)
    assert says in search("--trials", "2", "--extend-space", expect=2).output
    assert len(trials()) == 1


def test_a_space_cannot_change_under_a_running_trial(place: Path) -> None:
    search("--trials", "1")
    add_running(host="elsewhere")
    edit(place / "small.toml", *WIDER)
    output = search("--trials", "3", "--extend-space", expect=2).output
    assert "trial 1 is running; stop that run first" in output


@pytest.mark.parametrize(
    ("domain", "says"),
    [
        ("{ low = 16, high = 64, default = 128 }", "default = 128 is not between 16 and 64"),
        ("{ choices = [16, 32], default = 8 }", "default = 8 is not one of [16, 32]"),
        ("{ choices = [] }", "an empty choice"),
        ("{ choices = [16], low = 4 }", "unknown key; there are choices, default"),
    ],
)
def test_defaults_lie_within(place: Path, domain: str, says: str) -> None:
    edit(place / "small.toml", ("[fixed]\nbatch_size = 32", f"batch_size = {domain}\n[fixed]"))
    assert says in search("--trials", "1", expect=2).output
