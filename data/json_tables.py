"""JSON to rows, in the shapes that programs write tables in."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from data.columns import LABEL_NAMES, TEXT_NAMES, USUAL_NAMES
from data.encoding import Content
from data.errors import DataError, several, shown
from data.json_values import json_values
from data.reading import Reading
from data.rows import Rows

Record = dict[str, object]
TRAINING = ("train", "training")  # names of the part to use where a file holds several
SHAPES = "a list of objects, an object a line, or one object of columns"
FEWEST = 4  # texts that tell labels from other values


class _Found(NamedTuple):
    """What a JSON object is: a table of columns, or records; and a note on it."""

    table: dict[str, Sequence[object]] | None
    records: Sequence[object] = ()
    note: str = ""


def read_json(path: Path, content: Content, reading: Reading) -> Rows:
    """The rows of a JSON text.

    It may be a list of objects, objects one after another (a line each, indented, or parted by
    commas), one object of columns, one that wraps any of these, one of texts and their labels, or
    one with a list of texts for each label.

    Raises:
        DataError: it is malformed, or of another shape.
    """
    values = json_values(path, content.text)
    found = _Found(None, values)
    if len(values) == 1 and isinstance(values[0], list):
        found = _Found(None, values[0])
    elif len(values) == 1 and isinstance(values[0], dict):
        found = _of_one_object(path, values[0], {name.lower() for name in reading.asked_columns})
    table = _of_records(path, found.records) if found.table is None else found.table
    return Rows(
        str(path),
        list(table),
        table.__getitem__,
        encoding=content.encoding,
        notes=(found.note,) if found.note else (),
    )


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


def _of_one_object(path: Path, one: Record, asked: set[str]) -> _Found:
    """What ``one`` is, if some of the columns ``asked`` for are in it; see ``read_json``."""
    wrapped = {name: _records(value) for name, value in one.items() if _records(value)}
    training = [name for name in wrapped if name.lower() in TRAINING]
    names = training or list(wrapped)
    if len(names) == 1:
        return _Found(None, wrapped[names[0]])
    if len(names) > 1:
        parts = ", ".join(map(shown, names))
        raise DataError(f"{path}: which part is meant? It has {parts}; 'train' would be used")
    if split := _of_split_form(one):
        return _Found(split)
    inner = {name: value for name, value in one.items() if isinstance(value, dict)}
    for name, value in inner.items():
        if len(one) == 1 or name.lower() in TRAINING or _is_wrapper(one, inner):
            return _of_one_object(path, value, asked)
    return _of_values(path, one, asked)


def _of_values(path: Path, one: Record, asked: set[str]) -> _Found:
    """What an object is that wraps nothing, by its values."""
    lists = {name: value for name, value in one.items() if isinstance(value, list)}
    inner = [value for value in one.values() if isinstance(value, dict)]
    if one and len(lists) == len(one):
        return _of_lists(path, lists, asked)
    if one and len(inner) == len(one):
        return _of_objects(path, list(one), inner)
    if not asked & {name.lower() for name in one} and _are_labels(list(one.values())):
        table: dict[str, Sequence[object]] = {"text": list(one), "label": list(one.values())}
        return _Found(
            table, note="one JSON object: its names are the texts, its values the labels"
        )
    return _Found(None, [one])


def _records(value: object) -> list[object]:
    """The objects that ``value`` is a list of; none if it is something else."""
    is_list = isinstance(value, list) and all(isinstance(record, dict) for record in value)
    return value if isinstance(value, list) and is_list else []


def _is_wrapper(one: Record, inner: Mapping[str, Record]) -> bool:
    """Whether all but one of its values say something about the data, as a version does."""
    others = [value for name, value in one.items() if name not in inner]
    return len(inner) == 1 and not any(isinstance(value, list) for value in others)


def _are_labels(values: Sequence[object]) -> bool:
    """Whether ``values`` are plain, and come again as often as labels do."""
    if len(values) < FEWEST or any(isinstance(value, list | dict) for value in values):
        return False
    return _come_again(values)


def _come_again(values: Sequence[object]) -> bool:
    return 2 * len(set(map(str, values))) <= len(values)


def _of_split_form(one: Record) -> dict[str, Sequence[object]] | None:
    """Pandas' "split" form: names of the columns, and a list a row."""
    names, data = one.get("columns"), one.get("data")
    if not isinstance(names, list) or not isinstance(data, list):
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in data):
        return None
    return {str(name): [row[i] for row in data] for i, name in enumerate(names)}


def _of_objects(path: Path, names: list[str], inner: list[Record]) -> _Found:
    """Pandas' columns of numbered cells; or records, each under a number or a name of its own."""
    fields = {name.strip().lower() for name in inner[0]}
    is_record = fields & {*TEXT_NAMES} and fields & {*LABEL_NAMES}
    if is_record or all(name.lstrip("-").isdecimal() for name in names):
        return _Found(None, list(inner))
    keys = list(inner[0])
    if any(list(column) != keys for column in inner):
        raise DataError(f"{path}: its columns number their cells differently")
    pairs = zip(names, inner, strict=True)
    return _Found({name: list(column.values()) for name, column in pairs})


def _of_lists(path: Path, lists: dict[str, list[object]], asked: set[str]) -> _Found:
    """Columns, or the texts of each label: the names tell, or that the lists differ in length."""
    lengths = {name: len(values) for name, values in lists.items()}
    are_equal = len(set(lengths.values())) == 1
    is_named = any(name.strip().lower() in {*USUAL_NAMES, *asked} for name in lists)
    of_strings = all(isinstance(value, str) for values in lists.values() for value in values)
    repeats = any(values and _come_again(values) for values in lists.values())
    if is_named or not of_strings or len(lists) == 1 or (are_equal and repeats):
        if not are_equal:
            found = ", ".join(f"{shown(name)} has {n}" for name, n in list(lengths.items())[:3])
            raise DataError(f"{path}: its columns are not equally long: {found}")
        return _Found(dict(lists))
    if are_equal or repeats:
        raise DataError(
            f"{path}: are its {len(lists)} lists columns, or the texts of a label each? Name "
            "columns with --text-column and --label-column; else write objects with a text and a "
            "label"
        )
    labels = [name for name, values in lists.items() for _ in values]
    texts = [text for values in lists.values() for text in values]
    classes = several(len(lists), "label")
    note = f"one JSON object: a list of texts for each of {classes}"
    return _Found({"text": texts, "label": labels}, note=note)
