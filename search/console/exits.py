"""What a command ends with: one message in place of a traceback, and an exit code."""

import sys
from collections.abc import Callable

from search.errors import DONE, FOR_THE_USER, INTERRUPTED, UnavailableError, exit_code
from search.interrupts import interrupts


def guarded(command: Callable[[], int | None], *, again: str = "", quiet: bool = False) -> int:
    """Run ``command`` and return what to exit with; errors meant for the user are printed.

    Args:
        command: returns an exit code; ``None`` is ``DONE``.
        again: the command line that goes on, where there is something to go on with.
        quiet: print nothing but errors.
    """
    try:
        with interrupts():
            code = command()
    except KeyboardInterrupt:
        on = f"; what is stored stays. To go on:\n  {again}" if again else ""
        if not quiet:
            print(f"interrupted{on}", file=sys.stderr)
        return INTERRUPTED
    except FOR_THE_USER as error:
        goes_on = again and isinstance(error, UnavailableError)
        way = f"\nwhat is stored stays; when that is mended, go on with:\n  {again}"
        print(f"error: {error}{way if goes_on else ''}", file=sys.stderr)
        return exit_code(error)
    return DONE if code is None else code
