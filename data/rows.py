"""A table before its columns are chosen, as every format gives it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from data.errors import DataError, shown


@dataclass(frozen=True)
class Rows:
    """A table whose text and label columns are not chosen yet; rows are numbered from 1.

    Attributes:
        source: what messages call the table.
        columns: names of its columns, in order.
        read: the values of one column.
        class_names: for a column of class numbers, the name of each number.
        typed: whether values have types of their own; ``False``: all are strings, as in CSV.
        numbered: whether the columns have numbers for names, so that content must tell them apart.
        separator: between the columns of a text file; "" where there is none.
        encoding: of a text file.
        notes: what was unusual about reading it, a sentence each.
        codes: for a column of class numbers that are not those written, the number of each one
            written.
    """

    source: str
    columns: Sequence[str]
    read: Callable[[str], Sequence[object]]
    class_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    typed: bool = True
    numbered: bool = False
    separator: str = ""
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def joined(source: str, parts: Sequence[Rows]) -> Rows:
    """The rows of several tables with the same columns, one after the other.

    Raises:
        DataError: the columns differ.
    """
    first = parts[0]
    for part in parts[1:]:
        if set(part.columns) != set(first.columns):
            differing = sorted(set(part.columns) ^ set(first.columns))[0]
            raise DataError(
                f"{first.source} and {part.source} have different columns: only one of them has "
                f"{shown(differing)}"
            )
    return Rows(
        source,
        first.columns,
        lambda name: list(chain.from_iterable(part.read(name) for part in parts)),
        first.class_names,
        typed=first.typed,
        numbered=first.numbered,
        separator=first.separator,
        encoding=first.encoding,
        notes=tuple(dict.fromkeys(chain.from_iterable(part.notes for part in parts))),
        codes=first.codes,
    )


def with_fields(rows: Rows, asked: Sequence[str]) -> Rows:
    """``rows`` with the columns ``asked`` for as ``label.name``: a field of a column's objects."""
    found: dict[str, Sequence[object]] = {}
    for name in asked:
        column, _, key = name.partition(".")
        if name in rows.columns or column not in rows.columns or not key:
            continue
        cells = rows.read(column)
        if any(isinstance(cell, dict) and key in cell for cell in cells):
            found[name] = [cell.get(key) if isinstance(cell, dict) else None for cell in cells]
    if not found:
        return rows

    def read(name: str) -> Sequence[object]:
        return found[name] if name in found else rows.read(name)

    return replace(rows, columns=[*rows.columns, *found], read=read)
