"""JSON to rows, in the shapes that programs write tables in."""

import json
from collections.abc import Sequence
from pathlib import Path

from data.encoding import Content
from data.errors import DataError, shown
from data.rows import Rows

Record = dict[str, object]
TRAINING = ("train", "training")  # names of the part to use where a file holds several
SHAPES = "a list of objects, an object a line, or one object of columns"


def read_json(path: Path, content: Content) -> Rows:
    """The rows of a JSON text.

    It may be a list of objects, objects one after another (a line each or indented), one object
    of columns, or one object that wraps a list of objects.

    Raises:
        DataError: it is malformed, or of another shape.
    """
    found = _values(path, content.text)
    table: dict[str, Sequence[object]] | None = None
    if len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    elif len(found) == 1 and isinstance(found[0], dict):
        table, found = _of_one_object(path, found[0])
    if table is None:
        table = _of_records(path, found)
    return Rows(str(path), list(table), table.__getitem__, encoding=content.encoding)


def _values(path: Path, text: str) -> list[object]:
    """The JSON values of ``text``: one, or several one after another."""
    if text.lstrip().startswith("["):
        return [_one_value(path, text)]
    # Not splitlines(): it also breaks at U+2028 and other characters that a string may hold.
    pieces = text.split("\n")
    first = next(piece for piece in pieces if piece.strip())
    if not _is_json(first):
        return _one_after_another(path, text)
    found: list[object] = []
    for number, piece in enumerate(pieces, start=1):
        if not piece or piece.isspace():
            continue
        try:
            found.append(json.loads(piece))
        except (json.JSONDecodeError, RecursionError) as error:
            raise _malformed(path, number, error) from None
    return found


def _is_json(piece: str) -> bool:
    try:
        json.loads(piece)
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def _one_value(path: Path, text: str) -> object:
    try:
        found: object = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _malformed(path, getattr(error, "lineno", 1), error) from None
    return found


def _one_after_another(path: Path, text: str) -> list[object]:
    decoder = json.JSONDecoder()
    found: list[object] = []
    place = len(text) - len(text.lstrip())
    while place < len(text):
        try:
            value, place = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError) as error:
            raise _malformed(path, getattr(error, "lineno", 1), error) from None
        found.append(value)
        while place < len(text) and text[place].isspace():
            place += 1
    return found


def _malformed(path: Path, line: int, error: Exception) -> DataError:
    reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
    column = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
    return DataError(f"{path}, line {line}{column}: malformed JSON ({reason})")


def _of_records(path: Path, records: Sequence[object]) -> dict[str, Sequence[object]]:
    """Columns of ``records``; a field that a record lacks is null."""
    known: list[Record] = []
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise DataError(
                f"{path}, row {number}: not a JSON object with named fields; wanted are {SHAPES}"
            )
        known.append(record)
    names = dict.fromkeys(name for record in known for name in record)
    return {name: [record.get(name) for record in known] for name in names}


def _of_one_object(
    path: Path, one: Record
) -> tuple[dict[str, Sequence[object]] | None, list[object]]:
    """A table where ``one`` is made of columns, else the records that it wraps or is."""
    wrapped = {name: _records(value) for name, value in one.items() if _records(value)}
    training = [name for name in wrapped if name.lower() in TRAINING]
    names = training or list(wrapped)
    if len(names) == 1:
        return None, wrapped[names[0]]
    if len(names) > 1:
        parts = ", ".join(map(shown, names))
        raise DataError(f"{path}: which part is meant? It has {parts}; 'train' would be used")
    if split := _of_split_form(one):
        return split, []
    values = list(one.values())
    for name, value in one.items():
        if isinstance(value, dict) and (len(one) == 1 or name.lower() in TRAINING):
            return _of_one_object(path, value)
    if values and all(isinstance(value, list) for value in values):
        return _equal(path, {n: v for n, v in one.items() if isinstance(v, list)}), []
    inner = [value for value in values if isinstance(value, dict)]
    if values and len(inner) == len(values):
        return _of_objects(path, list(one), inner)
    return None, [one]


def _records(value: object) -> list[object]:
    """The objects that ``value`` is a list of; none if it is something else."""
    is_list = isinstance(value, list) and all(isinstance(record, dict) for record in value)
    return value if isinstance(value, list) and is_list else []


def _of_split_form(one: Record) -> dict[str, Sequence[object]] | None:
    """Pandas' "split" form: names of the columns, and a list a row."""
    names, data = one.get("columns"), one.get("data")
    if not isinstance(names, list) or not isinstance(data, list):
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in data):
        return None
    return {str(name): [row[i] for row in data] for i, name in enumerate(names)}


def _of_objects(
    path: Path, names: list[str], inner: list[Record]
) -> tuple[dict[str, Sequence[object]] | None, list[object]]:
    """Pandas' columns of numbered cells; or numbered records, told by their numbers."""
    if all(name.lstrip("-").isdecimal() for name in names):
        return None, list(inner)
    keys = list(inner[0])
    if any(list(column) != keys for column in inner):
        raise DataError(f"{path}: its columns number their cells differently")
    pairs = zip(names, inner, strict=True)
    return {name: list(column.values()) for name, column in pairs}, []


def _equal(path: Path, table: dict[str, list[object]]) -> dict[str, Sequence[object]]:
    lengths = {name: len(values) for name, values in table.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{shown(name)} has {n}" for name, n in list(lengths.items())[:3])
        raise DataError(f"{path}: its columns are not equally long: {found}")
    return dict(table)
