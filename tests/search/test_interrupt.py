"""Ctrl-C and SIGTERM end a search cleanly, and it goes on as if it had never been ended."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from optuna.trial import TrialState

from tests.search.commands import SMALL, facts, python_path, search, trials


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_a_study_that_goes_on(place: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "search.run", *SMALL, "--trials", "40"]
    running = subprocess.Popen(
        command,
        env=python_path(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_hear_interrupts,  # noqa: PLW1509 - sets one signal's handler, no more
    )
    deadline = time.monotonic() + 60
    while not _has_trials(2) and time.monotonic() < deadline:
        time.sleep(0.05)
    sent = time.monotonic()
    running.send_signal(number)
    output, _ = running.communicate(timeout=20)
    assert time.monotonic() - sent < 5
    assert running.returncode == 130, output
    assert "python -m search.run --study small.toml --trials 40" in output
    assert "Traceback" not in output
    assert all(t.state != TrialState.FAIL for t in trials())
    total = len(trials()) + 2
    search("--trials", str(total))
    search("--trials", str(total), "--name", "unbroken")
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]


def _hear_interrupts() -> None:
    """A shell's background job is born deaf to Ctrl-C, and so are its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _has_trials(count: int) -> bool:
    try:
        return len(trials()) >= count
    except Exception:  # the database is not there yet
        return False
