"""Local files to rows: which file of a folder, and its format.

Of a folder only the training file is opened. Rows are numbered from 1, a header not counted.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FORMATS = (".csv", ".tsv", ".jsonl", ".json", ".parquet")
INTEGER = re.compile(r"-?(0|[1-9]\d*)(\.0+)?")  # "01" is a code, not a number
LONGEST_FIELD = 2**31 - 1  # the csv module's own limit, 128 KiB, is less than a long document
LISTED = 20  # names that a message lists at most


class DataError(ValueError):
    """A data set that cannot be used; the message is for the user."""


@dataclass(frozen=True)
class Rows:
    """A table whose text and label columns are not chosen yet.

    Attributes:
        source: what messages call the table.
        columns: names of its columns, in order.
        read: the values of one column.
        class_names: for a column of class numbers, the name of each number.
    """

    source: str
    columns: Sequence[str]
    read: Callable[[str], Sequence[object]]
    class_names: Mapping[str, Sequence[str]] = field(default_factory=dict)


def training_file(folder: Path) -> Path:
    """The one ``train.<suffix>`` of ``folder``; no file is opened.

    Raises:
        DataError: there is none, or more than one.
    """
    files = sorted(path.name for path in folder.iterdir())
    wanted = [f"train{suffix}" for suffix in FORMATS]
    found = [name for name in files if name.lower() in wanted]
    if len(found) == 1:
        return folder / found[0]
    if found:
        raise DataError(f"{folder} has {listed(found)}; name the one to use")
    raise DataError(
        f"{folder} has no training file: looked for {listed(wanted)} or a save_to_disk folder; "
        f"found {listed(files) or 'nothing'}"
    )


def read_file(path: Path) -> Rows:
    """The rows of one CSV, TSV, JSON lines, JSON or Parquet file.

    Raises:
        DataError: the format is unknown, or the content is empty, binary or malformed.
    """
    if not path.stat().st_size:
        raise DataError(f"{path} is empty")
    match path.suffix.lower():
        case ".csv":
            return _read_delimited(path, ",")
        case ".tsv":
            return _read_delimited(path, "\t")
        case ".json" | ".jsonl":
            return _read_json(path)
        case ".parquet":
            return _read_parquet(path)
    raise DataError(f"{path}: format {path.suffix!r} is unknown; choose from {listed(FORMATS)}")


def listed(names: Sequence[str]) -> str:
    """The names, or the first of very many."""
    more = f", and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _read_delimited(path: Path, delimiter: str) -> Rows:
    """CSV or TSV with a header, or AG News' three columns (class, title, description) without."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(_content(path), newline=""), delimiter=delimiter, strict=True)
    lines: list[list[str]] = []
    try:
        for line in filter(None, reader):  # a blank line has no fields
            lines.append(line)
            if len(line) != len(lines[0]):
                raise csv.Error(f"{len(line)} fields, but the first line has {len(lines[0])}")
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}") from None
    if len(lines[0]) == 3 and INTEGER.fullmatch(lines[0][0]):
        return _headerless(path, lines)
    header, *body = lines
    return _table(path, header, dict(zip(header, zip(*body, strict=True), strict=False)))


def _headerless(path: Path, lines: Sequence[Sequence[str]]) -> Rows:
    values, titles, descriptions = zip(*lines, strict=True)
    table: dict[str, Sequence[object]] = dict(
        zip(("class", "title", "description"), (values, titles, descriptions), strict=True)
    )
    names = _class_names_beside(path)
    distinct = set(values)
    if len(names) == len(distinct) and all(map(INTEGER.fullmatch, distinct)):
        number = {value: i for i, value in enumerate(sorted(distinct, key=float))}
        table["class"] = [number[value] for value in values]
        return Rows(str(path), tuple(table), table.__getitem__, {"class": names})
    return Rows(str(path), tuple(table), table.__getitem__)


def _class_names_beside(path: Path) -> Sequence[str]:
    beside = path.with_name("classes.txt")
    if not beside.is_file():
        return ()
    return [line.strip() for line in _content(beside).split("\n") if line.strip()]


def _table(path: Path, header: Sequence[str], values: dict[str, Sequence[object]]) -> Rows:
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise DataError(f"{path}: two columns are named {twice!r}")
    return Rows(str(path), header, lambda name: values.get(name, ()))


def _read_json(path: Path) -> Rows:
    """One JSON object a line, or one list of objects."""
    content = _content(path)
    whole = content.lstrip().startswith("[")
    # Not splitlines(): it also breaks at U+2028 and other characters that a string may hold.
    pieces = [content] if whole else content.split("\n")
    records: list[dict[str, object]] = []
    for number, piece in enumerate(pieces, start=1):
        try:
            found = json.loads(piece) if piece.strip() else []
        except (json.JSONDecodeError, RecursionError) as error:
            line = getattr(error, "lineno", 1) + number - 1
            raise DataError(f"{path}, line {line}: malformed JSON ({error})") from None
        for record in found if whole or not piece.strip() else [found]:
            if not isinstance(record, dict):
                where = f"row {len(records) + 1}"
                raise DataError(f"{path}, {where}: not a JSON object with named fields")
            records.append(record)
    columns = list(dict.fromkeys(name for record in records for name in record))
    return Rows(str(path), columns, lambda name: [record.get(name) for record in records])


def _read_parquet(path: Path) -> Rows:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    def read(name: str) -> Sequence[object]:
        try:
            values: list[object] = pq.read_table(path, columns=[name]).column(0).to_pylist()
        except (pa.ArrowException, OSError) as error:
            raise DataError(f"{path}: column {name!r} cannot be read ({error})") from None
        return values

    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} is not a Parquet file ({error})") from None
    stored = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
    features = stored.get("info", {}).get("features", {})
    names = {
        name: feature["names"]
        for name, feature in features.items()
        if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
    }
    return Rows(str(path), schema.names, read, names)


def _content(path: Path) -> str:
    content = path.read_bytes()
    if content.isspace():
        raise DataError(f"{path} is empty")
    nul = content.find(b"\0")
    if nul >= 0:
        line = content.count(b"\n", 0, nul) + 1
        raise DataError(f"{path}, line {line}: binary (a NUL byte), not UTF-8 text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise DataError(f"{path}, line {line}: byte 0x{byte:02x} is not UTF-8 text") from None
