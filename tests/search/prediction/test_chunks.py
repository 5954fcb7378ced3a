"""A file is read in parts of bounded size, whatever its columns hold and whoever wrote it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.reading import Reading
from search.prediction.chunks import CHARACTERS
from search.prediction.parquet_source import MEMORY
from search.prediction.reading import file_rows
from tests.search.prediction.classifiers import predict


def test_other_columns_count_too(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    page = "x" * 30_000
    path.write_text("page,text\n" + f"{page},the team\n" * 1000)
    chunks = list(file_rows(path, Reading()).chunks())
    assert sum(len(chunk.texts) for chunk in chunks) == 1000
    assert max(len(chunk.texts) for chunk in chunks) <= CHARACTERS // len(page) + 1


def test_a_text_that_many_rows_share_is_not_read_for_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "shared.parquet"
    pq.write_table(pa.table({"text": ["the team " * 20_000] * 1000}), path)
    chunks = list(file_rows(path, Reading()).chunks())
    assert sum(len(chunk.texts) for chunk in chunks) == 1000
    assert max(chunk.batch.num_rows for chunk in chunks) <= MEMORY // 180_000 + 1
    assert [fault for chunk in chunks for fault in chunk.faults] == []


LONG = "x" * 300
TABLE = [
    (
        ("--input", "a.jsonl", "--separator", ";"),
        "--separator goes with CSV and",
    ),
    (("--input", "a.parquet", "--header"), "--header/--no-header goes with CSV"),
    (("--input", "a.parquet", "--encoding", "cp1252"), "--encoding goes with CSV and the like"),
    (("--input", LONG), f"error: {LONG}: File name too long"),
    (("--output", f"{LONG}.csv", "the team"), f"error: {LONG}.csv: File name too long"),
]


@pytest.mark.parametrize(("arguments", "says"), TABLE)
def test_options_and_names_that_cannot_be(here: Path, arguments: list[str], says: str) -> None:
    Path("a.jsonl").write_text('{"text": "the team"}\n')
    pq.write_table(pa.table({"text": ["the team"]}), "a.parquet")
    done = predict(*arguments, expect=1 if LONG in says else 2)
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_text_file_with_a_header_is_a_table(here: Path) -> None:
    Path("a.txt").write_text("text\nthe team\n")
    done = predict("--input", "a.txt", "--header", "--output", "o.csv")
    assert "the team" in Path("o.csv").read_text()
    assert len(Path("o.csv").read_text().splitlines()) == 2, done.stderr
