"""Values of a label column to class numbers and names: as they are written, never as floats."""

import ast
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from data.class_names import NO_LABEL, NamedClasses, named, one_form, wrong_label
from data.errors import SHOWN, DataError, first_of, several, shown
from data.rows import Rows
from data.whole_numbers import FRACTION, INTEGER, whole

LabelType = Literal["int", "bool", "str"]
QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
EXACT = 2**53  # up to here every whole float is the number that was written
JOINS = "|;,/+&"


@dataclass(frozen=True)
class Labels:
    """The labels of N rows.

    Attributes:
        numbers: (N,) int64 class numbers; -1 where a row has no label.
        names: C class names, in the order of the numbers.
        kind: what the labels are in the data set: integers, truth values or strings.
        notes: what was unusual about them, a sentence each.
    """

    numbers: npt.NDArray[np.int64]
    names: tuple[str, ...]
    kind: LabelType
    notes: tuple[str, ...] = ()


def read_labels(tables: Sequence[Rows], column: str, *, is_test: bool = False) -> Labels:
    """The labels of all ``tables``, one after another, numbered together.

    Classes are ordered as the first table's own class names, by value, or alphabetically.

    Args:
        tables: the training rows, and others.
        column: of the labels.
        is_test: whether the others may have class numbers that the training rows' names lack.

    Raises:
        DataError: a label is no integer and no string, or a number of no class.
    """
    first = tables[0]
    written = [table.read(column) for table in tables]
    read = [_without_lists(values) for values in written]
    keys: list[Mapping[object, str]] = [
        _keys(table, column, values) for table, values in zip(tables, read, strict=True)
    ]
    own = list(keys[0])  # labels of validation rows in another format may have another type
    classes = NamedClasses.of(first, column, is_open=is_test)
    for i in range(1, len(tables)):
        if classes:
            keys[i] = classes.numbered(tables[i], read[i], keys[i])
        else:
            keys[i] = named(tables[i], column, keys[i], set(keys[0].values()) - {""})
    known = {key for labels in keys for key in labels.values() if key}
    telling = set(keys[0].values()) - {""} if is_test else known  # no test row changes a name
    # "3.0" in CSV is pandas' way to write 3; a string with a type of its own is a name.
    is_whole = all(map(INTEGER.fullmatch, telling)) and not (
        first.typed and any("." in key for key in telling)
    )
    numbers = set(filter(INTEGER.fullmatch, known)) if is_whole else set()
    spelt = _one_spelling(known - numbers) | {key: whole(key) for key in numbers}
    order = sorted(set(spelt.values()), key=int if known == numbers else None)
    position = {name: i for i, name in enumerate(order)}
    number = {key: position[name] for key, name in spelt.items()} | {"": NO_LABEL}
    flat = (number[of[v]] for of, values in zip(keys, read, strict=True) for v in values)
    kind: LabelType = "str"
    if not classes:
        kind = _kind(first, [value for value in own if keys[0][value]], is_whole=is_whole)
    notes = (
        ("each label is a list of one, which is the label",) if read[0] is not written[0] else ()
    )
    return Labels(
        np.fromiter(flat, np.int64, sum(map(len, read))),
        tuple(classes.names[int(key)] for key in order) if classes else tuple(order),
        kind,
        notes,
    )


def _without_lists(values: Sequence[object]) -> Sequence[object]:
    """``values``, or what is in them if all are lists of one; an empty list is no label."""
    types = {type(value) for value in values if value is not None}
    if not types or types - {list, tuple}:
        return values
    lists = cast("Sequence[list[object] | None]", values)
    if any(value and len(value) > 1 for value in lists):
        return values
    return [value[0] if value else None for value in lists]


def _kind(table: Rows, values: Sequence[object], *, is_whole: bool) -> LabelType:
    """What type predictions must have to be equal to the labels ``values``."""
    if table.typed and all(isinstance(value, bool) for value in values):
        return "bool"
    if table.typed and any(isinstance(value, str) for value in values):
        return "str"
    return "int" if is_whole else "str"


def _keys(rows: Rows, column: str, values: Sequence[object]) -> dict[object, str]:
    """Each distinct label as a string; "" for those that stand for no label.

    Raises:
        DataError: a label cannot be one.
    """
    types = set(map(type, values))
    if types & {list, tuple, set, dict}:
        raise _no_plain_values(rows, column, values)
    if types >= {bool, int}:  # Python takes True for 1
        raise DataError(f"{rows.source}: column {shown(column)} mixes truth values and integers")
    distinct = dict.fromkeys(values)
    named = rows.class_names.get(column)
    keys: dict[object, str] = {}
    for value in distinct:
        key, problem = _key(value, len(named) if named else None)
        if problem:
            raise wrong_label(rows, column, values, value=value, problem=problem)
        keys[value] = key
    if str in types and types & {int, float}:
        _check_types(rows, column, values, keys)
    known = [key for key in keys.values() if key]
    numbers = [k for k in known if INTEGER.fullmatch(k) or FRACTION.fullmatch(k)]
    fractions = [k for k in numbers if not INTEGER.fullmatch(k)]
    if fractions and len(numbers) == len(known):  # a measurement, not a class
        raise DataError(
            f"{rows.source}: label {fractions[0][:SHOWN]} is not a whole number "
            f"({several(len(fractions), 'such value')}, column {shown(column)})"
        )
    return keys


def _no_plain_values(rows: Rows, column: str, values: Sequence[object]) -> DataError:
    """What is wrong with a column of lists or objects."""
    objects = [i for i, value in enumerate(values) if isinstance(value, dict)]
    if objects:
        first = cast("dict[str, object]", values[objects[0]])
        fields = [shown(name) for name in first]
        way_out = f"; --label-column {column}.{next(iter(first))} takes a field" if first else ""
        return DataError(
            f"{rows.source}, row {objects[0] + 1}: column {shown(column)} holds objects in "
            f"{several(len(objects), 'row')}, with the fields {first_of(fields)}{way_out}"
        )
    lists = {i: v for i, v in enumerate(values) if isinstance(v, list | tuple | set)}
    long = {i: value for i, value in lists.items() if len(value) > 1} or lists
    row, value = next(iter(long.items()))
    what = "several labels" if len(value) > 1 else "lists beside plain labels"
    of_column = f"of column {shown(column)}"
    count = several(len(long), f"row {of_column} holds", f"rows {of_column} hold")
    return DataError(
        f"{rows.source}, row {row + 1}: {count} {what} ({shown(value)}); one label a text is "
        "supported"
    )


def _check_types(
    rows: Rows, column: str, values: Sequence[object], keys: Mapping[object, str]
) -> None:
    """Raise a ``DataError`` where one label is written as a number and as a string."""
    strings = {key for value, key in keys.items() if key and isinstance(value, str)}
    numbers = {key for value, key in keys.items() if key and not isinstance(value, str)}
    if both := sorted(strings & numbers):
        of_label = [value for value in values if keys[value] == both[0]]
        as_string = sum(isinstance(value, str) for value in of_label)
        raise DataError(
            f"{rows.source}: column {shown(column)} has the label {both[0][:SHOWN]} as a number "
            f"({several(len(of_label) - as_string, 'row')}) and as a string "
            f"({several(as_string, 'row')}): write it in one way"
        )


def _key(value: object, classes: int | None) -> tuple[str, str]:
    """A label as a string, "" for none; and what is wrong with it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "", ""
    if not isinstance(value, str | int | float):
        return "", "neither an integer nor a string"
    if isinstance(value, float):
        if not value.is_integer() or abs(value) > EXACT:
            is_whole = value.is_integer()
            return "", "too large a float to be exact" if is_whole else "not a whole number"
        value = int(value)
    if classes is not None and value not in range(classes):
        is_none = value == NO_LABEL  # which `datasets` writes where there is no label
        return "", "" if is_none else f"but the classes are 0 to {classes - 1}"
    return one_form(str(value).strip()), ""


def _one_spelling(keys: Collection[str]) -> dict[str, str]:
    """Names that differ in the form of their quotation marks alone become one."""
    plain = {key for key in keys if key.translate(QUOTES) == key}
    marked = {key: key.translate(QUOTES) for key in keys}
    return {key: name if name in plain else key for key, name in marked.items()}


def combinations(names: Sequence[str]) -> str:
    """What ``names`` look like, if they look like several labels a text; else "".

    Names joined out of parts are told by their parts: there are fewer than names, and each joined
    name is made of parts that others share.
    """
    if lists := [name for name in names if _is_list_of_several(name)]:
        return f"lists of labels ({shown(lists[0])})"
    for join in JOINS:
        parts = {name: [part.strip() for part in name.split(join)] for name in names}
        distinct = {part for pieces in parts.values() for part in pieces}
        made = [pieces for pieces in parts.values() if len(pieces) > 1]
        uses = Counter(part for pieces in parts.values() for part in set(pieces))
        shared = {part for part, count in uses.items() if count > 1}
        if len(made) > 1 and len(distinct) < len(names) and all(shared >= set(p) for p in made):
            return f"combinations of {len(distinct)} parts joined by {join!r}"
    return ""


def _is_list_of_several(name: str) -> bool:
    if not (name.startswith("[") and name.endswith("]")):
        return False
    try:
        return len(ast.literal_eval(name)) > 1
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


def check_unlabelled(
    rows: Rows, column: str, unlabelled: npt.NDArray[np.bool_], *, is_test: bool = False
) -> None:
    """Raise a ``DataError`` that counts the ``unlabelled`` rows, if there are any."""
    without = (np.flatnonzero(unlabelled) + 1).tolist()
    if not without:
        return
    if len(without) == 1:
        what, rest = f", row {without[0]} has no label", "such rows"
    else:
        what, rest = f": {len(without):,} rows have no label (rows {first_of(without)})", "them"
    way_out = f"--skip-unlabelled leaves {rest} out"
    if is_test:  # read by a command that leaves out only what the study did
        way_out = "give each test row a label, or remove it from the file"
    raise DataError(f"{rows.source}{what}; {way_out} (column {shown(column)})")
