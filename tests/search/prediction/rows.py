"""Rows that are hard to write and read again, and whether they have their answers."""

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.checkpoint import load

ROWS = [
    {"id": "1", "text": "the team won", "note": "a, b"},
    {"id": "2", "text": 'two\nlines of "the market"', "note": ""},
    {"id": "3", "text": "", "note": "größer \U0001f600"},
    {"id": "4", "text": "cannot; the\tmarket\r", "note": "x"},
]


def csv_bytes(separator: str = ",", end: str = "\n", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, list(ROWS[0]), delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL
    )
    writer.writeheader()
    writer.writerows(ROWS)
    return text.getvalue().encode(encoding)


def csv_rows(path: Path, separator: str = ",") -> list[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def json_bytes() -> bytes:
    return "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def write_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), path)


def check(rows: Sequence[Mapping[str, Any]], *, typed: bool) -> None:
    """They are ``ROWS`` with the classifier's answers."""
    made = load("model")
    texts = [row["text"] for row in ROWS]
    best, shares = made.predict_proba(texts).max(axis=1), made.unknown_share(texts)
    assert len(rows) == len(ROWS)
    for i, (row, label) in enumerate(zip(rows, made.predict(texts), strict=True)):
        assert {name: row[name] for name in ROWS[i]} == ROWS[i]
        assert row["class"] == (label if typed else str(label))
        assert float(row["probability"]) == pytest.approx(best[i], abs=1e-6)
        if np.isnan(shares[i]):
            assert row["unknown_share"] == (None if typed else "")
        else:
            assert float(row["unknown_share"]) == pytest.approx(shares[i], abs=1e-4)
