"""Imported first by every command: what must hold before anything else is imported.

A ``model.py`` of the user's own must not take ours' place: ``python -m`` puts the working
directory before everything else, and our packages have names that a working directory may well
hold. What is installed goes first then. Ctrl-C amid the imports ends in a line, as later. And a
command's start makes hundreds of thousands of objects that stay, which the collector of cycles
would look through again and again: a fifth of the time until the first batch.
"""

import gc
import sys
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).resolve().parents[1]
MADE_BEFORE_COLLECTION = 200_000  # objects; Python's own 700 is for programs that live on few


def look_here_first() -> None:
    """Let ``data`` and ``model`` be those that lie beside ``search``."""
    for name in ("data", "model"):
        found = find_spec(name)
        if found is None or found.origin is None or HERE not in Path(found.origin).parents:
            sys.path.insert(0, str(HERE))
            return


def end_in_a_line() -> None:
    """Let a Ctrl-C that nobody catches show no traceback."""
    usual = sys.excepthook

    def tell(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            usual(kind, error, at)
            return
        print("interrupted", file=sys.stderr)
        sys.exit(130)  # ``search.errors.INTERRUPTED``, which cannot be imported before all others

    sys.excepthook = tell


look_here_first()
end_in_a_line()
gc.set_threshold(MADE_BEFORE_COLLECTION)
