"""Values of a label column to class numbers and names: as they are written, never as floats."""

import ast
import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from data.errors import SHOWN, DataError, first_of, several, shown
from data.rows import Rows
from data.whole_numbers import FRACTION, INTEGER, whole

LabelType = Literal["int", "bool", "str"]
QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
EXACT = 2**53  # up to here every whole float is the number that was written
JOINS = "|;,/+&"
NO_LABEL = -1


@dataclass(frozen=True)
class Labels:
    """The labels of N rows.

    Attributes:
        numbers: (N,) int64 class numbers; -1 where a row has no label.
        names: C class names, in the order of the numbers.
        kind: what the labels are in the data set: integers, truth values or strings.
    """

    numbers: npt.NDArray[np.int64]
    names: tuple[str, ...]
    kind: LabelType


def read_labels(tables: Sequence[Rows], column: str) -> Labels:
    """The labels of all ``tables``, one after another, numbered together.

    Classes are ordered as the column's own class names, by value, or alphabetically.

    Raises:
        DataError: a label is no integer and no string.
    """
    read = [table.read(column) for table in tables]
    keys: dict[object, str] = {}
    for table, values in zip(tables, read, strict=True):
        keys |= _keys(table, column, values)
    named = tables[0].class_names.get(column)
    known = [key for key in keys.values() if key]
    # "3.0" in CSV is pandas' way to write 3; a string with a type of its own is a name.
    is_whole = all(INTEGER.fullmatch(key) for key in known) and not (
        tables[0].typed and any("." in key for key in known)
    )
    if is_whole:
        keys = {value: whole(key) if key else "" for value, key in keys.items()}
    else:
        keys = _one_spelling(keys)
    order = sorted({key for key in keys.values() if key}, key=int if is_whole else None)
    names = [_one_form(named[int(key)]) for key in order] if named else order
    numbers = {key: i for i, key in enumerate(order)} | {"": NO_LABEL}
    of_value = {value: numbers[key] for value, key in keys.items()}
    count = sum(map(len, read))
    flat = (of_value[value] for values in read for value in values)
    kind = "str" if named else _kind(tables[0], keys, is_whole=is_whole)
    return Labels(np.fromiter(flat, np.int64, count), tuple(names), kind)


def _kind(table: Rows, keys: Mapping[object, str], *, is_whole: bool) -> LabelType:
    """What type predictions must have to be equal to the labels."""
    values = [value for value, key in keys.items() if key]
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
    try:
        distinct = dict.fromkeys(values)
    except TypeError:
        distinct = None
    if distinct is None or any(isinstance(value, tuple | dict) for value in distinct):
        wrong = [i for i, v in enumerate(values, 1) if isinstance(v, list | tuple | dict | set)]
        raise DataError(
            f"{rows.source}, row {wrong[0]}: {several(len(wrong), 'row')} of column "
            f"{shown(column)} hold several labels ({shown(values[wrong[0] - 1])}); one label a "
            "text is supported"
        )
    if set(map(type, values)) >= {bool, int}:  # Python takes True for 1
        raise DataError(f"{rows.source}: column {shown(column)} mixes truth values and integers")
    named = rows.class_names.get(column)
    keys: dict[object, str] = {}
    for value in distinct:
        key, problem = _key(value, len(named) if named else None)
        if problem:
            rows_of_it = [i for i, v in enumerate(values, start=1) if v is value or v == value]
            raise DataError(
                f"{rows.source}, row {rows_of_it[0]} has the label {shown(value)}, {problem} "
                f"({several(len(rows_of_it), 'row')}, column {shown(column)})"
            )
        keys[value] = key
    known = [key for key in keys.values() if key]
    numbers = [k for k in known if INTEGER.fullmatch(k) or FRACTION.fullmatch(k)]
    fractions = [k for k in numbers if not INTEGER.fullmatch(k)]
    if fractions and len(numbers) == len(known):  # a measurement, not a class
        raise DataError(
            f"{rows.source}: label {fractions[0][:SHOWN]} is not a whole number "
            f"({several(len(fractions), 'such value')}, column {shown(column)})"
        )
    return keys


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
    return _one_form(str(value).strip()), ""


def _one_form(name: str) -> str:
    """``name`` in Unicode's composed form, and without half characters."""
    mended = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", mended)


def _one_spelling(keys: Mapping[object, str]) -> dict[object, str]:
    """Names that differ in the form of their quotation marks alone become one."""
    plain = {key for key in keys.values() if key.translate(QUOTES) == key}
    return {
        value: key.translate(QUOTES) if key.translate(QUOTES) in plain else key
        for value, key in keys.items()
    }


def combinations(names: Sequence[str]) -> str:
    """What ``names`` look like, if they look like several labels a text; else "".

    Names joined out of parts are told by their parts: there are fewer than names, and each joined
    name is made of parts that others share.
    """
    if any(_is_list(name) for name in names):
        listed = [name for name in names if _is_list(name)]
        return f"lists of labels ({shown(listed[0])})"
    for join in JOINS:
        parts = {name: [part.strip() for part in name.split(join)] for name in names}
        distinct = {part for pieces in parts.values() for part in pieces}
        made = [pieces for pieces in parts.values() if len(pieces) > 1]
        uses = Counter(part for pieces in parts.values() for part in set(pieces))
        shared = {part for part, count in uses.items() if count > 1}
        if len(made) > 1 and len(distinct) < len(names) and all(shared >= set(p) for p in made):
            return f"combinations of {len(distinct)} parts joined by {join!r}"
    return ""


def _is_list(name: str) -> bool:
    if not (name.startswith("[") and name.endswith("]")):
        return False
    try:
        return isinstance(ast.literal_eval(name), list)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


def check_unlabelled(rows: Rows, column: str, unlabelled: npt.NDArray[np.bool_]) -> None:
    """Raise a ``DataError`` that counts the ``unlabelled`` rows, if there are any."""
    without = (np.flatnonzero(unlabelled) + 1).tolist()
    if not without:
        return
    if len(without) == 1:
        what, rest = f", row {without[0]} has no label", "such rows"
    else:
        what, rest = f": {len(without):,} rows have no label (rows {first_of(without)})", "them"
    raise DataError(
        f"{rows.source}{what}; --skip-unlabelled leaves {rest} out (column {shown(column)})"
    )
