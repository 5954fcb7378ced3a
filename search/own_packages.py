"""Imported first by every command: what must hold before the others are imported.

A ``model.py`` of the user's own must not take ours' place, and Ctrl-C has no traceback even then.

``python -m`` puts the working directory before everything else, and our packages have names that
a working directory may well hold. What is installed goes first then.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).resolve().parents[1]


def look_here_first() -> None:
    """Let ``data`` and ``model`` be those that lie beside ``search``."""
    for name in ("data", "model"):
        found = find_spec(name)
        if found is None or found.origin is None or HERE not in Path(found.origin).parents:
            sys.path.insert(0, str(HERE))
            return


def say_interrupted(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """One word for Ctrl-C while a command is still being imported, and as ever for all else."""
    if issubclass(kind, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


look_here_first()
sys.excepthook = say_interrupted
