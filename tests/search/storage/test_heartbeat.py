"""Trials of a host that died are taken over where the database is shared, and no others."""

import signal
from dataclasses import asdict
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState, create_trial
from sqlalchemy import NullPool, create_engine, text

from search.api import search as search_here
from search.storage.owner import me
from search.trials.watcher import Silent
from tests.search.commands import ended, search, start, trials, wait_for
from tests.search.conftest import edit

pytestmark = pytest.mark.parametrize("storage", ["postgresql"], indirect=True)


def begin_elsewhere(storage: str, *, silent_for: str | None) -> int:
    """Begin a trial of another host; how long ago its last sign of life was, if it gave any."""
    study = optuna.load_study(study_name="small", storage=storage)
    done = study.get_trials()[0]
    study.add_trial(
        create_trial(
            state=TrialState.RUNNING,
            params=done.params,
            distributions=done.distributions,
            user_attrs={"owner": {**asdict(me()), "host": "elsewhere"}},
        )
    )
    number = len(study.get_trials()) - 1
    if silent_for is not None:
        execute(
            storage,
            "INSERT INTO trial_heartbeats (trial_id, heartbeat) SELECT trial_id, "
            f"now() - interval '{silent_for}' FROM trials WHERE number = {number}",
        )
    return number


def execute(storage: str, statement: str) -> list[tuple[object, ...]]:
    with create_engine(storage, poolclass=NullPool).begin() as connected:
        result = connected.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


@pytest.mark.parametrize(
    ("silent_for", "is_taken"), [("10 minutes", True), ("20 seconds", False), (None, False)]
)
def test_a_host_that_was_silent_for_long_is_dead(
    place: Path, storage: str, silent_for: str | None, is_taken: bool
) -> None:
    search("--trials", "1", "--storage", storage)
    number = begin_elsewhere(storage, silent_for=silent_for)
    output = search("--trials", "3", "--storage", storage).output
    states = [trial.state for trial in trials(storage=storage)]
    if is_taken:
        assert states == [TrialState.COMPLETE] * 3
    else:
        assert states == [TrialState.COMPLETE, TrialState.RUNNING, TrialState.COMPLETE]
        assert "belongs to elsewhere and is left alone" in output
    assert number == 1


def test_running_trials_give_signs_of_life(place: Path, storage: str) -> None:
    search("--trials", "3", "--storage", storage)
    assert len(execute(storage, "SELECT trial_id FROM trial_heartbeats")) == 3


def test_who_was_taken_for_dead_leaves_its_trial_alone(
    place: Path, storage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.storage.heartbeat.BEAT", 0.001)
    monkeypatch.setattr("search.storage.heartbeat.GRACE", -1)  # always late
    heard: list[int] = []

    class Taking(Silent):
        def epoch_ended(self, number: int, epoch: object) -> None:
            heard.append(number)
            if number == 1 and heard.count(1) == 1:
                other = optuna.load_study(study_name="small", storage=storage)
                handle = optuna.Trial(other, other.get_trials()[1]._trial_id)
                handle.set_user_attr("owner", {**asdict(me()), "host": "elsewhere"})

    search_here(Taking(), study="small.toml", storage=storage, trials=3)
    found = trials(storage=storage)
    assert found[1].state == TrialState.RUNNING, "it is the other one's now"
    assert heard.count(1) == 1
    assert [t.state for t in found if t.number != 1] == [TrialState.COMPLETE] * 2


def test_a_trial_that_another_program_ends_is_its_own(place: Path, storage: str) -> None:
    heard: list[int] = []

    class Ending(Silent):
        def epoch_ended(self, number: int, epoch: object) -> None:
            heard.append(number)
            if heard == [0, 0, 0, 1]:
                optuna.load_study(study_name="small", storage=storage).tell(1, 0.5)

    search_here(Ending(), study="small.toml", storage=storage, trials=3)
    found = trials(storage=storage)
    assert [t.state for t in found] == [TrialState.COMPLETE] * 3
    assert (found[1].value, found[1].last_step) == (0.5, 1)
    assert heard == [0] * 3 + [1] + [2] * 3


@pytest.mark.slow
def test_three_searches_of_four_workers_have_the_exact_total_though_one_is_killed(
    place: Path, storage: str
) -> None:
    edit(place / "small.toml", ("epochs = 3", "epochs = 6"))
    options = ("--trials", "14", "--jobs", "4", "--storage", storage)
    search("--trials", "1", "--storage", storage)  # the tables are there
    running = [start(*options) for _ in range(3)]
    wait_for(lambda: len(trials(storage=storage)) >= 8)
    running[0].send_signal(signal.SIGKILL)
    running[0].wait()
    assert all("14 complete" in ended(each) or each.returncode == 0 for each in running[1:])
    found = trials(storage=storage)
    assert [trial.number for trial in found] == list(range(14))
    assert all(t.state in (TrialState.COMPLETE, TrialState.PRUNED) for t in found)
