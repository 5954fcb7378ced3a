"""Imported first by every command: a ``model.py`` of the user's own must not take ours' place.

``python -m`` puts the working directory before everything else, and our packages have names that
a working directory may well hold. What is installed goes first then.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


def look_here_first() -> None:
    """Let ``data`` and ``model`` be those that lie beside ``search``."""
    for name in ("data", "model"):
        found = find_spec(name)
        if found is None or found.origin is None or HERE not in Path(found.origin).parents:
            sys.path.insert(0, str(HERE))
            return


look_here_first()
