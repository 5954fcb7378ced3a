"""Parquet: what is held at once, and cells that Python has no value for."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.reading import Reading
from search.prediction.reading import file_rows
from tests.search.prediction.classifiers import objects, predict


@pytest.mark.parametrize("dictionary", [True, False])
def test_long_texts_come_in_small_chunks(
    here: Path, dictionary: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dictionary holds a text once, however many rows have it."""
    texts = pa.array([c * 1000 for c in "abc"] * 100 + [None])
    pq.write_table(
        pa.table({"text": texts.dictionary_encode() if dictionary else texts}), "a.parquet"
    )
    monkeypatch.setattr("search.prediction.parquet_source.CHARACTERS", 5000)
    found = [chunk.texts for chunk in file_rows(Path("a.parquet"), Reading()).chunks()]
    assert [text for part in found for text in part] == texts.to_pylist()
    assert max(map(len, found)) <= 5


def test_a_row_group_is_not_held_whole(here: Path) -> None:
    """Arrow's pool at its highest, with a row group of 60 MB."""
    texts = [f"{i * 7919:x}" * 40 for i in range(200_000)]
    pq.write_table(
        pa.table({"text": texts}),
        "a.parquet",
        compression="none",
        use_dictionary=False,
        data_page_size=1 << 16,
    )
    del texts
    size = Path("a.parquet").stat().st_size
    highest, before = 0, pa.total_allocated_bytes()
    for _ in file_rows(Path("a.parquet"), Reading()).chunks():
        highest = max(highest, pa.total_allocated_bytes() - before)
    assert highest < size / 2


def test_nested_cells_that_python_has_no_value_for(here: Path) -> None:
    names = pa.array([b"caf\xe9", b"a"], pa.binary()).view(pa.string())
    late = pa.array([300_000_000_000, 0], pa.timestamp("s"))
    parts = pa.StructArray.from_arrays([names, late], ["name", "at"])
    nested = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), parts)
    pq.write_table(pa.table({"text": ["the", "team"], "nested": nested}), "a.parquet")
    first, second = objects(predict("--input", "a.parquet").stdout)
    assert first["nested"] == [{"name": "caf\\xe9", "at": "11476-08-15 05:20:00.000"}]
    assert second["nested"] == [{"name": "a", "at": "1970-01-01T00:00:00"}]


def test_a_name_that_is_half_a_character_is_written(here: Path) -> None:
    Path("a.jsonl").write_text('{"text": "the team", "x\\ud800": 1}\n')
    predict("--input", "a.jsonl", "--output", "o.parquet")
    assert pq.read_table("o.parquet").column_names[:2] == ["text", "x\ufffd"]
