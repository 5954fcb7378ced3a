"""The place breaks: one message, exit 1, nothing lost, and the run goes on when it is mended."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.search.commands import ended, facts, has_trials, search, start, trials, wait_for

pytestmark = pytest.mark.slow
LOCKED = "sqlite:///studies/studies.db?timeout=0.5"


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no right to mount: {done.stderr}")


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    filler = (folder / "filler").open("wb")
    with pytest.raises(OSError, match="No space"), filler:
        while True:
            filler.write(b"0" * 4096)
            filler.flush()
    yield
    (folder / "filler").unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    mount("--bind", str(folder), str(folder))
    mount("-o", "remount,bind,ro", str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    other = sqlite3.connect(folder / "studies.db", timeout=60, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def no_states(folder: Path) -> Iterator[None]:
    shutil.rmtree(folder / "small")
    yield


@contextmanager
def moved(folder: Path) -> Iterator[None]:
    folder.rename(folder.with_name("away"))
    yield
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_name("away").rename(folder)


@pytest.mark.parametrize(
    ("fault", "storage", "says"),
    [
        (full_disk, "", ["No space left", "disk is full", "disk I/O error"]),
        (
            read_only,
            "",
            ["Read-only file system", "readonly database", "unable to open", "disk I/O error"],
        ),
        (locked, LOCKED, ["database is locked"]),
        (no_states, "", ["No such file"]),
        (moved, "", ["is gone", "No such file"]),
    ],
)
def test_a_fault_ends_the_run_and_mended_it_goes_on(
    place: Path,
    fault: Callable[[Path], AbstractContextManager[None]],
    storage: str,
    says: list[str],
) -> None:
    folder = place / "studies"
    folder.mkdir()
    if fault is full_disk:
        mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder))
    options = ["--storage", storage] if storage else []
    try:
        running = start("--trials", "60", *options)
        wait_for(lambda: has_trials(3))
        with fault(folder):
            output = ended(running)
            assert running.returncode == 1, output
            assert "Traceback" not in output
            (message,) = [line for line in output.splitlines() if line.startswith("error: ")]
            assert any(text in message for text in says), message
            assert "python -m search.run --study small.toml --trials 60" in output
        total = str(len(trials()) + 1)
        search("--trials", total)
        search("--trials", total, "--name", "unbroken")
        assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]
    finally:
        if fault is full_disk:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_database_that_is_locked_from_the_start(place: Path) -> None:
    search("--trials", "1")
    with locked(place / "studies"):
        result = search("--trials", "2", "--storage", LOCKED, expect=1)
    assert "database is locked" in result.output
    search("--trials", "2")
