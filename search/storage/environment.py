"""Where numbers come from: versions, the commit, the command line; stored with every trial."""

import platform
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from search.storage.urls import without_password

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ("torch", "optuna", "datasets", "nltk", "numpy")


def describe() -> dict[str, Any]:
    """Versions, git commit ("-dirty" with uncommitted changes), command line, host."""
    return {
        "versions": {"python": platform.python_version()} | {n: version(n) for n in RECORDED},
        "git": _commit(),
        "command": command_line(),
        "host": platform.node(),
    }


def command_line() -> str:
    """The command that runs, as one would type it again, but for passwords."""
    name = sys.modules["__main__"].__spec__
    program = f"python -m {name.name}" if name else sys.argv[0]
    # A tab is written as --separator takes it too: terminals and their clipboards make it spaces.
    tab = {"\t": r"\t", "--separator=\t": r"--separator=\t"}
    typed = [*program.split(), *(tab.get(each, each) for each in sys.argv[1:])]
    return shlex.join(map(without_password, typed))


def _commit() -> str | None:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):  # no git, or an installed copy
        return None
    return done.stdout.strip()
