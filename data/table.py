"""The parts of a data set to texts, labels, groups and marks of validation rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, compress
from typing import cast

import numpy as np
import numpy.typing as npt

from data.class_names import NO_LABEL
from data.columns import asked_column, choose_columns
from data.errors import DataError, first_of, several, shown
from data.facts import Facts
from data.labels import LabelType, check_unlabelled, combinations, read_labels
from data.reading import Reading
from data.rows import Rows, with_fields
from data.sources import Source

SAMPLE = 1000  # rows that tell texts from names
SIDES = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}


@dataclass(frozen=True)
class Table:
    """N labelled texts; see ``Corpus``, which they become."""

    texts: list[str]
    labels: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    label_type: LabelType = "str"
    validation: npt.NDArray[np.bool_] | None = None
    groups: npt.NDArray[np.int64] | None = None
    facts: Facts = field(default_factory=Facts)

    def only(self, kept: npt.NDArray[np.bool_]) -> "Table":
        """The rows that ``kept`` (N,) marks; classes stay numbered as they are."""
        return replace(
            self,
            texts=list(compress(self.texts, kept)),
            labels=self.labels[kept],
            validation=None if self.validation is None else self.validation[kept],
            groups=None if self.groups is None else self.groups[kept],
        )


def read_table(source: Source, reading: Reading) -> Table:
    """Read the columns that ``reading`` asks for, or that are found, of all parts.

    Raises:
        DataError: a column, a text or a label is missing or cannot be used.
    """
    _check_one_split(source, reading)
    parts = [with_fields(source.train, reading.asked_columns)]
    columns, label = choose_columns(parts[0], text=reading.text, label=reading.label)
    if source.validation is not None:
        validation_rows = with_fields(source.validation, reading.asked_columns)
        parts.append(_with_names(validation_rows, [*columns, label]))
    labels = read_labels(parts, label, is_test=source.is_test)
    in_part = np.repeat(np.arange(len(parts)), [len(part.read(label)) for part in parts])
    column = reading.split_column
    sides = None if column is None else sides_of(parts[0], column)
    opened = np.ones(len(labels.numbers), bool) if sides is None else sides != "test"
    unlabelled = opened & (labels.numbers == NO_LABEL)
    if not reading.skip_unlabelled:
        for i, part in enumerate(parts):
            is_test = source.is_test and i == 1
            check_unlabelled(part, label, unlabelled[in_part == i], is_test=is_test)
    kept = opened & ~unlabelled
    texts = [_texts(part, columns, kept[in_part == i]) for i, part in enumerate(parts)]
    validation = (in_part == 1 if sides is None else sides == "validation")[kept]
    if len(parts) > 1 and not validation.any():
        what = "labelled test rows" if source.is_test else "rows to validate with"
        raise DataError(f"{source.origin} has no {what}")
    facts = _facts(source, reading, columns, label)
    if not validation.any():  # the column names none
        facts = replace(facts, validation="")
    facts = replace(
        facts,
        rows=len(kept),
        notes=(*facts.notes, *labels.notes),
        closed=int(np.count_nonzero(~opened)),
        unlabelled=int(np.count_nonzero(unlabelled)),
        combinations=combinations(labels.names),
        determining=_determining(parts[0], columns, labels.numbers),
    )
    numbers, names = _used_classes(labels.numbers[kept], labels.names)
    groups = _groups(parts, reading.group_column, kept)
    return Table(
        list(chain.from_iterable(texts)),
        numbers,
        names,
        labels.kind,
        validation if validation.any() else None,  # a column may know training and test rows only
        groups,
        facts,
    )


def _check_one_split(source: Source, reading: Reading) -> None:
    if reading.group_column and (source.validation or reading.split_column):
        origin = source.origin or f"--split-column {reading.split_column}"
        raise DataError(
            "--group-column says how rows are to be split, but the validation rows come from "
            f"{origin}: leave one of them out"
        )


def _with_names(rows: Rows, names: Sequence[str]) -> Rows:
    """``rows``, whose columns are called as those of the training rows in whatever case."""
    own = {name: asked_column(rows, name, "the training rows' column") for name in names}
    return replace(rows, read=lambda name: rows.read(own.get(name, name)))


def _facts(source: Source, reading: Reading, columns: Sequence[str], label: str) -> Facts:
    """What is known before a column is read."""
    rows = source.train
    used = {*columns, label, reading.split_column, reading.group_column}
    used |= {name.partition(".")[0] for name in used if name and name not in rows.columns}
    column = reading.split_column
    return Facts(
        text_columns=tuple(columns),
        label_column=label,
        other_columns=tuple(name for name in rows.columns if name not in used),
        separator=rows.separator,
        encoding=rows.encoding,
        notes=rows.notes,
        validation=source.origin or (f"the column {column!r}" if column else ""),
    )


def _used_classes(
    numbers: npt.NDArray[np.int64], names: tuple[str, ...]
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """The labels numbered without classes that no row has any more."""
    used = np.bincount(numbers, minlength=len(names)) > 0
    if used.all():
        return numbers, names
    return (np.cumsum(used) - 1)[numbers], tuple(compress(names, used))


def sides_of(rows: Rows, column: str) -> npt.NDArray[np.str_]:
    """On which side of the split a column puts each row: "train", "validation" or "test"."""
    values = rows.read(asked_column(rows, column, "--split-column"))
    words = [str(value).strip().lower() for value in values]
    unknown = [i for i, word in enumerate(words) if word not in SIDES]
    if unknown:
        found = first_of([shown(value) for value in dict.fromkeys(map(str, values))])
        raise DataError(
            f"{rows.source}, row {unknown[0] + 1}: --split-column {shown(column)} says "
            f"{shown(values[unknown[0]])} ({several(len(unknown), 'such row')}; its values: "
            f"{found}); understood are {', '.join(SIDES)}"
        )
    return np.array([SIDES[word] for word in words])


def _texts(rows: Rows, columns: Sequence[str], kept: npt.NDArray[np.bool_]) -> list[str]:
    """The kept rows' texts: columns checked, then joined with a space where there are several."""
    read: list[list[str]] = []
    for column in columns:
        cells = rows.read(column)
        if set(map(type, cells)) - {str}:
            _check_cells(rows, column, cells, kept)
        chosen = cells if kept.all() else compress(cells, kept)
        read.append(cast("list[str]", list(chosen)))
    if len(read) == 1:
        return read[0]
    return [" ".join(parts).strip() for parts in zip(*read, strict=True)]


def _check_cells(
    rows: Rows, column: str, cells: Sequence[object], kept: npt.NDArray[np.bool_]
) -> None:
    """Raise a ``DataError`` where a kept cell is no text."""
    wrong = [i for i in np.flatnonzero(kept).tolist() if not isinstance(cells[i], str)]
    if not wrong:
        return
    cell = cells[wrong[0]]
    is_null = cell is None or (isinstance(cell, float) and math.isnan(cell))
    found = "null (an empty text is allowed)" if is_null else f"{shown(cell)}, not text"
    counted = f"; {len(wrong):,} rows are no text: {first_of([i + 1 for i in wrong])}"
    raise DataError(
        f"{rows.source}, row {wrong[0] + 1}: column {shown(column)} is {found}"
        + (counted if len(wrong) > 1 else "")
    )


def _groups(
    parts: Sequence[Rows], column: str | None, kept: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64] | None:
    """The number of each kept row's group; a row without one is a group of its own."""
    if column is None:
        return None
    numbers: dict[object, int] = {}
    groups: list[int] = []
    for part in parts:
        for value in part.read(asked_column(part, column, "--group-column")):
            # An own key for nothing: it is equal to no other.
            key = object() if value is None or value == "" else value
            groups.append(numbers.setdefault(key, len(numbers)))
    return np.array(groups, np.int64)[kept]


def _determining(
    rows: Rows, columns: Sequence[str], labels: npt.NDArray[np.int64]
) -> tuple[str, ...]:
    """The text columns with few values, each of which is of one class only."""
    found: list[str] = []
    numbers = labels.tolist()
    for column in columns:
        cells = rows.read(column)
        beginning = cells[:SAMPLE]
        if 10 * len(set(beginning)) > len(beginning):  # texts differ, names come again
            continue
        values = set(cells)
        pairs = set(zip(cells, numbers[: len(cells)], strict=True))
        if len(pairs) == len(values) > 1 and 10 * len(values) <= len(cells):
            found.append(column)
    return tuple(found)
