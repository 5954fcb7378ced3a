"""File systems, names and folders as people have them."""

import errno
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

from search.storage.environment import command_line
from tests.search.commands import ROOT, python_path, search, status, trials


@pytest.mark.parametrize("name", ["we[i]rd [bold].csv", "50% off.csv", "is it.csv", "a'b.csv"])
def test_a_file_may_be_called_anything(place: Path, name: str) -> None:
    (place / "news.csv").rename(place / name)
    search("--trials", "1", "--dataset", name)
    gone = search("--trials", "1", "--dataset", f"no {name}", "--name", "x", expect=2)
    assert f"no {name}" in gone.output, "printed as it was given"


@pytest.mark.parametrize("name", ["we[i]rd.db", "50% off.db", "is it.db", "a'b.db"])
def test_a_database_may_be_called_anything(place: Path, name: str) -> None:
    output = search("--trials", "1", "--storage", name).output
    assert f"its classifier: {name}.studies/small/best" in output
    assert [path.name for path in place.glob("*.db")] == [name]
    assert "1 complete" in status("--study", "small", "--storage", name)


def test_what_a_url_cannot_say_is_said(place: Path) -> None:
    output = search("--trials", "1", "--storage", "what?.db", expect=2).output
    assert "--storage what?.db: a database's name cannot hold '?'" in output
    assert not list(place.glob("what*"))


@pytest.mark.slow
def test_a_long_folder_for_temporary_files_does_no_harm(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place / ("long" * 30)
    folder.mkdir()
    command = ["--study", "small.toml", "--trials", "2", "--jobs", "2", "--epochs", "1"]
    subprocess.run(
        [sys.executable, "-m", "search.run", *command],
        env={**python_path(), "TMPDIR": str(folder)},
        check=True,
    )
    assert len(trials()) == 2


def test_a_lock_that_another_program_holds_is_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search("--trials", "1")
    monkeypatch.setattr("search.storage.lock.PATIENCE", 0.2)
    with filelock.FileLock("studies/studies.db.small.lock"):
        output = search("--trials", "2", expect=1).output
    lock = place / "studies/studies.db.small.lock"
    assert f"error: {lock}: another program has held this lock for 0.2 s" in output


def test_a_disk_without_locks_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", no_locks)
    output = search("--trials", "1", expect=1).output
    assert ".lock: No locks available; name a --storage on a disk with locks" in output
    assert "Traceback" not in output


def test_a_disk_without_symbolic_links_will_do(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("os.symlink", no_links)
    search("--trials", "2")
    assert (place / "studies/small/best/weights.pt").is_file()


@pytest.mark.parametrize(
    "theirs", [("model.py", "data/rows.csv"), ("data.py", "model/__init__.py")], ids=str
)
def test_an_installed_package_runs_beside_the_users_own_files(
    tmp_path: Path, theirs: tuple[str, str]
) -> None:
    installed, here = tmp_path / "site", tmp_path / "here"
    for package in ("data", "model", "search", "studies"):
        ignored = shutil.ignore_patterns("*.db*", "__pycache__")
        shutil.copytree(ROOT / package, installed / package, ignore=ignored)
    for name in theirs:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("text,label\n" if name.endswith("csv") else "mine = True\n")
    for command, code, says in (
        ("search.run --study demo --plan --examples 100", 0, "study demo: 100 training"),
        ("search run --dataset none.csv", 2, "none.csv"),  # before it imports torch
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command.split()],
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert says in done.stdout + done.stderr


def test_the_commands_are_one_command_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "search", "--help"],
        env=python_path(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert all(command in done.stdout for command in ("run", "status", "report"))


@pytest.mark.parametrize("given", [["--separator", "\t"], ["--separator=\t"]])
def test_a_tab_stays_one_where_the_command_is_copied(
    monkeypatch: pytest.MonkeyPatch, given: list[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["run.py", *given, "--dataset", "a\tb.csv"])
    again = shlex.split(command_line())
    assert r"\t" in " ".join(again[:-2])
    assert again[-1] == "a\tb.csv"
