"""Rows and files that cannot be read: named, in place, and never a traceback."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.search.prediction.classifiers import objects, predict
from tests.search.prediction.rows import csv_bytes, csv_rows

BAD_CSV = b"""id,text,note
1,the team,a
2
3,the, market,b
4,"the "team" won",c
5,caf\xe9,d

6,"no end,e
7,the market,f
""".replace(b"1,the team", b"0," + b"the team " * 8000 + b",a\n1,the team")


def test_bad_rows_of_csv_are_named_and_stay_in_place(here: Path) -> None:
    Path("a.csv").write_bytes(BAD_CSV)
    done = predict("--input", "a.csv", "--output", "o.csv", expect=1)
    for line in (
        "a.csv, row 3: it has 1 field, not 3",
        "a.csv, row 4: it has 4 fields, not 3",
        "a.csv, row 5: its quotation goes wrong",
        "a.csv, row 6: byte 0xe9 is not text",
        "a.csv, row 7: its quotation goes wrong",
        "error: 5 rows have no answer\n",
    ):
        assert line in done.stderr
    rows = csv_rows(Path("o.csv"))
    assert [row["class"] != "" for row in rows] == [True, True, *[False] * 5, True]
    assert rows[2]["id"] == "2"
    assert (rows[3]["text"], rows[3]["note"]) == ("the", " market,b"), "nothing is lost"
    assert rows[4]["text"] == '4,"the "team" won",c'
    assert rows[5]["text"] == "caf\ufffd"
    assert rows[6]["text"] == '6,"no end,e'
    assert rows[7]["text"] == "the market"


BAD_JSON = (
    b"""{"text": "the team", "n": 1}
{"text": "the market"
{"n": 2}
{"text": null}
{"text": NaN}
{"text": 5, "deep": {"a": [1]}}
[1, 2]
{"text": "a", "text": "b"}
{"text": "caf\xe9"}
{"text": "half \\ud800 and \\u0000", "n": 1e999, "late": "x"}
"""
    + b"[" * 100_000
    + b"\n"
    + b'{"n": '
    + b"9" * 5000
    + b"}\n"
)
REASONS = (
    "malformed JSON (Expecting ',' delimiter, column 22)",
    "the text is missing", "the text is missing", "the text is missing",
    "the text is int '5', not a string", "it is no JSON object", "it has the key 'text' twice",
    "byte 0xe9 is not text", "malformed JSON (a number too long, or nested too deeply)",
    "malformed JSON (a number too long, or nested too deeply)",
)  # fmt: skip


@pytest.mark.parametrize("output", ["o.jsonl", "o.csv", "o.parquet"])
def test_bad_lines_of_json_are_named_and_stay_in_place(
    here: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.prediction.classifying.NAMED", 20)
    padding = b"".join(b'{"text": "the team", "i": %d}\n' % i for i in range(3000))
    Path("a.jsonl").write_bytes(padding + BAD_JSON)
    done = predict("--input", "a.jsonl", "--output", output, expect=1)
    rows = [*range(3002, 3010), 3011, 3012]
    named = [f"a.jsonl, row {n:,}: {why}" for n, why in zip(rows, REASONS, strict=True)]
    assert [line for line in done.stderr.splitlines() if ", row " in line] == named
    found: Sequence[Mapping[str, Any]]
    if output == "o.jsonl":
        found = objects(Path(output).read_text("utf-8"))[3000:]
        assert found[1]["text"] == '{"text": "the market"'
        assert found[5]["deep"] == {"a": [1]}
        assert found[9]["text"] == "half \ud800 and \x00"
        assert "late" not in found[0]
    elif output == "o.csv":
        found = list(csv_rows(Path(output)))[3000:]
        assert found[5]["deep"] == '{"a": [1]}'
    else:
        found = pq.read_table(output).to_pylist()[3000:]
        assert found[5]["deep"] == '{"a": [1]}'
        assert found[9]["text"] == "half \ufffd and \x00"
    assert len(found) == 12
    answered = [row["class"] not in (None, "") for row in found]
    assert answered == [True, *[False] * 8, True, False, False]


def test_parquet_keeps_its_types_and_says_which_cells_are_no_text(here: Path) -> None:
    texts = pa.array([b"the team", b"caf\xe9", None], pa.binary()).view(pa.string())
    table = pa.table(
        {
            "text": texts,
            "nested": [{"a": [1, 2]}, None, {"a": []}],
            "at": pa.array([1, 2, 3], pa.timestamp("ns")),
            "raw": [b"\xff", b"a", None],
            "number": [float("nan"), 1.5, None],
        }
    ).replace_schema_metadata({"mine": "kept"})
    pq.write_table(table, "a.parquet")
    done = predict("--input", "a.parquet", "--output", "o.parquet", expect=1)
    assert "row 2: the text is bytes" in done.stderr
    assert "row 3: the text is missing" in done.stderr
    again = pq.read_table("o.parquet")
    assert again.select(table.column_names).schema == table.schema
    assert again.schema.metadata[b"mine"] == b"kept"
    assert again.column("nested").to_pylist() == table.column("nested").to_pylist()
    found = objects(predict("--input", "a.parquet", expect=1).stdout)
    assert [row["number"] for row in found] == [None, 1.5, None]
    assert found[0]["nested"] == {"a": [1, 2]}
    assert found[0]["raw"] == "\\xff"
    predict("--input", "a.parquet", "--output", "o.csv", expect=1)
    assert csv_rows(Path("o.csv"))[0]["nested"] == '{"a": [1, 2]}'


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("a.csv", b"", (), "a.csv is empty"),
        ("a.csv", b" \n\n", (), "a.csv is empty"),
        ("a.csv", b"a,b\n1,2\n", (), "no column is named like a text"),
        ("a.csv", b"a,text\n1,2\n", ("--text-column", "x"), "--text-column 'x' is no column"),
        ("a.csv", b"text,text\n1,2\n", (), "may be 'text' or 'text'"),
        ("a.csv", b"a,a\n1,2\n", ("--text-column", "a"), "two columns are named 'a'"),
        ("a.csv", b"a,a,text\n1,2,3\n", ("--json",), "two columns are named 'a'"),
        ("a.csv", b"hello\nworld\n", (), "say --header or --no-header"),
        ("a.csv", b"text,b\ncaf\xe9,1\n", (), "it looks like cp1252: --encoding cp1252"),
        ("a.csv", b"text,b\n\x00,1\n", (), "binary (a NUL byte)"),
        ("a.csv", b"PK\x03\x04", (), "zip archive or an Excel workbook"),
        ("a.csv", b"class,predicted_class,text\n1,2,3\n", (), "rename 'class', 'predicted_class'"),
        ("a.csv.gz", gzip.compress(csv_bytes())[:-9], (), "broken or incomplete gzip"),
        ("a.xyz", b"text\n", (), "format '.xyz' is unknown"),
        ("a.json", b'[\n{"text": "a"}]', (), "wanted is an object a line"),
        ("a.json", b'[{"text": "a"}]', (), "one JSON list"),
        ("a.jsonl", b'{\n"text": "a"}', (), "wanted is an object a line"),
        ("a.jsonl", b"nothing\n", (), "no line is a JSON object with fields"),
        ("a.jsonl", b'{"a": 1, "b": 2}\n', (), "no column is named like a text"),
        ("a.parquet", b"PAR1 and no more", (), "not a Parquet file, or damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_message(
    here: Path, name: str, content: bytes, options: tuple[str, ...], message: str
) -> None:
    Path(name).write_bytes(content)
    done = predict("--input", name, *options, expect=2)
    assert message in done.stderr.splitlines()[-1]
    assert done.stdout == ""


def test_a_parquet_column_without_text_is_refused(here: Path) -> None:
    pq.write_table(pa.table({"text": [1, 2]}), "a.parquet")
    done = predict("--input", "a.parquet", expect=2)
    assert "column 'text' holds int64, not text" in done.stderr
