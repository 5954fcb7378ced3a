"""One local file to rows, by its ending or, where it has none, by its content."""

from dataclasses import replace
from pathlib import Path

from data.delimited import read_delimited
from data.encoding import PARQUET, begins_with, decode, read_bytes
from data.errors import DataError, listed, shown
from data.folders import ENDINGS, FORMATS, PACKED, Part, read_classes
from data.json_tables import read_json
from data.json_values import is_json
from data.parquet import read_parquet
from data.reading import Reading
from data.rows import Rows, joined
from data.text_lines import read_text, with_labels

__all__ = ["ENDINGS", "FORMATS", "DataError", "Rows", "read_file", "read_part"]

SEPARATOR_OF = {".csv": ",", ".tsv": "\t"}
JSON = (".json", ".jsonl", ".ndjson")
NO_OPTIONS = Reading()
PIPES = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")


def read_part(part: Part, reading: Reading = NO_OPTIONS) -> Rows:
    """The rows of a part of a data set: of its files together, or of its folders of texts.

    Raises:
        DataError: see ``read_file``; or its files have different columns.
    """
    if part.classes is not None:
        return read_classes(part.classes, reading)
    tables = [read_file(path, reading) for path in part.files]
    return tables[0] if len(tables) == 1 else joined(str(part.files[0].parent), tables)


def read_file(path: Path, reading: Reading = NO_OPTIONS) -> Rows:
    """The rows of one file.

    Raises:
        DataError: the format is unknown, or the content is empty, binary or malformed.
    """
    refuse_pipes(path)
    if not path.stat().st_size:
        raise DataError(f"{path} is empty")
    rows = _read(path, reading)
    if reading.labels_file is None:
        return rows
    labels = Path(reading.labels_file).expanduser()
    refuse_pipes(labels)
    if not labels.is_file():
        raise DataError(f"--labels {reading.labels_file}: there is no such file")
    return with_labels(rows, labels, reading.encoding)


def refuse_pipes(path: Path) -> None:
    """Raise a ``DataError`` where ``path`` can be read only once, or not at all."""
    is_pipe = str(path) == "-" or str(path).startswith(PIPES)
    if is_pipe or path.is_fifo() or path.is_socket() or path.is_char_device():
        raise DataError(
            f"{path}: standard input and pipes can be read only once, but a study reads its texts "
            "each time that it goes on: write them to a file"
        )


def _read(path: Path, reading: Reading) -> Rows:
    name = path.name.lower().removesuffix(PACKED)
    suffix = Path(name).suffix
    if suffix == ".parquet" or (not suffix and begins_with(path, PARQUET)):
        return read_parquet(path)
    if suffix and suffix not in FORMATS:
        known = listed(FORMATS)
        raise DataError(
            f"{path}: format {shown(suffix)} is unknown; choose from {known}, or these with .gz"
        )
    found = read_bytes(path)
    content = decode(path, found, reading.encoding)
    del found  # large files need their memory for the rows
    if suffix in JSON:
        return read_json(path, content, reading)
    # What a file is called is often wrong, but options for other formats are meant.
    if reading.separator is None and reading.labels_file is None and is_json(content.text):
        rows = read_json(path, content, reading)
        note = f"its content is JSON, not {suffix}" if suffix else ""
        return replace(rows, notes=(*rows.notes, note)) if note else rows
    if suffix in SEPARATOR_OF:
        return read_delimited(path, content, SEPARATOR_OF[suffix], reading)
    return read_text(path, content, reading)
