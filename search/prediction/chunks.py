"""Rows as they come from any source: in chunks, so that a file may be larger than memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

AT_ONCE = 1 << 14  # rows of a chunk: two parts for a classifier's threads, or smaller ones
CHARACTERS = 1 << 24  # of a chunk's cells, about: long rows come in smaller chunks
A_CELL = 50  # what it takes besides its characters, in characters
ABSENT = object()  # a cell of a JSON object that lacks the key


class Fault(NamedTuple):
    """Why a row has no answer; rows are numbered from 1."""

    row: int
    reason: str


class Row(NamedTuple):
    """One row.

    Attributes:
        cells: in the order of the source's columns.
        text: to be classified; "" where there is a fault.
        reason: why it cannot be classified; "": it can.
        size: characters that the cells stand for, where they are more than strings.
    """

    cells: Sequence[object]
    text: str
    reason: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Rows that follow one another in a source.

    Attributes:
        texts: of each row; ``None`` where it cannot be classified.
        faults: of the rows without a text.
        cells: gives the cells of all rows, in the order of the source's columns.
        read: share of the source that is read with this chunk, 0 to 1.
        batch: the rows as Arrow has them, where they come from Parquet.
    """

    texts: Sequence[str | None]
    faults: Sequence[Fault]
    cells: Callable[[], Sequence[Sequence[object]]]
    read: float = 0.0
    batch: Any = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where rows come from.

    Attributes:
        name: what messages call it.
        form: what its rows are written as where nothing else is asked for: "lines", "csv", "json".
        columns: their names, in order.
        kinds: what each column holds: "str", "int", "float", "bool" or, if several, "json".
        chunks: reads it from the beginning.
        notes: how it is read, for the user.
        separator: of a CSV file that is made of it.
        schema: Arrow's, where it is Parquet.
        is_live: whether somebody may wait for an answer before the next chunk comes.
    """

    name: str
    form: str
    columns: Sequence[str]
    kinds: Sequence[str]
    chunks: Callable[[], Iterator[Chunk]]
    notes: Sequence[str] = ()
    separator: str = ","
    schema: Any = None
    is_live: bool = False


def chunked(rows: Iterable[Row], read: Callable[[], float]) -> Iterator[Chunk]:
    """``rows`` in chunks; ``read`` tells the share of the source that is read."""
    kept: list[Row] = []
    characters = done = 0
    for row in rows:
        kept.append(row)
        characters += row.size + sum(len(c) for c in row.cells if isinstance(c, str))
        characters += A_CELL * len(row.cells)
        if len(kept) == AT_ONCE or characters > CHARACTERS:
            yield chunk_of(kept, done, read())
            done += len(kept)
            kept, characters = [], 0
    if kept:
        yield chunk_of(kept, done, 1.0)


def chunk_of(rows: Sequence[Row], before: int, read: float = 0.0) -> Chunk:
    """One chunk of ``rows``, behind ``before`` others."""
    return Chunk(
        texts=[None if row.reason else row.text for row in rows],
        faults=[Fault(i, r.reason) for i, r in enumerate(rows, start=before + 1) if r.reason],
        cells=lambda: [row.cells for row in rows],
        read=read,
    )


def text_of(cells: Sequence[object]) -> tuple[str, str]:
    """The text that the cells of the text's columns join to; and why there is none, or ""."""
    for cell in cells:
        if not isinstance(cell, str):
            return "", _no_text(cell)
    return (str(cells[0]) if len(cells) == 1 else " ".join(map(str, cells)).strip()), ""


def _no_text(cell: object) -> str:
    if cell is ABSENT or cell is None or cell != cell:  # noqa: PLR0124 - NaN is not itself
        return "the text is missing"
    return f"the text is {type(cell).__name__} {str(cell)[:40]!r}, not a string"
