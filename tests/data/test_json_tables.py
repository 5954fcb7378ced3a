"""JSON in the shapes that programs write tables in."""

import json
from pathlib import Path

import pandas
import pytest

from data.corpus import DataError, load_corpus

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
    "pandas' columns": FRAME.to_json(),
    "pandas' index": FRAME.to_json(orient="index"),
    "pandas' split": FRAME.to_json(orient="split"),
    "pandas' table": FRAME.to_json(orient="table"),
}


@pytest.mark.parametrize("ending", [".json", ".jsonl", ".ndjson", ""])
@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_every_shape_is_read(tmp_path: Path, content: str, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text(content, encoding="utf-8")
    corpus = load_corpus(str(path))
    assert corpus.texts == list(FRAME["text"])
    assert corpus.class_names == ("x", "y")


LONG = {"text": ["a long text " * 500] * 600, "mark": ["x", "y"] * 300}
WRONG = {
    "unequal columns": ('{"text": ["a"], "label": ["x", "y"]}', r"'text' has 1, 'label' has 2"),
    "several parts": ('{"a": [{"text": "a"}], "b": [{"text": "b"}]}', r"which part .* 'a', 'b'"),
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
