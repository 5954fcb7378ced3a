"""Several workers, one writer: totals are exact, nothing runs twice, and a death costs little."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from optuna.trial import TrialState

from search.interrupts import check_interrupt, interruptible, interrupts
from search.workers.places import place as place_trials
from search.workers.processes import Processes
from search.workers.server import process_context
from search.workers.serving import serve
from search.workers.snapshots import SnapshotFolder
from tests.search.commands import (
    HANGS,
    ended,
    facts,
    has_trials,
    python_path,
    search,
    start,
    trials,
    wait_for,
)
from tests.search.workers.tasks import ENQUEUED, MINIMAL


def workers_of(running: subprocess.Popen[str]) -> list[psutil.Process]:
    """Processes that train, which the fork server started."""
    found = psutil.Process(running.pid).children(recursive=True)
    return [p for p in found if p.ppid() != running.pid]


@pytest.mark.slow
def test_totals_are_exact_and_each_enqueued_configuration_runs_once(
    place: Path, storage: str
) -> None:
    with (place / "small.toml").open("a") as file:
        file.write(ENQUEUED)
    options = ("--trials", "9", "--jobs", "4", "--storage", storage)
    search(*options)
    done = trials(storage=storage)
    assert [t.number for t in done] == list(range(9))
    assert all(t.state.is_finished() for t in done)
    rates = [t.params["lr"] for t in done]
    assert rates[:3] == [0.011, 0.012, 0.013]
    assert len(set(rates)) == 9
    assert "nothing to do" in search(*options).output


@pytest.mark.slow
def test_a_worker_trains_as_this_process_would(place: Path) -> None:
    """Random search: proposals do not depend on which trial ends first."""
    options = ("--trials", "5", "--sampler", "random", "--pruner", "none")
    search(*options, "--jobs", "2")
    search(*options, "--name", "alone")
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("alone")]


def test_ctrl_c_amid_the_start_of_a_worker_waits_until_it_has_started(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a start left the server with half a message, and its traceback on the terminal."""
    whole = []

    class Process:
        def __init__(self, **_: object) -> None:
            pass

        def start(self) -> None:
            signal.raise_signal(signal.SIGINT)
            whole.append("started")

    monkeypatch.setattr(process_context(), "Process", Process)
    devices = place_trials((), jobs=2).devices
    workers = Processes(place, devices, snapshots=SnapshotFolder(place / "running"))
    with pytest.raises(KeyboardInterrupt), interrupts():
        with interruptible():
            workers.submit(MINIMAL)
        whole.append("noted")
        check_interrupt()
    assert whole == ["started", "noted"]


@pytest.mark.slow
def test_a_killed_worker_costs_a_retry_from_the_last_epoch(place: Path) -> None:
    # Many epochs: both trials must be under way still when the worker is killed.
    options = ("--trials", "2", "--epochs", "200", "--pruner", "none", "--sampler", "random")
    running = start(*options, "--jobs", "2")
    wait_for(lambda: has_trials(2) and all(len(t.intermediate_values) > 5 for t in trials()[:2]))
    before = [t.user_attrs["curve"][:5] for t in trials()[:2]]
    os.kill(workers_of(running)[0].pid, signal.SIGKILL)
    output = ended(running)
    assert running.returncode == 0, output
    assert "goes on after epoch" in output
    assert [t.state for t in trials()] == [TrialState.COMPLETE] * 2
    for trial, old in zip(trials(), before, strict=True):
        assert trial.user_attrs["curve"][:5] == old, "the same epochs, seconds included"
        assert list(trial.intermediate_values) == list(range(1, 201))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_twice_in_an_epoch_fails_its_trial_alone(
    place: Path, number: signal.Signals
) -> None:
    with (place / "small.toml").open("a") as file:
        file.write("[[enqueue]]\nhidden_dim = 4\nlr = 0.05\n")
    (place / "sitecustomize.py").write_text(f"""
import os, sys
sys.path.insert(0, {str(Path.cwd())!r})
import search.workers.training as module
train = module._train
def deadly(task, *rest):
    for event in train(task, *rest):
        if task.number == 0 and getattr(event, "number", 0) == 2:
            os.kill(os.getpid(), {int(number)})
        yield event
module._train = deadly
""")
    environment = {**python_path(), "PYTHONPATH": f"{place}:{python_path()['PYTHONPATH']}"}
    command = ["--trials", "3", "--jobs", "2", "--study", "small.toml"]
    done = subprocess.run(
        [sys.executable, "-m", "search.run", *command],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    failed = [t for t in trials() if t.state == TrialState.FAIL]
    assert [t.number for t in failed] == [0]
    failure = failed[0].user_attrs["failure"]
    assert failure["kind"] == "worker died"
    assert number.name in failure["message"]
    assert len([t for t in trials() if t.state != TrialState.FAIL]) == 3


@pytest.mark.slow
def test_workers_do_not_hear_ctrl_c_and_die_with_the_run(place: Path) -> None:
    """A terminal sends Ctrl-C to all processes, also while they are starting."""
    running = start("--trials", "400", "--jobs", "2")

    def interrupted_and_going_on() -> bool:
        for process in psutil.Process(running.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGINT)
        return has_trials(3)

    wait_for(interrupted_and_going_on)
    family = psutil.Process(running.pid).children(recursive=True)
    assert len(workers_of(running)) == 2
    running.kill()
    assert "Traceback" not in running.communicate()[0]
    _, alive = psutil.wait_procs(family, timeout=HANGS)
    assert not alive


@pytest.mark.slow
@pytest.mark.parametrize("leaving_unread", [True, False])
def test_a_worker_ends_quietly_with_its_pipe(tmp_path: Path, leaving_unread: bool) -> None:
    """A run killed outright may leave an event unread, and a write or a wait is then a reset."""
    context = process_context()
    ours, theirs = context.Pipe()
    given = (theirs, tmp_path / "missing.pt", "cpu", 1, SnapshotFolder(tmp_path))
    worker = context.Process(target=serve, args=given, daemon=True)
    worker.start()
    theirs.close()
    ours.send(MINIMAL)
    assert ours.poll(HANGS), "the event that says that the texts are missing"
    if not leaving_unread:
        ours.recv()
    ours.close()
    worker.join(HANGS)
    assert worker.exitcode == 0


TWICE = """
import sys
from search.run import app
for i in range({repetitions}):
    arguments = ["--study", "small.toml", "--name", f"both-{{i}}", "--trials", "10",
                 "--jobs", "4", "--epochs", "2", "--storage", {storage!r}]
    try:
        app(arguments, standalone_mode=True)
    except SystemExit as end:
        assert end.code == 0, end.code
"""


def two_runs(storage: str, repetitions: int) -> None:
    code = TWICE.format(storage=storage, repetitions=repetitions)
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env=python_path(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    outputs = [ended(run) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], "\n".join(outputs)
    shared = 0
    for i in range(repetitions):
        done = trials(f"both-{i}", storage)
        assert [t.number for t in done] == list(range(10)), i
        assert all(t.state in (TrialState.COMPLETE, TrialState.PRUNED) for t in done)
        assert all(sorted(t.intermediate_values) == [1, 2][: len(t.intermediate_values)]
                   for t in done)  # fmt: skip
        assert [t.params["lr"] for t in done[:3]] == [0.011, 0.012, 0.013]
        shared += len({t.user_attrs["owner"]["pid"] for t in done}) == 2
        for number in range(10):
            lines = [o.count(f"trial {number:>3} ") for o in outputs]
            assert sum(lines) == repetitions, f"trial {number}: {lines}"
    assert shared, "both runs had a part in at least one study"


@pytest.mark.slow
def test_two_runs_of_four_workers_share_a_study(place: Path, storage: str) -> None:
    with (place / "small.toml").open("a") as file:
        file.write(ENQUEUED)
    two_runs(storage, repetitions=5)
