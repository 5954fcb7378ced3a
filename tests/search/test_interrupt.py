"""Ctrl-C, SIGTERM and SIGKILL end a search, and it goes on as if it had never been ended."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import count
from pathlib import Path

import pytest
import typer
from optuna.trial import TrialState
from sqlalchemy import Engine, event
from typer.testing import CliRunner

from model.training import Trainer
from search.console.progress import Progress
from search.errors import UnavailableError
from search.report import app as report_app
from search.status import app as status_app
from search.storage.lock import study_lock
from search.storage.owner import me
from tests.search.commands import (
    HANGS,
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


@pytest.mark.parametrize(
    ("number", "owner", "name"),
    [(signal.SIGINT, Progress, "epoch_ended"), (signal.SIGTERM, Trainer, "run_epoch")],
)
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("in_process")
def test_an_interrupt_while_an_object_dies_is_not_lost(
    place: Path, number: signal.Signals, owner: type, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, whole = count(1), getattr(owner, name)

    def stop(*arguments: object) -> object:
        result = whole(*arguments)
        if next(calls) == 8:  # after the second epoch of the third trial
            Dying(number)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stop)
        search("--trials", "4", expect=130)
    assert len(trials()) == 3
    search("--trials", "4")
    assert equals_unbroken(4)


@contextmanager
def interrupted_in(query: int) -> Iterator[list[str]]:
    """Ctrl-C amid the database's query of that number; those that it did not end."""
    queries: list[str] = []

    def run(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if len(queries) + 1 == query:
            signal.raise_signal(signal.SIGINT)
        queries.append(statement)

    event.listen(Engine, "before_cursor_execute", run)
    try:
        yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", run)


@pytest.mark.parametrize("query", [1, 106, 150])  # at once, and in each of the trials
def test_an_interrupt_amid_a_query_lets_it_end(place: Path, query: int) -> None:
    with interrupted_in(query) as queries:
        output = search("--trials", "2", expect=130).output
    assert len(queries) >= query, "the one of the interrupt was not the last"
    assert "interrupted; what is stored stays" in output
    assert all(t.state != TrialState.FAIL for t in trials())
    search("--trials", "2")
    assert equals_unbroken(2)


def test_an_interrupt_is_heard_while_another_holds_the_lock(
    storage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    search("--trials", "1", "--storage", storage)
    given_up: list[str] = []
    sleep = time.sleep

    def give_up(message: str) -> UnavailableError:
        given_up.append(message)
        return UnavailableError(message)

    def interrupted_sleep(seconds: float) -> None:
        asker = str(sys._getframe(1).f_globals["__name__"])
        if asker.startswith(("filelock", "search.storage.lock")):  # it was tried, and held
            waits.append(asker)
            signal.raise_signal(signal.SIGINT)
        sleep(seconds)

    waits: list[str] = []
    monkeypatch.setattr("search.storage.lock.UnavailableError", give_up)
    with study_lock(storage, "small"):
        monkeypatch.setattr(time, "sleep", interrupted_sleep)
        search("--trials", "2", "--storage", storage, expect=130)
    assert len(waits) == 1, "the first wait was the last"
    assert not given_up


@pytest.mark.parametrize("app", [report_app, status_app])
def test_an_interrupt_of_what_only_shows_is_a_line(place: Path, app: typer.Typer) -> None:
    search("--trials", "1")
    with interrupted_in(query=2):
        done = CliRunner().invoke(app, ["--study", "small"])
    assert done.exit_code == 130
    assert done.stderr == "interrupted\n"
    assert not Path("studies/small/report.html").exists()


@pytest.mark.parametrize(
    "module", ["search", "search.run", "search.report", "search.status", "search.predict"]
)
def test_an_interrupt_amid_the_imports_is_a_line(tmp_path: Path, module: str) -> None:
    sham = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
signal.raise_signal(signal.SIGINT)
"""
    (tmp_path / "typer.py").write_text(sham)
    path = f"{tmp_path}:{ROOT}"
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGS,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "jobs"), [(signal.SIGTERM, "1"), (signal.SIGINT, "2")])
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
    assert "interrupted; what is stored stays" in output
    assert f"python -m search.run --study small.toml --trials 400 --jobs {jobs}" in output
    assert "Traceback" not in output
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
import search.workers.processes
def never(self):
    os.write(1, b"first\\n")
    while True:
        time.sleep(1)
search.workers.processes.Processes.close = never
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
def test_random_kills_change_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.kill", "--kills", "24", "--seed", "1"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
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
