"""Rows with answers as a Parquet file: the columns as they were, the answers behind them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.class_names import Label
from search.prediction.answers import Answers
from search.prediction.cells import json_text, whole_text
from search.prediction.chunks import ABSENT, Chunk, Source

TYPES = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
LARGEST = 1 << 63


class ParquetSink:
    """A row group a chunk."""

    def __init__(
        self, path: Path, source: Source, names: Sequence[str], classes: Sequence[Label]
    ) -> None:
        """Begin the file ``path``; ``names`` are those of all columns, the answers' last."""
        count = len(source.columns)
        of_rows = source.schema or pa.schema(
            [
                (whole_text(name), TYPES.get(kind, pa.string()))
                for name, kind in zip(source.columns, source.kinds, strict=True)
            ]
        )
        self.classes = _class_type(classes)
        kinds = (self.classes, pa.float32(), self.classes, pa.float32(), pa.float32())
        added = [pa.field(*pair) for pair in zip(names[count:], kinds, strict=True)]
        self.kinds = source.kinds
        self.schema = pa.schema([*of_rows, *added], metadata=of_rows.metadata)
        self.writer = pq.ParquetWriter(path, self.schema)

    def write(self, chunk: Chunk, answers: Answers) -> None:
        """See ``Sink``."""
        columns = self._columns(chunk) if chunk.batch is None else chunk.batch.columns
        fields = list(self.schema)[len(columns) :]
        added = [self._answer(v, f.type) for v, f in zip(answers.columns, fields, strict=True)]
        self.writer.write_table(pa.Table.from_arrays([*columns, *added], schema=self.schema))

    def close(self) -> None:
        """See ``Sink``."""
        self.writer.close()

    def _columns(self, chunk: Chunk) -> list[Any]:
        columns = zip(*chunk.cells(), strict=True)
        return [
            pa.array([_cell(cell, kind) for cell in cells], field.type)
            for cells, kind, field in zip(columns, self.kinds, self.schema, strict=False)
        ]

    def _answer(self, values: Sequence[object], kind: Any) -> Any:
        if kind == self.classes and pa.types.is_string(kind):
            values = [None if value is None else str(value) for value in values]
        return pa.array(values, kind)


def _cell(cell: object, kind: str) -> object:
    if cell is None or cell is ABSENT:
        return None
    if kind in ("int", "float", "bool"):
        return float(cell) if kind == "float" else cell  # type: ignore[arg-type]
    return whole_text(cell if isinstance(cell, str) else json_text(cell))


def _class_type(classes: Sequence[Label]) -> Any:
    """The type that all classes have in common."""
    if all(isinstance(label, bool) for label in classes):
        return pa.bool_()
    are_whole = all(isinstance(label, int) and not isinstance(label, bool) for label in classes)
    if are_whole and all(-LARGEST <= int(label) < LARGEST for label in classes):
        return pa.int64()
    return pa.string()
