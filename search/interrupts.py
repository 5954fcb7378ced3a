"""Ctrl-C and SIGTERM: the first ends a command in order, a second one at once.

What a signal raises would come anywhere, amid a query too, which a database's driver then tries to
mend aloud. So a signal is only noted, and raised where the command looks for it
(``check_interrupt``) or where it may wait for long and asks no database (``interruptible``).
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from search.errors import INTERRUPTED

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass
class _State:
    """``noted``: the first signal has come; ``raises``: a signal raises at once."""

    noted: bool = False
    raises: bool = False


_state = _State()


@contextmanager
def interrupts() -> Iterator[None]:
    """Within it, the first of the signals is noted, and raised at the end at the latest.

    Without it, as in a notebook, signals do what they did, and what else is here does nothing.

    Raises:
        KeyboardInterrupt: a signal has come.
    """
    before = {number: signal.getsignal(number) for number in SIGNALS}
    usual = sys.unraisablehook

    def tell(lost: "sys.UnraisableHookArgs") -> None:
        # Python drops, with a traceback, what is raised while an object dies; this one is noted.
        if lost.exc_type is not KeyboardInterrupt:
            usual(lost)

    for number in before:
        signal.signal(number, _note)
    sys.unraisablehook = tell
    try:
        yield
        check_interrupt()
    except Exception as error:
        if _state.noted:  # what goes wrong after a Ctrl-C is nobody's concern any more
            raise KeyboardInterrupt from error
        raise
    finally:
        sys.unraisablehook = usual
        for number, handler in before.items():
            signal.signal(number, handler)
        _state.noted = _state.raises = False


@contextmanager
def held() -> Iterator[None]:
    """Within it, also amid ``interruptible``, a signal is only noted: for what must be whole."""
    before = _state.raises
    _state.raises = False
    try:
        yield
    finally:
        _state.raises = before


@contextmanager
def interruptible() -> Iterator[None]:
    """Within it a signal raises at once: for what takes long and touches no database.

    Raises:
        KeyboardInterrupt: a signal has come, be it before.
    """
    before = _state.raises
    _state.raises = True
    try:
        check_interrupt()
        yield
    finally:
        _state.raises = before


def check_interrupt() -> None:
    """Stop here if a signal has come.

    Raises:
        KeyboardInterrupt: it has.
    """
    if _state.noted:
        raise KeyboardInterrupt


def _note(_signal: int, _frame: FrameType | None) -> None:
    if _state.noted:
        # Not by an exception: whatever holds up the end of the search might hold that up too.
        os._exit(INTERRUPTED)
    _state.noted = True
    if _state.raises:
        raise KeyboardInterrupt
