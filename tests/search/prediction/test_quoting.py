"""Whether quotation marks quote is decided once, and one bad row does not decide it."""

from pathlib import Path

import pytest

from search.prediction.text_files import HEAD
from tests.search.prediction.classifiers import predict
from tests.search.prediction.rows import csv_rows


@pytest.mark.parametrize("bad", ['"2","the "best" team"', '2,"an unclosed team'])
def test_one_bad_row_leaves_the_others_quoted(here: Path, bad: str) -> None:
    Path("a.csv").write_text(f'id,text\n"1","the team"\n{bad}\n"3","the market"\n')
    done = predict("--input", "a.csv", "--output", "o.csv", expect=1)
    assert "a.csv, row 2: its quotation goes wrong" in done.stderr
    rows = csv_rows(Path("o.csv"))
    assert [row["id"] for row in rows][::2] == ["1", "3"]
    assert [row["text"] for row in rows][::2] == ["the team", "the market"]
    assert [row["class"] != "" for row in rows] == [True, False, True]


def test_a_file_written_without_quoting_is_read_so_and_that_is_said(here: Path) -> None:
    Path("a.tsv").write_text('id\ttext\n1\t"the" team\n2\t5" of market\n')
    done = predict("--input", "a.tsv", "--output", "o.tsv")
    assert "2 columns parted by tabs, quotation marks taken as they stand" in done.stderr
    assert '5"" of market' in Path("o.tsv").read_text()


def test_a_quotation_across_the_end_of_what_is_looked_at(here: Path) -> None:
    """Of a large file the beginning tells its form; it may end amid a text of several lines."""
    plain = "1\tthe team\n" * 9
    begins = "2\t" + "the team " * 8000
    text = "id\ttext\n" + plain + begins[: HEAD - 8 - len("id\ttext\n" + plain)] + "\n"
    assert len(text) == HEAD - 7
    Path("a.tsv").write_text(text + '3\t"the team\nof the market"\n' * 200)
    predict("--input", "a.tsv", "--output", "o.csv")
    rows = csv_rows(Path("o.csv"))
    assert len(rows) == 210
    assert rows[-1]["text"] == "the team\nof the market"
