"""Ctrl-C and SIGTERM: the first ends a search in order, a second one at once."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from search.errors import INTERRUPTED

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interrupts() -> Iterator[None]:
    """Within it, the first of the signals raises KeyboardInterrupt."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    usual = sys.unraisablehook

    def tell(lost: "sys.UnraisableHookArgs") -> None:
        if lost.exc_type is not KeyboardInterrupt:  # of that one ``check_interrupt`` knows
            usual(lost)

    for number in before:
        signal.signal(number, _interrupt)
    sys.unraisablehook = tell
    try:
        yield
    finally:
        sys.unraisablehook = usual
        for number, handler in before.items():
            signal.signal(number, handler)


def check_interrupt() -> None:
    """Raise what a signal raised once more, in case that it was lost.

    Python drops what is raised while an object dies, and SQLAlchemy has code of its own that runs
    then for every row: a Ctrl-C at such a moment would be heard by nobody.

    Raises:
        KeyboardInterrupt: the first signal has come.
    """
    if signal.getsignal(signal.SIGINT) is _end_at_once:
        raise KeyboardInterrupt


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # Set before raising: a second signal may come while the first is still on its way up.
    for number in SIGNALS:
        signal.signal(number, _end_at_once)
    raise KeyboardInterrupt


def _end_at_once(_signal: int, _frame: FrameType | None) -> None:
    # Not by an exception: whatever holds up the end of the search might hold that up too.
    os._exit(INTERRUPTED)
