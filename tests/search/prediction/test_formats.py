"""Files of rows with answers behind them: every format, nothing lost, nothing out of place."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.reading import Reading
from model.checkpoint import load
from search.prediction import chunks
from search.prediction.reading import file_rows
from tests.search.prediction.classifiers import make, objects, predict
from tests.search.prediction.rows import check, csv_bytes, csv_rows, json_bytes, write_parquet

INPUTS = {
    "a.csv": csv_bytes(),
    "mark.csv": b"\xef\xbb\xbf" + csv_bytes(end="\r\n"),
    "semicolon.csv": csv_bytes(";"),
    "utf16.csv": csv_bytes(encoding="utf-16"),
    "hint.csv": b"sep=;\n" + csv_bytes(";"),
    "a.tsv": csv_bytes("\t"),
    "a.csv.gz": gzip.compress(csv_bytes()),
    "a.jsonl": json_bytes(),
    "a.jsonl.gz": gzip.compress(json_bytes().replace(b"\n", b"\r\n\n")),
    "a.parquet": None,
}


@pytest.mark.parametrize("given", INPUTS)
@pytest.mark.parametrize("output", ["o.csv", "o.tsv.gz", "o.jsonl", "o.parquet"])
def test_rows_keep_their_places_and_their_cells(here: Path, given: str, output: str) -> None:
    content = INPUTS[given]
    if content is None:
        write_parquet(Path(given))
    else:
        Path(given).write_bytes(content)
    done = predict("--input", given, "--output", output)
    assert "the text is 'text'" in done.stderr
    assert f"{output}: 4 rows, 4 of them classified" in done.stderr
    if output.endswith(".parquet"):
        table = pq.read_table(output)
        assert table.schema.field("class").type == pa.int64()
        check(table.to_pylist(), typed=True)
    elif output.endswith(".jsonl"):
        check(objects(Path(output).read_text("utf-8")), typed=True)
    else:
        separator = ";" if given in ("semicolon.csv", "hint.csv") and output == "o.csv" else ","
        rows = csv_rows(Path(output), "\t" if ".tsv" in output else separator)
        assert output != "o.csv" or b"\r\n" not in Path(output).read_bytes()
        check(rows, typed=False)
    assert sorted(path.name for path in here.iterdir()) == sorted([given, "model", output])


def test_standard_output_has_the_form_of_the_file(here: Path) -> None:
    Path("a.csv").write_bytes(csv_bytes())
    Path("a.jsonl").write_bytes(json_bytes())
    Path("a.txt").write_bytes(b"\xef\xbb\xbfthe team\r\n\nthe market\n")
    assert predict("--input", "a.csv").stdout.startswith("id,text,note,class,probability")
    check(objects(predict("--input", "a.csv", "--json").stdout), typed=True)
    check(objects(predict("--input", "a.jsonl").stdout), typed=True)
    lines = predict("--input", "a.txt").stdout.splitlines()
    assert [line.split("  ")[2] for line in lines] == ["the team", "", "the market"]


@pytest.mark.parametrize("classes", [("yes", "no"), (True, False), (10**30, 5)])
def test_labels_keep_their_type(here: Path, classes: tuple[str | int | bool, ...]) -> None:
    make(Path("model"), classes)
    Path("a.jsonl").write_text('{"text": "the team"}\n')
    predict("--input", "a.jsonl", "--output", "o.parquet")
    predict("--input", "a.jsonl", "--output", "o.jsonl")
    (row,), (found,) = pq.read_table("o.parquet").to_pylist(), objects(Path("o.jsonl").read_text())
    assert found["class"] in classes
    assert row["class"] == (str(found["class"]) if 10**30 in classes else found["class"])


def test_small_chunks_change_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"{i},{'the team ' * (i % 5)}\n" for i in range(50))
    Path("a.csv").write_text("id,text\n" + lines + "50\n51,the\n")
    pq.write_table(pa.table({"text": ["the team", None] * 25}), "a.parquet", row_group_size=7)
    whole = predict("--input", "a.csv", expect=1)
    assert "a.csv, row 51: it has 1 field, not 2" in whole.stderr
    of_parquet = predict("--input", "a.parquet", expect=1)
    monkeypatch.setattr(chunks, "CHARACTERS", 40)
    monkeypatch.setattr("search.prediction.parquet_source.AT_ONCE", 3)
    of_small = predict("--input", "a.csv", expect=1)
    assert (of_small.stdout, of_small.stderr) == (whole.stdout, whole.stderr)
    again = predict("--input", "a.parquet", expect=1)
    assert again.stdout == of_parquet.stdout
    assert again.stderr == of_parquet.stderr
    assert "a.parquet, row 10: the text is missing" in again.stderr
    assert "error: 25 rows have no answer, 20 of them not named here" in again.stderr


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_wide_rows_come_in_small_chunks(
    here: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = "x" * 5000
    row = json.dumps({"text": "a", "note": [note]}) if name == "a.jsonl" else f"a,{note}"
    Path(name).write_text(("" if name == "a.jsonl" else "text,note\n") + f"{row}\n" * 100)
    monkeypatch.setattr(chunks, "CHARACTERS", 20_000)
    found = [len(chunk.texts) for chunk in file_rows(Path(name), Reading()).chunks()]
    assert sum(found) == 100
    assert max(found) <= 4


@pytest.mark.parametrize(
    ("content", "options", "texts"),
    [
        ('text\nthe\n\n""\nteam\n', (), ["the", "", "team"]),
        ("the\nteam\n", ("--no-header",), ["the", "team"]),
        ("name\nteam\n", ("--header",), ["team"]),
        ('"3","the","team"\n"4","won","x"\n"3","a","b"\n', (), ["the team", "won x", "a b"]),
        ("Title,body\nthe,team\n", ("--text-column", "title+body"), ["the team"]),
        ("id::text\n1::the::\n", ("--separator", "::"), ["the"]),
        ('id, text\n1, "the, team"\n', (), ["the, team"]),
        ("# made today\nid,text\n1,the\n", (), ["the"]),
        ('id\ttext\n1\t"the\n2\tteam\n', (), ['"the', "team"]),
        ("id,text,\n1,the,\n", (), ["the"]),
    ],
)
def test_forms_of_csv(
    here: Path, content: str, options: tuple[str, ...], texts: list[str]
) -> None:
    Path("a.csv").write_text(content)
    found = objects(predict("--input", "a.csv", "--json", *options).stdout)
    probabilities = [float(p) for p in load("model").predict_proba(texts).max(axis=1)]
    prefix = "predicted_" if "predicted_class" in found[0] else ""
    assert [row[f"{prefix}probability"] for row in found] == pytest.approx(probabilities, abs=1e-6)


def test_fields_of_json_have_their_types_in_parquet(here: Path) -> None:
    rows = [
        {
            "text": "the",
            "whole": 1,
            "real": 1,
            "is": True,
            "big": 1 << 70,
            "mixed": 1,
            "none": None,
        },
        {"text": "team", "whole": None, "real": 2.5, "is": False, "big": 2, "mixed": "x"},
    ]
    Path("a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    predict("--input", "a.jsonl", "--output", "o.parquet")
    table = pq.read_table("o.parquet")
    kinds = [pa.string(), pa.int64(), pa.float64(), pa.bool_(), *[pa.string()] * 3]
    assert table.schema.types[:7] == kinds
    first, second = table.to_pylist()
    assert (first["whole"], first["real"], first["is"], first["big"]) == (
        1,
        1.0,
        True,
        str(1 << 70),
    )
    assert (first["mixed"], second["mixed"], second["whole"]) == ("1", "x", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", ""])
def test_the_beginning_that_tells_the_encoding_ends_with_a_character(
    here: Path, encoding: str, end: str
) -> None:
    text = "größe \u6771\u4eac \U0001f600\u0a0a"
    Path("a.txt").write_bytes(f"{text}{end}".encode(encoding))
    Path("b.txt").write_bytes(f"{f'{text} ' * 9}{end}".join([""] * 700).encode(encoding))
    for name, rows in (("a.txt", 1), ("b.txt", 699 if end else 1)):
        found = objects(predict("--input", name, "--json").stdout)
        assert len(found) == rows
        assert all(str(row["text"]).startswith(text) for row in found)
