"""The commands as the tests call them, and what they left in the database."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import optuna
import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial
from typer.testing import CliRunner, Result

from search.run import app
from search.status import app as status_app
from search.storage.owner import me

ROOT = Path(__file__).parents[2]
SMALL = ("--study", "small.toml")
DATABASE = "sqlite:///studies/studies.db"
PAUSE = 0.02  # seconds between two looks at what a search does
HANGS = 600  # seconds after which what is waited for never comes, however busy the machine is


def search(*arguments: str, expect: int = 0) -> Result:
    result = CliRunner().invoke(app, [*SMALL, *arguments])
    assert result.exit_code == expect, result.output
    return result


def status(*arguments: str, expect: int = 0) -> str:
    """What it printed, whatever the lines were broken at."""
    result = CliRunner().invoke(status_app, arguments, env={"COLUMNS": "150"})
    assert result.exit_code == expect, result.output
    return " ".join(result.output.split())


def start(*arguments: str) -> subprocess.Popen[str]:
    """The search in a process of its own, which hears Ctrl-C."""
    return start_module("search.run", *SMALL, *arguments)


def start_module(*command: str) -> subprocess.Popen[str]:
    """A command in a process of its own, which hears Ctrl-C."""
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        env=python_path(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_hear_interrupts,  # noqa: PLW1509 - sets one signal's handler, no more
    )


def ended(running: subprocess.Popen[str]) -> str:
    """What the search printed, once it has ended by itself."""
    try:
        return running.communicate(timeout=HANGS)[0]
    finally:
        running.kill()


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(int(HANGS / PAUSE)):
        if condition():
            return
        time.sleep(PAUSE)
    pytest.fail("waited in vain")


def trials(name: str = "small", storage: str = DATABASE) -> list[FrozenTrial]:
    return optuna.load_study(study_name=name, storage=storage).get_trials()


def has_trials(count: int) -> bool:
    """Looked up without Optuna, which would make the tables where the search is making them."""
    database = Path(DATABASE.removeprefix("sqlite:///"))
    query = "SELECT count(*) FROM trials JOIN studies USING (study_id) WHERE study_name = 'small'"
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
            return bool(opened.execute(query).fetchone()[0] >= count)
    except sqlite3.OperationalError:  # the database is not there yet
        return False


def kill_after(study: str, complete: int, *command: str) -> None:
    """Run ``command``; kill all its processes once ``study`` has so many complete trials."""
    running = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=python_path(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(lambda: _complete(study) >= complete)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _complete(study: str) -> int:
    try:
        return sum(trial.state == TrialState.COMPLETE for trial in trials(study))
    except KeyError:  # not begun yet
        return 0


def facts(trial: FrozenTrial) -> tuple[object, ...]:
    """What must not depend on when or how often the search was interrupted."""
    curve = [{k: v for k, v in row.items() if k != "seconds"} for row in trial.user_attrs["curve"]]
    return trial.number, trial.state, trial.params, trial.value, trial.intermediate_values, curve


def add_running(**owner: object) -> None:
    """Begin a trial that does nothing, owned by this process but for what ``owner`` says."""
    done = trials()[0]
    optuna.load_study(study_name="small", storage=DATABASE).add_trial(
        create_trial(
            state=TrialState.RUNNING,
            params=done.params,
            distributions=done.distributions,
            user_attrs={"owner": {**asdict(me()), **owner}},
        )
    )


def equals_unbroken(total: int) -> bool:
    """Whether the trials are those of a search that ran without a break."""
    search("--trials", str(total), "--name", "unbroken")
    return [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]


def python_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _hear_interrupts() -> None:
    """A shell's background job is born deaf to Ctrl-C, and so are its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
