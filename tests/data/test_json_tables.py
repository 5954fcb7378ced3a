"""JSON in the shapes that programs write tables in."""

import json
from pathlib import Path

import pandas
import pytest

from data.corpus import DataError, Reading, load_corpus

FRAME = pandas.DataFrame({"text": ["a b", "c", "d\u2028e", "f"], "label": ["x", "y", "x", "y"]})
RECORDS = FRAME.to_dict(orient="records")
SHAPES = {
    "lines": FRAME.to_json(orient="records", lines=True),
    "list": json.dumps(RECORDS),
    "indented list": json.dumps(RECORDS, indent=2),
    "indented objects": "\n".join(json.dumps(record, indent=2) for record in RECORDS),
    "columns": json.dumps({name: list(FRAME[name]) for name in FRAME}, ensure_ascii=False),
    "indented columns": json.dumps({name: list(FRAME[name]) for name in FRAME}, indent=1),
    "wrapped": json.dumps({"version": 1, "data": RECORDS}),
    "parts": json.dumps({"train": RECORDS, "test": [{"sealed": 1}]}),
    "wrapped columns": json.dumps({"data": FRAME.to_dict(orient="list")}),
    "parts of columns": json.dumps({"train": FRAME.to_dict(orient="list"), "test": {"a": 1}}),
    "parts in an object": json.dumps({"v": 1, "data": {"train": RECORDS, "test": RECORDS}}),
    "columns beside a version": json.dumps({"v": 1, "data": FRAME.to_dict(orient="list")}),
    "objects by name": json.dumps({f"a{i}": record for i, record in enumerate(RECORDS)}),
    "objects parted by commas": ",\n".join(map(json.dumps, RECORDS)),
    "objects parted by commas in a line": ", ".join(map(json.dumps, RECORDS)) + ",",
    "labels of texts": json.dumps(dict(zip(FRAME["text"], FRAME["label"], strict=True)), indent=1),
    "pandas' columns": FRAME.to_json(),
    "pandas' index": FRAME.to_json(orient="index"),
    "pandas' split": FRAME.to_json(orient="split"),
    "pandas' table": FRAME.to_json(orient="table"),
}


@pytest.mark.parametrize("ending", [".json", ".jsonl", ".ndjson", "", ".csv", ".tsv", ".txt"])
@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_every_shape_is_read(tmp_path: Path, content: str, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text(content, encoding="utf-8")
    corpus = load_corpus(str(path))
    assert corpus.texts == list(FRAME["text"])
    assert corpus.class_names == ("x", "y")
    misnamed = ending in {".csv", ".tsv", ".txt"}
    assert (f"its content is JSON, not {ending}" in corpus.facts.notes) == misnamed


def test_lists_of_texts_by_label_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"x": ["a", "b", "c"], "y": ["d", "e"]}))
    corpus = load_corpus(str(tmp_path / "a.json"))
    assert corpus.texts == ["a", "b", "c", "d", "e"]
    assert [corpus.class_names[i] for i in corpus.labels] == ["x", "x", "x", "y", "y"]
    assert corpus.facts.notes == ("one JSON object: a list of texts for each of 2 labels",)


def test_columns_that_are_asked_for_are_no_labels(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"v": [*"abcd"], "w": [*"xyxy"]}))
    corpus = load_corpus(str(tmp_path / "a.json"), text="v", label="w")
    assert corpus.texts == ["a", "b", "c", "d"]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt"])
def test_a_cell_of_json_makes_no_json_file(tmp_path: Path, ending: str) -> None:
    rows = "".join(f'{{"id": {i}}}\tso well {i}\t{"xy"[i % 2]}\n' for i in range(6))
    (tmp_path / f"a{ending}").write_text(rows)
    asked = Reading(text="2", label="3", header=False)
    assert load_corpus(str(tmp_path / f"a{ending}"), asked).class_names == ("x", "y")


LONG = {"text": ["a long text " * 500] * 600, "mark": ["x", "y"] * 300}
WRONG = {
    "unequal columns": ('{"text": ["a"], "label": ["x", "y"]}', r"'text' has 1, 'label' has 2"),
    "several parts": ('{"a": [{"text": "a"}], "b": [{"text": "b"}]}', r"which part .* 'a', 'b'"),
    "lists that may be columns": ('{"x": ["a", "b"], "y": ["c", "d"]}', "2 lists columns, or the"),
    "lists of texts or labels": (
        json.dumps({"v": [*"abcdef"], "w": ["x", "y", "x", "y"]}),
        "2 lists columns, or the texts of a label each",
    ),
    "a key twice in a list": (
        '[{"text": "a", "label": "x"}, {"text": "b", "label": "x", "label": "y"}]',
        "object 2 has the key 'label' twice",
    ),
    "a key twice in a line": (
        '{"text": "a", "label": "x"}\n{"text": "b", "text": "c", "label": "y"}\n',
        "line 2: the object has the key 'text' twice",
    ),
    "a key twice in an indented object": (
        '{\n"a": "x",\n"b": "y",\n"a": "y"\n}',
        "1 has the key 'a'",
    ),
    "a key twice inside": (
        '[{"text": "a", "label": {"n": 1, "n": 2}}]',
        "1 has the key 'n' twice",
    ),
    "no JSON": ("text,label\na,x\n", "not JSON objects; it begins 'text,label'"),
    "texts for names": (
        json.dumps({f"{'a long text ' * 9}{i}": i for i in range(300)}),
        r"--text-column \(300 columns, the first is 'a long text .{40,60}\.\.\.\)$",
    ),
    "lists of values": ('[["a", "x"], ["b", "y"]]', "row 1: not a JSON object with named fields"),
    "not closed": ('[{"text": "a"},\n{"text": ]', r"line 2, column \d+: malformed JSON"),
    "too deep": ("[" * 100_000, r"malformed JSON"),
    "indented and malformed": ('{\n"text": "a",\n"label" "x"\n}', r"line 3, column \d+"),
    "everything in a name": (json.dumps({json.dumps(LONG): "x", "b": "y"}), "--text-column"),
    "no label column": (json.dumps(LONG), r"--label-column \(columns: 'text', 'mark'\)$"),
}


@pytest.mark.parametrize(("content", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_without_the_data(
    tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        load_corpus(str(path))
    assert len(str(caught.value)) - len(str(path)) < 250


MALFORMED = {
    "a line": '{"text": "a" "label": "x"}\n{"text": "b", "label": "y"}\n',
    "the last line": '{"text": "a", "label": "x"}\n{"text": "b", ',
    "a list": '[{"text": "a", "label": "x"}, {"text": ',
    "an indented object": '{\n"text": "a",\n"label" "x"\n}',
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_malformed_json_is_said_to_be_that_under_any_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(DataError, match=r"a.csv, line \d, column \d+: malformed JSON"):
        load_corpus(str(tmp_path / "a.csv"))
