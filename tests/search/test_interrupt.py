"""Ctrl-C, SIGTERM and SIGKILL end a search, and it goes on as if it had never been ended."""

import re
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import optuna
import pytest
import torch
from optuna.trial import TrialState

from model.epoch import Epoch
from search.console.progress import Progress
from search.storage.owner import me
from tests.search.commands import (
    DATABASE,
    ROOT,
    ended,
    facts,
    has_trials,
    python_path,
    search,
    start,
    trials,
    wait_for,
)


@pytest.fixture
def interrupted(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state of trial 2, which Ctrl-C stopped after its second epoch of three."""
    tell = Progress.epoch_ended

    def stop(self: Progress, number: int, epoch: Epoch) -> None:
        tell(self, number, epoch)
        if (number, epoch.number) == (2, 2):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "epoch_ended", stop)
        search("--trials", "4", expect=130)
    assert trials()[2].state == TrialState.RUNNING
    return place / "studies/small/running/2.pt"


def equals_unbroken(total: int) -> bool:
    search("--trials", str(total), "--name", "unbroken")
    return [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]


class Dying:
    """Sends a signal when it dies, where Python drops what the signal raises."""

    def __init__(self, number: signal.Signals) -> None:
        self.number = number

    def __del__(self) -> None:
        signal.raise_signal(self.number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_while_an_object_dies_is_not_lost(
    place: Path, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = Progress.epoch_ended

    def stop(self: Progress, trial: int, epoch: Epoch) -> None:
        tell(self, trial, epoch)
        if (trial, epoch.number) == (2, 2):
            Dying(number)

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "epoch_ended", stop)
        search("--trials", "4", expect=130)
    search("--trials", "4")
    assert equals_unbroken(4)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_leaves_a_study_that_goes_on(
    place: Path, number: signal.Signals, jobs: str
) -> None:
    running = start("--trials", "400", "--jobs", jobs)
    wait_for(lambda: has_trials(2))
    sent = time.monotonic()
    running.send_signal(number)
    output = ended(running)
    assert time.monotonic() - sent < 5
    assert running.returncode == 130, output
    assert f"python -m search.run --study small.toml --trials 400 --jobs {jobs}" in output
    assert "Traceback" not in output
    assert all(t.state != TrialState.FAIL for t in trials())
    total = len(trials()) + 2
    search("--trials", str(total))
    assert [t.number for t in trials()] == list(range(total))
    if jobs == "1":
        search("--trials", str(total), "--name", "unbroken")
        assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]


@pytest.mark.slow
def test_a_second_interrupt_ends_it_at_once(place: Path) -> None:
    """The first is held up: the end of the search waits for a lock that the test holds."""
    code = """
import os, signal, time
import search.workers.in_process
def slow(self):
    os.write(1, b"first\\n")
    time.sleep(60)
search.workers.in_process.InProcess.close = slow
from search.run import app
app(["--study", "small.toml", "--trials", "400"])
"""
    running = subprocess.Popen(
        [sys.executable, "-c", code], env=python_path(), stdout=subprocess.PIPE, text=True
    )
    wait_for(lambda: has_trials(2))
    running.send_signal(signal.SIGTERM)
    assert running.stdout is not None
    while "first" not in running.stdout.readline():
        pass
    sent = time.monotonic()
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=10) == 130
    assert time.monotonic() - sent < 2


@pytest.mark.slow
def test_random_kills_change_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks.kill", "--kills", "24", "--seed", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"24 kills; (\d+) of \1 studies as if unbroken", done.stdout), done.stdout


def test_an_interrupted_trial_goes_on_after_its_last_epoch(interrupted: Path) -> None:
    assert "trial 2 goes on after epoch 2" in search("--trials", "4").output
    assert equals_unbroken(4)
    assert not list(interrupted.parent.iterdir())


@pytest.mark.parametrize("harm", ["damaged", "of version", "of another training", "gone"])
def test_without_its_state_a_trial_starts_again(interrupted: Path, harm: str) -> None:
    stored = torch.load(interrupted, weights_only=True)
    if harm == "damaged":
        interrupted.write_bytes(interrupted.read_bytes()[:-100])
    elif harm == "gone":
        interrupted.unlink()
    else:
        key, value = ("version", [0, 0]) if harm == "of version" else ("identity", {})
        torch.save({**stored, key: value}, interrupted)
    output = search("--trials", "4").output
    assert "trial 2: its state file" in output
    assert f"{harm}" in output
    assert "it starts again from epoch 1" in output
    assert equals_unbroken(4)


def test_states_of_ended_trials_are_cleared_up(interrupted: Path) -> None:
    """A kill may come between a trial's end and the removal of its state."""
    (interrupted.parent / "0.pt").write_bytes(b"left behind")
    (interrupted.parent / "0.draft").write_bytes(b"left behind")
    search("--trials", "4")
    assert not list(interrupted.parent.iterdir())


OWNERS: dict[str, tuple[dict[str, str | int | float], bool]] = {
    "this process": ({"pid": 1, "started": 0.0}, True),
    "another boot": ({"boot": "another"}, True),
    "another host": ({"host": "elsewhere"}, False),
}


@pytest.mark.parametrize("owner", list(OWNERS))
def test_only_a_trial_whose_owner_is_gone_is_taken(place: Path, owner: str) -> None:
    search("--trials", "2")
    study = optuna.load_study(study_name="small", storage=DATABASE)
    differs, gone = OWNERS[owner]
    frozen = trials()[1]
    running = optuna.trial.create_trial(
        state=TrialState.RUNNING,
        params=frozen.params,
        distributions=frozen.distributions,
        user_attrs={"owner": {**asdict(me()), **differs}},
    )
    study.add_trial(running)
    output = search("--trials", "3").output
    assert (trials()[2].state == TrialState.RUNNING) is not gone
    if not gone:
        assert "1 running trial belongs to elsewhere and is left alone" in output
        assert len(trials()) == 3, "it counts: no other is begun"
        search("--trials", "3", "--take-over")
        assert trials()[2].state != TrialState.RUNNING
        assert trials()[2].user_attrs["owner"] == asdict(me())
