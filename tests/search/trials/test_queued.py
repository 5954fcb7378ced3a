"""What other programs put into a study: queued trials run once; running ones are left alone."""

from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState, create_trial

from model.checkpoint import load
from search.storage.record import StudyRecord
from tests.search.commands import DATABASE, facts, search, status, trials


def study() -> optuna.Study:
    return optuna.load_study(study_name="small", storage=DATABASE)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_queued_trial_runs_once_and_all_others_are_sampled(place: Path, jobs: str) -> None:
    search("--trials", "2")
    study().enqueue_trial({"cell": "gru", "hidden_dim": 4, "lr": 0.05})
    search("--trials", "6", "--jobs", jobs)
    done = trials()
    assert [t.number for t in done] == list(range(6))
    assert all(t.state.is_finished() for t in done)
    assert {k: v for k, v in done[2].params.items() if k != "dropout"} == {
        "cell": "gru", "hidden_dim": 4, "lr": 0.05,
    }  # fmt: skip
    assert 0 <= done[2].params["dropout"] <= 0.5, "what was not queued is sampled"
    assert len({t.params["lr"] for t in done}) == 6
    assert done[2].user_attrs["queued"]
    assert not any("queued" in t.user_attrs for t in done if t.number != 2)


def test_the_studys_own_list_is_not_shifted_by_a_queued_trial(place: Path) -> None:
    with (place / "small.toml").open("a") as file:
        file.write("[[enqueue]]\nlr = 0.011\n[[enqueue]]\nlr = 0.012\n")
    search("--trials", "1")
    study().enqueue_trial({"lr": 0.05})
    search("--trials", "4")
    assert [t.params["lr"] for t in trials()][:3] == [0.011, 0.05, 0.012]


def test_a_queued_trial_that_was_killed_in_goes_on_alike(place: Path) -> None:
    """What it is given is stored while it waits: whoever comes next stores the same."""
    search("--trials", "2")
    half = study()
    half.enqueue_trial({"lr": 0.05})
    waiting, kind = half.trials[2], half.trials[0].distributions["lr"]
    half._storage.set_trial_param(waiting._trial_id, "lr", 0.05, kind)
    search("--trials", "4")
    search("--trials", "2", "--name", "whole")
    optuna.load_study(study_name="whole", storage=DATABASE).enqueue_trial({"lr": 0.05})
    search("--trials", "4", "--name", "whole")
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("whole")]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"lr": 0.5}, "its parameters: lr = 0.5 is not between 0.001 and 0.1"),
        ({"cell": "mlp"}, "its parameters: cell = 'mlp': should be"),
        ({"layers": 2}, "its parameters: layers is not in [space]"),
    ],
)
def test_what_the_space_does_not_have_fails_alone(
    place: Path, params: dict[str, object], says: str
) -> None:
    search("--trials", "1")
    study().enqueue_trial(params)
    output = search("--trials", "3").output
    assert says in output
    assert [t.state == TrialState.FAIL for t in trials()] == [False, True, False, False]
    assert says in status("--study", "small", "--why", "1")


def test_a_running_trial_of_another_program_is_left_alone_and_named(place: Path) -> None:
    search("--trials", "2")
    done = trials()[0]
    study().add_trial(
        create_trial(
            state=TrialState.RUNNING, params=done.params, distributions=done.distributions
        )
    )
    output = search("--trials", "4").output
    assert "trial 2 was put in by another program: it is left alone, and not counted" in output
    assert [t.state == TrialState.RUNNING for t in trials()] == [False, False, True, False, False]
    assert "run by another program" in status("--study", "small")
    assert len(StudyRecord.of(study()).of_others) == 1


def test_enqueue_tries_a_configuration_next_and_once(place: Path) -> None:
    options = ("--enqueue", "cell=gru hidden_dim=8 lr=0.02", "--enqueue", "cell=rnn")
    search("--trials", "1")
    search("--trials", "4", *options)
    search("--trials", "5", *options)
    chosen = [(t.params["cell"], t.params["lr"]) for t in trials()]
    assert chosen[1] == ("gru", 0.02)
    assert chosen[2][0] == "rnn"
    assert [bool(t.user_attrs.get("queued")) for t in trials()] == [
        False,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cell=mlp", "--enqueue cell = 'mlp': should be 'rnn', 'gru' or 'lstm'"),
        ("hidden_dim=7.5", "--enqueue hidden_dim = 7.5: should be a valid integer"),
        ("hidden_dim=400", "--enqueue hidden_dim = 400 is not between 4 and 12"),
        ("hiden_dim=8", "did you mean hidden_dim?"),
        ("layers=2", "--enqueue layers is not in [space]"),
        ("cell", "want NAME=VALUE, each name once, not 'cell'"),
        ("cell=gru cell=rnn", "each name once, not 'cell=rnn'"),
        ("", "want NAME=VALUE, as in"),
    ],
)
def test_enqueue_is_checked_against_the_space(place: Path, text: str, says: str) -> None:
    assert says in search("--trials", "1", "--enqueue", text, expect=2).output
    assert not (place / "studies/studies.db").exists()


def test_a_finished_trial_of_another_program_is_named_and_never_the_best(place: Path) -> None:
    search("--trials", "2")
    cells = optuna.distributions.CategoricalDistribution(("rnn", "gru", "lstm"))
    study().add_trial(
        create_trial(value=1e-6, params={"cell": "gru"}, distributions={"cell": cells})
    )
    output = search("--trials", "4").output
    assert "trial 2 was put in by another program: it is left alone, and not counted" in output
    done = trials()
    assert [t.number for t in done] == list(range(5))
    own = [t for t in done if t.number != 2]
    best = min((t for t in own if t.state == TrialState.COMPLETE), key=lambda t: t.value or 9)
    assert f"best trial {best.number}: validation loss {best.value:.4f}" in output
    assert load("studies/small/best").about["trial"] == best.number
    shown = status("--study", "small")
    assert f"best trial {best.number}" in shown
    assert "trial 2 complete" in shown, "it is shown all the same"
