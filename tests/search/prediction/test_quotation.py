"""Quotation marks of delimited files: what they mean where some of them go wrong."""

from pathlib import Path

from search.prediction.text_files import HEAD
from tests.search.prediction.classifiers import predict
from tests.search.prediction.rows import csv_rows

PLAIN = "quotation marks are taken as they stand"


def test_one_bad_row_leaves_the_others_their_quotation(here: Path) -> None:
    Path("a.csv").write_text('id,text\n"1","the team"\n"2","the "best" team"\n')
    done = predict("--input", "a.csv", "--output", "o.csv", expect=1)
    assert "a.csv, row 2: its quotation goes wrong" in done.stderr
    assert PLAIN not in done.stderr
    rows = csv_rows(Path("o.csv"))
    assert (rows[0]["id"], rows[0]["text"]) == ("1", "the team")
    assert (rows[0]["class"] != "", rows[1]["class"]) == (True, "")


def test_a_file_without_quotation_keeps_its_marks_and_it_is_said(here: Path) -> None:
    Path("a.tsv").write_text('id\ttext\n1\t"the" team\n2\tthe "market"\n3\t"\n')
    done = predict("--input", "a.tsv", "--output", "o.csv")
    assert PLAIN in done.stderr
    assert [row["text"] for row in csv_rows(Path("o.csv"))] == ['"the" team', 'the "market"', '"']


def test_a_text_of_two_lines_may_stand_where_the_beginning_ends(here: Path) -> None:
    before = "".join(f"{i},the team\n" for i in range(6000))
    head = before[: before.index("\n", HEAD - 500) + 1]
    cut = f'-1,"the {"market " * 100}\nfell"\n'
    Path("a.csv").write_text("id,text\n" + head + cut + "-2,the team\n" * 9)
    done = predict("--input", "a.csv", "--output", "o.csv")
    assert PLAIN not in done.stderr
    rows = csv_rows(Path("o.csv"))
    assert len(rows) == head.count("\n") + 10
    assert rows[-10]["text"].endswith("\nfell")


def test_a_header_whose_quotation_goes_wrong_is_named(here: Path) -> None:
    Path("a.csv").write_text('id,"te"xt\n1,"the, team"\n2,the market\n')
    done = predict("--input", "a.csv", expect=2)
    assert "a.csv, the first line 'id,\"te\"xt': its quotation goes wrong" in done.stderr
    done = predict("--input", "a.csv", "--no-header", "--text-column", "2", expect=1)
    assert "a.csv, row 1: its quotation goes wrong" in done.stderr
