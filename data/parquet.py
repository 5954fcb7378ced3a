"""Parquet files to rows."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.errors import DataError, shown
from data.rows import Rows


def read_parquet(path: Path) -> Rows:
    """The rows of one Parquet file; only the columns that are asked for are read.

    Raises:
        DataError: it is no Parquet file, or a column cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    def read(name: str) -> Sequence[object]:
        try:
            table = pq.read_table(path, columns=[name], partitioning=None)
            values: list[object] = table.column(0).to_pylist()
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            reason = shown(str(error).split("\n")[0])
            raise DataError(f"{path}: column {shown(name)} cannot be read ({reason})") from None
        return values

    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        reason = shown(str(error).split("\n")[0])
        raise DataError(f"{path} is not a Parquet file ({reason})") from None
    return Rows(str(path), schema.names, read, _class_names(schema))


def _class_names(schema: Any) -> dict[str, list[str]]:
    """Names of class numbers, as ``datasets`` stores them."""
    stored = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
    features = stored.get("info", {}).get("features", {})
    return {
        name: feature["names"]
        for name, feature in features.items()
        if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
    }
