"""The search: totals, resuming, what runs first, and which trials are ended early."""

import itertools
import json
import statistics
from pathlib import Path

import optuna
import pytest
from optuna.trial import FrozenTrial, TrialState

from model.checkpoint import load
from tests.search.commands import facts, search, trials
from tests.search.conftest import edit


def test_total_counts_what_is_there_and_a_larger_one_extends(place: Path) -> None:
    search("--trials", "2")
    assert len(trials()) == 2
    again = search("--trials", "2")
    assert "nothing to do" in again.output
    assert len(trials()) == 2
    more = search("--trials", "3")
    assert "going on: 2 of 3" in more.output
    assert len(trials()) == 3


@pytest.mark.parametrize("sampler", ["tpe", "gp", "cmaes", "random"])
def test_a_resumed_search_is_the_unbroken_one(place: Path, sampler: str) -> None:
    options = ("--sampler", sampler, "--epochs", "2")
    search("--trials", "4", *options)
    search("--trials", "8", *options)
    search("--trials", "8", "--name", "unbroken", *options)
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]
    assert len({json.dumps(t.params) for t in trials()}) == 8


def test_where_an_embedding_starts_is_searched_like_any_setting(place: Path) -> None:
    start = ("[fixed]", 'embedding_init = ["random", "corpus"]\n[fixed]')
    edit(place / "small.toml", start, ("vocab_threshold = 0", "vocab_threshold = 3"))
    search("--trials", "3", "--epochs", "2")
    search("--trials", "6", "--epochs", "2")
    search("--trials", "6", "--epochs", "2", "--name", "unbroken")
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]
    assert {t.params["embedding_init"] for t in trials()} == {"random", "corpus"}
    load(place / "studies" / "small" / "best").predict(["goal the of market new"])


def test_pruning_follows_the_median_rule(place: Path) -> None:
    """Of 5 epochs the third and fourth are judged; worse than the median then is pruned then."""
    search("--trials", "20", "--epochs", "5")
    judged = []
    for trial in trials():
        before = [t for t in trials()[: trial.number] if t.state == TrialState.COMPLETE]
        for epoch, lowest in zip(range(1, 6), lowest_until(trial), strict=False):
            losses = [t.intermediate_values[epoch] for t in before]
            is_judged = len(before) >= 10 and epoch in (3, 4)
            is_worse = is_judged and lowest > statistics.median(losses)
            is_end = trial.state == TrialState.PRUNED and epoch == trial.last_step
            assert is_end == is_worse, f"trial {trial.number}, epoch {epoch}"
            judged += [is_worse] if is_judged else []
    assert set(judged) == {True, False}, "the case needs trials of both kinds"


def lowest_until(trial: FrozenTrial) -> list[float]:
    """The lowest validation loss until each epoch."""
    return list(itertools.accumulate(trial.intermediate_values.values(), min))


def test_hyperband_prunes_too_and_resumes_alike(place: Path) -> None:
    search("--trials", "4", "--pruner", "hyperband")
    search("--trials", "12", "--pruner", "hyperband")
    # the same name elsewhere: Hyperband draws a trial's bracket from the study's name
    search("--trials", "12", "--pruner", "hyperband", "--storage", "unbroken.db")
    unbroken = optuna.load_study(study_name="small", storage="sqlite:///unbroken.db").trials
    assert [facts(t) for t in trials()] == [facts(t) for t in unbroken]
    assert TrialState.PRUNED in {t.state for t in unbroken}


def test_enqueued_configurations_run_first_and_once(place: Path) -> None:
    with (place / "small.toml").open("a") as file:
        file.write("[[enqueue]]\ncell = 'rnn'\nlr = 0.05\n[[enqueue]]\ncell = 'gru'\nlr = 0.02\n")
    search("--trials", "1")
    search("--trials", "4")
    chosen = [(t.params["cell"], t.params["lr"]) for t in trials()]
    assert chosen[:2] == [("rnn", 0.05), ("gru", 0.02)]
    assert not set(chosen[:2]) & set(chosen[2:])


def test_without_a_space_only_the_enqueued_run(place: Path) -> None:
    text = (place / "small.toml").read_text()
    start, end = text.index("[space]"), text.index("[fixed]")
    rows = "[[enqueue]]\ncell = 'rnn'\n[[enqueue]]\ncell = 'gru'\nepochs = 2\n"
    (place / "small.toml").write_text(text[:start] + text[end:] + rows)
    search("--trials", "50")
    assert [(t.params["cell"], len(t.intermediate_values)) for t in trials()] == [
        ("rnn", 3),
        ("gru", 2),
    ]
    assert "nothing to do" in search("--trials", "50").output


def test_timeout_starts_no_new_trial(place: Path) -> None:
    search("--trials", "5", "--timeout", "0")
    assert trials() == []
