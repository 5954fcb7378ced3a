"""What a command ends with: one message in place of a traceback, and an exit code."""

import sys
from collections.abc import Callable

from search.errors import DONE, FOR_THE_USER, UnavailableError, exit_code


def guarded(command: Callable[[], int | None], *, again: str = "") -> int:
    """Run ``command`` and return what to exit with; errors meant for the user are printed.

    Args:
        command: returns an exit code; ``None`` is ``DONE``.
        again: the command line that goes on, where there is something to go on with.
    """
    try:
        code = command()
    except FOR_THE_USER as error:
        goes_on = again and isinstance(error, UnavailableError)
        way = f"\nwhat is stored stays; when that is mended, go on with:\n  {again}"
        print(f"error: {error}{way if goes_on else ''}", file=sys.stderr)
        return exit_code(error)
    return DONE if code is None else code
