"""Data sets in every accepted form, the test rows closed, and one message for what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas
import pytest

from data.corpus import Corpus, DataError, Reading, load_corpus
from tests.agnews import FOLDER, needs_agnews

TEXTS = ["Stocks fell", 'He said "no", twice', "", "Goal!", "null", "Market up"]
LABELS = ["business", "sports", "business", "sports", "sports", "business"]


def frame() -> pandas.DataFrame:
    return pandas.DataFrame({"text": TEXTS, "label": LABELS})


def save_dataset(path: Path) -> None:
    import datasets

    rows = datasets.Dataset.from_pandas(frame()).class_encode_column("label")
    datasets.DatasetDict({"train": rows, "test": rows}).save_to_disk(str(path))
    for file in (path / "test").iterdir():
        file.write_bytes(b"sealed")


FORMS: dict[str, Callable[[Path], object]] = {
    "a.csv": lambda p: frame().to_csv(p, index=False),
    "a.tsv": lambda p: frame().to_csv(p, index=False, sep="\t"),
    "a.jsonl": lambda p: frame().to_json(p, orient="records", lines=True),
    "a.parquet": lambda p: frame().to_parquet(p),
    "saved": save_dataset,
}


@pytest.mark.parametrize("name", FORMS)
def test_the_same_rows_are_the_same_corpus_in_every_form(tmp_path: Path, name: str) -> None:
    FORMS[name](tmp_path / name)
    corpus = load_corpus(str(tmp_path / name))
    assert corpus.texts == TEXTS
    assert corpus.class_names == ("business", "sports")
    assert corpus.labels.tolist() == [0, 1, 0, 1, 1, 0]
    FORMS["a.csv"](tmp_path / "other.csv")
    assert corpus.fingerprint == load_corpus(str(tmp_path / "other.csv")).fingerprint


def test_headerless_news_joins_title_and_description(tmp_path: Path) -> None:
    rows = '"3","Stocks","fall again"\n"10","","Goal"\n"3","Up",""\n"10","A ""b""","c"\n'
    (tmp_path / "train.csv").write_text(rows)
    (tmp_path / "test.csv").write_bytes(b"\0 sealed")
    corpus = load_corpus(str(tmp_path))
    assert corpus.texts[:2] == ["Stocks fall again", "Goal"]
    assert corpus.texts[3] == 'A "b" c'
    assert corpus.class_names == ("3", "10"), "numbers sort by value"
    (tmp_path / "classes.txt").write_text("Business\nSports\n")
    assert load_corpus(str(tmp_path)).class_names == ("Business", "Sports")


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("Sentence,Category", {}),
        ("words,mark", {"text": "words", "label": "mark"}),
        ("text,category", {"text": "text"}),
    ],
)
def test_columns_are_found_or_given(tmp_path: Path, header: str, options: dict[str, str]) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\nhello,x\nthere,y\nyou,x\ntoo,y\n")
    text, label = options.get("text"), options.get("label")
    assert load_corpus(str(tmp_path / "a.csv"), text=text, label=label).texts[0] == "hello"
    asked = Reading(text=text, label=label)
    assert load_corpus(str(tmp_path / "a.csv"), asked).texts[0] == "hello"


@pytest.mark.parametrize("name", ["nan", "NaN", "null", "NA", "None"])
def test_a_class_may_be_called_like_a_missing_value(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_text(f"text,label\na,{name}\nb,x\nc,{name}\nd,x\n")
    assert name in load_corpus(str(tmp_path / "a.csv")).class_names


def test_several_columns_can_be_joined(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b,label\nx,y,1\nx,z,2\np,q,1\nr,s,2\n")
    corpus = load_corpus(str(tmp_path / "a.csv"), text="a+b")
    assert corpus.texts == ["x y", "x z", "p q", "r s"]


def test_content_not_path_makes_the_fingerprint(tmp_path: Path) -> None:
    def corpus(texts: list[str], labels: list[str]) -> Corpus:
        table = pandas.DataFrame({"text": texts, "label": labels})
        table.to_csv(tmp_path / "x.csv", index=False)
        return load_corpus(str(tmp_path / "x.csv"))

    first = corpus(["ab", "c", "d", "e"], ["x", "y", "x", "y"]).fingerprint
    assert corpus(["a", "bc", "d", "e"], ["x", "y", "x", "y"]).fingerprint != first
    assert corpus(["ab", "c", "d", "e"], ["y", "x", "y", "x"]).fingerprint != first
    assert corpus(["ab", "c", "d", "e"], ["x", "z", "x", "z"]).fingerprint != first


GOOD = "hello,a\nthere,b\nyou,a\ntoo,b\n"
BAD = {
    "missing": ("gone.csv", None, "no such folder or file: .*gone.csv"),
    "empty": ("a.csv", b"", "a.csv is empty"),
    "header only": ("a.csv", b"text,label\n", "a.csv.* no rows"),
    "binary": ("a.csv", bytes(range(256)) * 9, "a.csv"),
    "unknown format": ("a.docx", b"x", "format '.docx' is unknown; choose from .csv, .tsv"),
    "bad json": ("a.jsonl", b'{"text": "x", "label": 1}\n{"text": ', "a.jsonl.* 2"),
    "no text column": ("a.csv", f"foo,label\n{GOOD}".encode(), r"--text-column .*'foo', 'label'"),
    "no label column": ("a.csv", f"text,foo\n{GOOD}".encode(), "--label-column"),
    "two text columns": ("a.csv", b"text,body,label\nx,y,1\nx,y,2\n", "may be 'text' or 'body'"),
    "one class": ("a.csv", b"text,label\nx,a\ny,a\n", "one class only .'a'."),
    "small class": ("a.csv", b"text,label\nx,a\ny,a\nz,b\n", "'b' is too small to split"),
    "missing label": ("a.csv", b"text,label\nx,a\ny,\nz,b\n", "row 2.* has no label"),
    "null label": ("a.jsonl", b'{"text":"x","label":1}\n{"text":"y"}\n', "row 2.* has no label"),
    "fraction": ("a.jsonl", b'{"text":"x","label":1.5}\n', "1.5, not a whole number"),
    "number for text": (
        "a.jsonl",
        b'{"text":3.5,"label":1}\n{"text":"x","label":2}\n',
        "3.5, not text",
    ),
    "null text": ("a.jsonl", b'{"text":null,"label":1}\n{"text":"x","label":2}\n', "row 1.* null"),
}


@pytest.mark.parametrize(("name", "content", "message"), BAD.values(), ids=BAD.keys())
def test_what_is_wrong_is_one_message(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        load_corpus(str(tmp_path / name))
    assert "\n" not in str(caught.value)


def test_a_folder_without_training_rows_says_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("x")
    with pytest.raises(DataError, match=r"looked for train.csv.* found test.csv"):
        load_corpus(str(tmp_path))


def test_half_characters_are_mended_and_counted(tmp_path: Path) -> None:
    """JSON can hold halves of an emoji, UTF-8 cannot; two halves in a row are one."""
    texts = [r"a \ud83d", r"b \ud83d\ude00", "c", r"d \ude00"]
    rows = [f'{{"text": "{t}", "label": "{i % 2} \\ud83d"}}' for i, t in enumerate(texts)]
    (tmp_path / "a.jsonl").write_text("\n".join(rows))
    corpus = load_corpus(str(tmp_path / "a.jsonl"))
    assert corpus.texts == ["a \ufffd", "b \U0001f600", "c", "d \ufffd"]
    assert corpus.facts.mended == 2
    assert corpus.class_names == ("0 \ufffd", "1 \ufffd")


def test_a_text_column_that_says_the_label_is_noticed(tmp_path: Path) -> None:
    rows = "".join(f"{i % 2},{'yn'[i % 2]},word{i}\n" for i in range(60))
    (tmp_path / "a.csv").write_text(f"label,name,body\n{rows}")
    found = load_corpus(str(tmp_path / "a.csv"), text="name+body")
    assert found.facts.determining == ("name",)


REAL = {  # of the version before this could read other forms
    "agnews": "e97498f438ef8af6e11f3a49dcfdb6fba8a7690c96fa7c019ac3656f9154ff22",
    "trec.jsonl": "fd08621afb7b1fed3441518115109a5b0678fdf444aa5ae95002b44867618da2",
    "banking77.csv": "c8d3cc6339dc8cb02b112710ee310da03aef0029740d701b06cb2f90c1ab527e",
    "sst2.tsv": "4d13e88bbadf9f4d341e27f239fad079a43992bbd52f60fb15cbc5942fb8648c",
    "waimai.csv": "3c99ce4c03e640a49d5fc3e95a3e1844f2ffe6f24425171a34fa14b723424510",
    "gnad.csv": "f01e014498c8a2315091e5de6a11dfa8b2653370e1471a2b97d3d1e7a06b7bd9",
}


@pytest.mark.parametrize("name", REAL)
def test_real_sets_keep_their_fingerprints(name: str) -> None:
    path = FOLDER if name == "agnews" else FOLDER.with_name("sets") / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    assert load_corpus(str(path)).fingerprint == REAL[name]


@needs_agnews
def test_real_news_load(tmp_path: Path) -> None:
    corpus = load_corpus(str(FOLDER))
    assert len(corpus.texts) == 78_543
    assert corpus.labels.min() == 0
    assert len(corpus.class_names) == 4


def test_json_arrays_and_whole_floats(tmp_path: Path) -> None:
    rows = [{"text": f"t{i}", "label": float(i % 2)} for i in range(6)]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    assert load_corpus(str(tmp_path / "a.json")).class_names == ("0", "1")
