"""What a data set that cannot be used is called, and how messages show what they name."""

from collections.abc import Sequence

LISTED = 20  # names that a message lists at most
SHOWN = 60  # characters of a cell that a message holds at most
NAMED = 3  # faults of one kind that a message names; it counts all


class DataError(ValueError):
    """A data set that cannot be used; the message is for the user."""


def listed(names: Sequence[str]) -> str:
    """The names, or the first of very many."""
    more = f", and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def shown(cell: object) -> str:
    """A cell as a message may hold it: its ``repr``, cut where it is long."""
    # A long string is cut before it is escaped, and an escaped one may be long again.
    short = repr(cell[:SHOWN] if isinstance(cell, str | bytes) else cell)
    return short if len(short) <= SHOWN else f"{short[: SHOWN - 3]}..."


def first_of(names: Sequence[object]) -> str:
    """The first three of several, and a sign that there are more."""
    more = ", ..." if len(names) > NAMED else ""
    return ", ".join(map(str, names[:NAMED])) + more


def several(count: int, one: str, many: str = "") -> str:
    """``count`` and the noun in the number that goes with it: "1 row", "2,000 rows"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
