"""Ctrl-C, SIGTERM and SIGKILL end a search, and it goes on as if it had never been ended."""

import re
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from optuna.trial import TrialState

from model.epoch import Epoch
from search.console.progress import Progress
from search.storage.owner import me
from tests.search.commands import (
    ROOT,
    add_running,
    ended,
    equals_unbroken,
    has_trials,
    python_path,
    search,
    start,
    trials,
    wait_for,
)


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
    running.send_signal(number)
    output = ended(running)
    assert running.returncode == 130, output
    assert len(trials()) < 400, "it ended before all trials were there"
    assert sum(t.state == TrialState.RUNNING for t in trials()) <= int(jobs)
    # Last, whatever a library may have logged of the query that the signal came amid.
    said = output[output.index("interrupted; what is stored stays") :]
    assert f"python -m search.run --study small.toml --trials 400 --jobs {jobs}" in said
    assert "Traceback" not in said
    assert all(t.state != TrialState.FAIL for t in trials())
    total = len(trials()) + 2
    search("--trials", str(total))
    assert [t.number for t in trials()] == list(range(total))
    if jobs == "1":
        assert equals_unbroken(total)


@pytest.mark.slow
def test_a_second_interrupt_ends_it_at_once(place: Path) -> None:
    """The first is held up for ever: the search waits for workers that never close."""
    code = """
import os, time
import search.workers.in_process
def never(self):
    os.write(1, b"first\\n")
    while True:
        time.sleep(1)
search.workers.in_process.InProcess.close = never
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
    running.send_signal(signal.SIGTERM)
    ended(running)
    assert running.returncode == 130


@pytest.mark.slow
def test_random_kills_change_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks.kill", "--kills", "24", "--seed", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"24 kills; (\d+) of \1 studies as if unbroken", done.stdout), done.stdout


def test_a_trial_of_another_host_is_left_alone_until_it_is_taken_over(place: Path) -> None:
    search("--trials", "2")
    add_running(host="elsewhere")
    output = search("--trials", "3").output
    assert "1 running trial belongs to elsewhere and is left alone" in output
    assert [t.state for t in trials()][2:] == [TrialState.RUNNING], "it counts: no other is begun"
    search("--trials", "3", "--take-over")
    assert trials()[2].state != TrialState.RUNNING
    assert trials()[2].user_attrs["owner"] == asdict(me())
