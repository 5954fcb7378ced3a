"""A failed trial says why: each class of failure is produced for real."""

import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from optuna.trial import TrialState

from data.errors import several
from search.workers.events import Failure
from search.workers.processes import Processes
from search.workers.snapshots import SnapshotFolder
from search.workers.task import Task
from tests.search.commands import HANGS, facts, python_path, search, trials
from tests.search.conftest import DIVERGING, edit
from tests.search.workers.tasks import MINIMAL

HUGE = (
    ("hidden_dim = { low = 4, high = 12, step = 4 }", "hidden_dim = [8192]"),
    ("dropout = { low = 0.0, high = 0.5 }", ""),
)
# A run in a process that may use so much more memory than it needs for its imports. The baseline
# is left out: a thread of its own, whose first allocation ends the process where none is left.
LIMITED = """
import resource, psutil, torch
import search.trials.loop, search.console.searching, search.console.ended, data.preparation
import nltk.tokenize.destructive
import model.baseline, numpy
model.baseline.linear_baseline = lambda prepared: model.baseline.LinearBaseline(
    0.5, 0.5, numpy.zeros(len(prepared.validation), int)
)
from search.run import app
most = psutil.Process().memory_info().vms + {megabytes} * 2**20
resource.setrlimit(resource.RLIMIT_AS, (most, most))
app({arguments!r})
"""


def limited(megabytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = LIMITED.format(megabytes=megabytes, arguments=["--study", "small.toml", *arguments])
    return subprocess.run(
        [sys.executable, "-c", code],
        env=python_path(), capture_output=True, text=True, check=False,
    )  # fmt: skip


def failure(number: int = 0) -> dict[str, object]:
    trial = trials()[number]
    assert trial.state == TrialState.FAIL
    stored: dict[str, object] = trial.user_attrs["failure"]
    assert set(stored) == {"kind", "message", "traceback", "epoch", "device", "memory"}
    return stored


def test_a_loss_that_is_not_finite_and_three_in_a_row_stop_the_run(place: Path) -> None:
    edit(place / "small.toml", *DIVERGING)
    result = search("--trials", "5", expect=1)
    assert "3 trials in a row failed (not finite)" in result.output
    assert "to change: lower the highest lr, or set clip_norm" in result.output
    assert [t.state for t in trials()] == [TrialState.FAIL] * 3
    stored = failure()
    assert stored["kind"] == "not finite"
    assert "loss became" in str(stored["message"])
    assert stored["epoch"] == 1
    assert str(stored["device"]).startswith("CPU")
    assert isinstance(stored["memory"], int)
    assert stored["memory"] > 2**27
    assert "NotFiniteError" in str(list(stored["traceback"])[-1])  # type: ignore[call-overload]
    assert "best" not in {path.name for path in (place / "studies/small").iterdir()}


@pytest.mark.parametrize("most", ["1", "2"])
def test_max_failures_stops_the_run(place: Path, most: str) -> None:
    edit(place / "small.toml", *DIVERGING)
    result = search("--trials", "5", "--max-failures", most, expect=1)
    assert (
        f"{several(int(most), 'trial')} failed, as many as --max-failures allows" in result.output
    )
    assert len(trials()) == int(most)


@pytest.mark.slow
def test_memory_that_runs_out(place: Path) -> None:
    edit(place / "small.toml", *HUGE)
    done = limited(900, "--trials", "2", "--max-failures", "1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert failure()["kind"] == "out of memory"
    assert "to change: lower hidden_dim" in done.stderr


@pytest.mark.slow
def test_memory_for_half_a_batch_is_enough(place: Path) -> None:
    """Batches of 4,800 texts do not fit; the same texts in parts do."""
    text = (place / "news.csv").read_text().splitlines()
    (place / "news.csv").write_text("\n".join([text[0], *text[1:] * 25]) + "\n")
    edit(
        place / "small.toml",
        ('["rnn", "gru", "lstm"]', '["gru"]'),
        ("hidden_dim = { low = 4, high = 12, step = 4 }", "hidden_dim = [256]"),
        ("batch_size = 32", "batch_size = 4800"),
        ("lr = { low = 1e-3, high = 1e-1, log = true }", "lr = [0.001]"),
        ("dropout = { low = 0.0, high = 0.5 }", "dropout = [0.0]"),
    )
    done = limited(130, "--trials", "1", "--epochs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    parts = trials()[0].user_attrs["batch_parts"]
    assert parts in (2, 4, 8, 16)
    assert f"batches in {parts} parts" in done.stdout
    search("--trials", "1", "--epochs", "1", "--name", "whole")
    assert "batch_parts" not in trials("whole")[0].user_attrs
    halved, whole = (trials(name)[0].user_attrs["curve"][0] for name in ("small", "whole"))
    assert halved["train_loss"] == pytest.approx(whole["train_loss"], rel=1e-3)


def test_an_epoch_that_takes_ten_times_the_timeout(place: Path) -> None:
    result = search("--trials", "2", "--trial-timeout", "1e-6", "--max-failures", "1", expect=1)
    assert failure()["kind"] == "time"
    assert "raise --trial-timeout" in result.output


@pytest.mark.usefixtures("in_process")
def test_a_trial_timeout_ends_a_trial_with_its_best(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(0.0, 0.001)  # a millisecond between two looks, however busy the machine is
    monkeypatch.setattr("model.training.time", SimpleNamespace(perf_counter=lambda: next(clock)))
    search("--trials", "3", "--trial-timeout", "0.1", "--epochs", "400", "--pruner", "none")
    search("--trials", "3", "--epochs", "2", "--pruner", "none", "--name", "short")
    for trial, short in zip(trials(), trials("short"), strict=True):
        assert trial.state == TrialState.COMPLETE
        assert len(trial.user_attrs["curve"]) < 400
        assert trial.user_attrs["ended_by"] == "--trial-timeout 0.1"
        assert trial.value == min(trial.intermediate_values.values())
        assert trial.intermediate_values[1] == short.intermediate_values[1]


@pytest.mark.usefixtures("in_process")
def test_a_bug_keeps_its_traceback(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("model.classifier.pool", broken)
    search("--trials", "1", "--max-failures", "1", expect=1)
    stored = failure()
    assert stored["kind"] == "bug"
    assert stored["message"] == "ZeroDivisionError: a mistake of ours"
    assert any("in broken" in line for line in list(stored["traceback"]))  # type: ignore[call-overload]


@pytest.mark.slow
def test_texts_that_a_worker_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "texts.pt").write_bytes(b"PK no archive")
    snapshots = SnapshotFolder(tmp_path)
    for path in (tmp_path / "texts.pt", tmp_path / "missing.pt"):
        workers = Processes(path, ["cpu"], snapshots=snapshots)
        try:
            for number in (4, 5):  # the worker lives on
                workers.submit(replace(MINIMAL, number=number))
                ((told, event),) = workers.wait(HANGS)
                assert told == number
                assert isinstance(event, Failure)
                assert event.kind == "data"
                assert str(path) in event.message
        finally:
            workers.close()


@pytest.mark.usefixtures("in_process")
def test_after_failures_the_search_goes_on(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed trial does not count, keeps its number, and the others are what they were."""
    import search.workers.training as module

    train = module._train

    def unlucky(task: Task, *rest: object) -> object:
        if task.number in (1, 2, 4, 5):
            raise MemoryError("this once")
        return train(task, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_train", unlucky)
    search("--trials", "3", "--sampler", "random", "--pruner", "none")
    monkeypatch.undo()
    monkeypatch.chdir(place)
    good = [t.number for t in trials() if t.state == TrialState.COMPLETE]
    assert good == [0, 3, 6], "never three failures in a row"
    search("--trials", "7", "--sampler", "random", "--pruner", "none", "--name", "lucky")
    assert [facts(trials()[i]) for i in good] == [facts(trials("lucky")[i]) for i in good]


@pytest.mark.slow
def test_after_memory_ran_out_a_smaller_trial_trains(place: Path) -> None:
    """In a new process: in the old one PyTorch's kernels for the CPU fail from then on."""
    edit(
        place / "small.toml",
        ('["rnn", "gru", "lstm"]', '["lstm"]'),
        ("hidden_dim = { low = 4, high = 12, step = 4 }", "hidden_dim = [4, 8192]"),
        ("dropout = { low = 0.0, high = 0.5 }", ""),
    )
    queued = ("--enqueue", "hidden_dim=8192", "--enqueue", "hidden_dim=4")
    done = limited(900, "--trials", "1", *queued)
    assert done.returncode == 0, done.stdout + done.stderr
    assert failure()["kind"] == "out of memory"
    assert trials()[1].state == TrialState.COMPLETE
