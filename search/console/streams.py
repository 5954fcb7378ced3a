"""Standard output for data alone, and standard error for all that is said beside it."""

import io
import os
import sys
from typing import TextIO

from search.errors import UnavailableError


def standard_output(way: str = "") -> TextIO:
    """Standard output for data: UTF-8, in which half characters are escaped as in JSON.

    Args:
        way: what to do where there is none.

    Raises:
        UnavailableError: it is closed.
    """
    if sys.stdout is None:
        raise UnavailableError(f"standard output is closed{way}")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    return sys.stdout


def nobody_reads() -> None:
    """The reader, such as head, has had enough: Python must not complain of it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(line: str) -> None:
    """Print to standard error, if there is one: print() would take standard output for it."""
    if sys.stderr is not None:
        print(line, file=sys.stderr, flush=True)
