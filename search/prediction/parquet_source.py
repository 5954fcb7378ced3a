"""Parquet files in batches; only here and where they are written is pyarrow imported."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.columns import choose_text
from data.errors import DataError, shown
from data.reading import Reading
from data.rows import Rows
from search.prediction.chunks import AT_ONCE, CHARACTERS, Chunk, Fault, Source, text_of

MEMORY = 1 << 26  # bytes of a batch, about
BUFFER = 1 << 20  # bytes of a column read at once: else it is a row group, large as that may be


def parquet_source(path: Path, reading: Reading) -> Source:
    """The rows of the file ``path``.

    Raises:
        DataError: it is no Parquet file, or its text's column is not found or holds no text.
    """
    with _readable(path), _opened(path) as file:
        schema, about = file.schema_arrow, file.metadata
        sizes = (about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        each = sum(sizes) // max(about.num_rows, 1) + 1
    at_once = max(min(AT_ONCE, MEMORY // each), 1)
    names = list(schema.names)
    texts = choose_text(Rows(str(path), names, lambda _: ()), reading.text)
    for name in texts:
        _check_text(path, schema, name)
    places = [names.index(name) for name in texts]

    def chunks() -> Iterator[Chunk]:
        done = 0
        with _readable(path), _opened(path) as file:
            for batch in file.iter_batches(at_once):
                for part in _parts(batch):
                    done += part.num_rows
                    yield _chunk(part, places, done, done / about.num_rows)

    return Source(
        name=str(path),
        form="json",
        columns=tuple(names),
        kinds=("json",) * len(names),
        chunks=chunks,
        notes=(f"{path}: Parquet; the text is {' + '.join(map(shown, texts))}",),
        schema=schema,
    )


def _opened(path: Path) -> Any:
    return pq.ParquetFile(path, pre_buffer=False, buffer_size=BUFFER)


def _parts(batch: Any) -> Iterator[Any]:
    """``batch`` in halves, and so on, until the strings of each are no longer than a chunk's."""
    rows = batch.num_rows
    if rows < 2 or sum(map(_length, batch.columns)) <= CHARACTERS:
        yield batch
        return
    yield from _parts(batch.slice(0, rows // 2))
    yield from _parts(batch.slice(rows // 2))


def _length(column: Any) -> int:
    """Bytes of its strings; those of a dictionary are held once but come as often as named."""
    try:
        if pa.types.is_dictionary(column.type):
            lengths = pc.binary_length(column.dictionary).take(column.indices)
        else:
            lengths = pc.binary_length(column)
    except pa.ArrowNotImplementedError:  # numbers and lists have no length in bytes
        return 0
    return pc.sum(lengths).as_py() or 0


def _chunk(batch: Any, places: Sequence[int], done: int, share: float) -> Chunk:
    columns = [_strings(batch.column(i)) for i in places]
    found = [text_of(cells) for cells in zip(*columns, strict=True)]
    reasons = enumerate((reason for _, reason in found), start=done - batch.num_rows + 1)
    return Chunk(
        texts=[None if reason else text for text, reason in found],
        faults=[Fault(row, reason) for row, reason in reasons if reason],
        cells=lambda: list(zip(*(_values(column) for column in batch.columns), strict=True)),
        read=share,
        batch=batch,
    )


def _strings(column: Any) -> list[object]:
    """The cells; bytes where one is no UTF-8, which is no string then."""
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        return [_string(cell) for cell in column.cast(pa.binary()).to_pylist()]


def _string(cell: bytes | None) -> object:
    try:
        return None if cell is None else cell.decode()
    except UnicodeDecodeError:
        return cell


def _values(column: Any) -> list[object]:
    """The cells as Python has them; timestamps finer than it knows as their text."""
    try:
        return _strings(column)
    except (ValueError, OverflowError, pa.ArrowException):
        pass
    try:
        return list(column.cast(pa.string()).to_pylist())
    except pa.ArrowException:  # no cast of what is nested
        return [_value(cell) for cell in column]


def _value(cell: Any) -> object:
    """One cell, with text or bytes for the parts of it that Python has no value for."""
    try:
        return cell.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        if isinstance(cell, pa.ListScalar):
            return [_value(part) for part in cell.values]
        if isinstance(cell, pa.StructScalar):
            return {name: _value(part) for name, part in cell.items()}
    is_text = pa.types.is_string(cell.type) or pa.types.is_large_string(cell.type)
    return cell.cast(pa.binary() if is_text else pa.string()).as_py()


def _check_text(path: Path, schema: Any, name: str) -> None:
    if schema.names.count(name) > 1:
        raise DataError(f"{path}: two columns are named {shown(name)}")
    kind = schema.field(name).type
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_null,
    )
    if not any(test(inner) for test in tests):
        raise DataError(
            f"{path}: column {shown(name)} holds {kind}, not text; name another with --text-column"
        )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Within it, an error in reading ``path`` is one for the user."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        reason = shown(str(error).split("\n")[0])
        raise DataError(f"{path} is not a Parquet file, or damaged ({reason})") from None
