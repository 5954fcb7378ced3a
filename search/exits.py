"""What a command ends with: one message in place of a traceback, and its exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


@contextmanager
def exits() -> Iterator[None]:
    """Inside, an error meant for the user is printed and ends the command."""
    from search.definition import PlaceError, StudyError

    try:
        yield
    except (PlaceError, StudyError) as error:
        print(f"error: {error}", file=sys.stderr)
        code = WRONG_USE if isinstance(error, StudyError) else FAILED
        raise typer.Exit(code) from None
