"""What a report is made of: cards, each of which says one thing about a study."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import plotly.graph_objects as go


class NotYet(NamedTuple):
    """Why something cannot be computed of a study as it stands."""

    reason: str


class Table(NamedTuple):
    """A table as it is shown.

    Attributes:
        heads: of its columns, with units.
        rows: cells, as many a row as there are heads.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Tile(NamedTuple):
    """One of the numbers on the first screen.

    Attributes:
        value: the number, large.
        label: what it counts.
    """

    value: str
    label: str


class Said(NamedTuple):
    """A sentence of the verdict, and the name of the card that is its evidence."""

    text: str
    card: str


class Verbatim(NamedTuple):
    """Text that is shown as it is: a command, settings, a traceback.

    Attributes:
        head: what it is.
        text: of one line or many.
    """

    head: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One thing that a study says: computed, worded, drawn.

    Attributes:
        name: its address on the page, and in ``--json``.
        title: a few words.
        sentence: what is to be seen; where there is nothing yet, why.
        values: what was computed, a dataclass or a tuple with names; ``None``: nothing yet.
        table: all that the figure shows, or more.
        draw: makes the figure; ``None``: it has none.
        texts: shown below, as they are.
    """

    name: str
    title: str
    sentence: str
    values: object = None
    table: Table | None = None
    draw: Callable[[], go.Figure] | None = None
    texts: tuple[Verbatim, ...] = ()

    def figure(self) -> go.Figure | None:
        """The figure, or ``None`` where there is nothing to draw."""
        return self.draw() if self.draw else None


def not_yet(name: str, title: str, why: NotYet) -> Card:
    """The card of what cannot be computed yet."""
    return Card(name=name, title=title, sentence=f"Not shown: {why.reason}.")
