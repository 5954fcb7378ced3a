"""Labels are what is written: never floats, in one Unicode form, of their own type."""

import json
import re
import unicodedata
from pathlib import Path

import datasets
import pandas
import pytest

from data.corpus import Corpus, DataError, Reading, load_corpus
from data.labels import combinations
from tests.data.saved import saved


def corpus(folder: Path, labels: list[object], reading: Reading | None = None) -> Corpus:
    """Of JSON lines, which keep the labels' types."""
    rows = [json.dumps({"text": f"text {i}", "label": v}) for i, v in enumerate(labels)]
    (folder / "a.jsonl").write_text("\n".join(rows))
    return load_corpus(str(folder / "a.jsonl"), reading)


def of_csv(folder: Path, labels: list[str]) -> Corpus:
    rows = "".join(f"text {i},{label}\n" for i, label in enumerate(labels))
    (folder / "a.csv").write_text(f"text,label\n{rows}", encoding="utf-8")
    return load_corpus(str(folder / "a.csv"))


LONG = ["1234567890123456789", "1234567890123456790"]
WRITTEN: dict[str, tuple[list[str], tuple[str, ...], str]] = {
    "ids of 19 digits": (LONG, tuple(LONG), "int"),
    "ids of 100 digits": (["1" * 100, "1" * 99 + "2"], ("1" * 100, "1" * 99 + "2"), "int"),
    "by value": (["10", "9", "-1"], ("-1", "9", "10"), "int"),
    "codes": (["01", "1"], ("01", "1"), "str"),
    "pandas' floats": (["1.0", "2.0"], ("1", "2"), "int"),
    "names": (["b", "a"], ("a", "b"), "str"),
    "5,000 digits": (["1" * 5000, "2"], ("1" * 5000, "2"), "str"),
    "other digits": (["١", "٢"], ("١", "٢"), "str"),
    "composed and not": (["é", "e\u0301", "x"], ("x", "é"), "str"),
    "quotation marks": (["it\u2019s", "it's", "x"], ("it's", "x"), "str"),
    "one kind of marks": (["l\u2019eau", "x"], ("l\u2019eau", "x"), "str"),
}


@pytest.mark.parametrize(("labels", "names", "kind"), WRITTEN.values(), ids=WRITTEN)
def test_csv_labels(tmp_path: Path, labels: list[str], names: tuple[str, ...], kind: str) -> None:
    found = of_csv(tmp_path, labels * 2)
    assert found.class_names == names
    assert found.label_type == kind
    form = {label: unicodedata.normalize("NFC", label) for label in labels}
    for label, number in zip(labels * 2, found.labels.tolist(), strict=True):
        assert names[number].replace(".0", "") in {form[label], form[label][:-2], "it's"}


TYPED: dict[str, tuple[list[object], tuple[str, ...], str]] = {
    "integers": ([0, 1], ("0", "1"), "int"),
    "integers of any length": ([10**30, 10**30 + 1], (str(10**30), str(10**30 + 1)), "int"),
    "strings of digits": (["0", "1"], ("0", "1"), "str"),
    "strings of fractions": (["1.0", "2.0"], ("1.0", "2.0"), "str"),
    "whole floats": ([0.0, 1.0], ("0", "1"), "int"),
    "truth values": ([True, False], ("False", "True"), "bool"),
    "mixed": ([1, "b"], ("1", "b"), "str"),
}


@pytest.mark.parametrize(("labels", "names", "kind"), TYPED.values(), ids=TYPED)
def test_labels_with_types(
    tmp_path: Path, labels: list[object], names: tuple[str, ...], kind: str
) -> None:
    found = corpus(tmp_path, labels * 2)
    assert found.class_names == names
    assert found.label_type == kind


REFUSED: dict[str, tuple[list[object], str]] = {
    "lists": ([["a"], ["a", "b"], ["b"]], r"row 2: 1 row .* several labels \(\['a', 'b'\]\)"),
    "some in lists": (["a", ["a"], "b"], r"row 2: 1 row .* lists beside plain labels \(\['a'\]"),
    "objects": (
        [{"name": "a", "id": 1}, None, {"name": "b", "id": 2}],
        r"row 1: .* objects in 2 rows, with the fields 'name', 'id'; --label-column label.name",
    ),
    "numbers and strings": (
        [1, "1", 2, "2", 1, "x"],
        r"label 1 as a number \(2 rows\) and as a string \(1 row\)",
    ),
    "floats and strings": ([1.0, "1", "2"], r"as a number \(1 row\) and as a string \(1 row\)"),
    "inexact floats": ([1234567890123456789.0, 2.0], "row 1 .* too large a float to be exact"),
    "truth values and integers": ([True, 1, 0, False], "mixes truth values and integers"),
    "one without": (["a", "b", None, "a", "b"], r"row 3 has no label; --skip-unlabelled"),
    "several without": (
        ["", None, "a", float("nan"), "b", "", "a", "b"],
        r"4 rows have no label \(rows 1, 2, 4, \.\.\.\); --skip-unlabelled",
    ),
    "many small": (
        [*"aabbcdefg"],
        r"5 classes have one row, .*: 'c', 'd', 'e', \.\.\.; --drop-small-classes",
    ),
    "a long one": (["x" * 500, "b", "b"], r"^.{0,300}$"),
}


@pytest.mark.parametrize(("labels", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_label_is_counted(tmp_path: Path, labels: list[object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        corpus(tmp_path, labels)


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_lists_of_one_label_are_that_label(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    table = pandas.DataFrame({"text": [*"abcde"], "label": [[2], [10], [2], [10], []]})
    if kind == "jsonl":
        table.to_json(path, orient="records", lines=True)
    else:
        table.to_parquet(path)
    found = load_corpus(str(path), Reading(skip_unlabelled=True))
    assert found.class_names == ("2", "10")
    assert found.label_type == "int"
    assert found.facts.unlabelled == 1
    assert "each label is a list of one, which is the label" in found.facts.notes


def test_a_field_of_objects_can_be_the_label(tmp_path: Path) -> None:
    labels: list[object] = [{"name": "x"}, {"name": "y"}, {"name": "x"}, {"name": "y", "id": 1}]
    found = corpus(tmp_path, labels, Reading(label="label.name"))
    assert found.class_names == ("x", "y")
    assert found.facts.label_column == "label.name"
    assert found.facts.other_columns == ()
    with pytest.raises(DataError, match=r"--label-column 'label\.nam' is no column"):
        corpus(tmp_path, labels, Reading(label="label.nam"))


def test_validation_rows_may_have_their_labels_in_another_type(tmp_path: Path) -> None:
    """CSV knows strings only."""
    (tmp_path / "v.csv").write_text("text,label\na,1\nb,2\n")
    found = corpus(tmp_path, [1, 2, 1, 2], Reading(validation_file=str(tmp_path / "v.csv")))
    assert found.class_names == ("1", "2")
    assert found.label_type == "int"


def test_rows_without_labels_can_be_left_out(tmp_path: Path) -> None:
    labels: list[object] = ["a", None, "b", "", "a", "b"]
    found = corpus(tmp_path, labels, Reading(skip_unlabelled=True))
    assert found.texts == ["text 0", "text 2", "text 4", "text 5"]
    assert found.facts.unlabelled == 2
    assert found.fingerprint == corpus_of_texts(tmp_path, found).fingerprint


def corpus_of_texts(folder: Path, found: Corpus) -> Corpus:
    table = {"text": found.texts, "label": [found.class_names[i] for i in found.labels]}
    pandas.DataFrame(table).to_csv(folder / "rest.csv", index=False)
    return load_corpus(str(folder / "rest.csv"))


def test_class_numbers_of_the_hub_say_minus_one_for_no_label(tmp_path: Path) -> None:
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["x", "y", "z"])}
    )
    rows = {"text": [*"abcde"], "label": [0, -1, 2, 0, 2]}
    datasets.Dataset.from_dict(rows, features=features).save_to_disk(str(tmp_path / "saved"))
    with pytest.raises(DataError, match="row 2 has no label"):
        load_corpus(str(tmp_path / "saved"))
    found = load_corpus(str(tmp_path / "saved"), Reading(skip_unlabelled=True))
    assert found.class_names == ("x", "z")
    assert found.labels.tolist() == [0, 1, 0, 1]
    assert found.label_type == "str"


def test_small_classes_can_be_left_out(tmp_path: Path) -> None:
    found = corpus(tmp_path, [*"babcabd"], Reading(drop_small_classes=True))
    assert found.class_names == ("a", "b")
    assert found.labels.tolist() == [1, 0, 1, 0, 1]
    assert found.facts.small_classes == ("c", "d")
    assert found.facts.small_rows == 2


COMBINED = {
    "joined": (["bug", "bug|ui", "docs|ui", "bug|docs", "ui"], "3 parts joined by '\\|'"),
    "never alone": (["a,b", "a,c", "b,c", "a,b,c"], "3 parts joined by ','"),
    "lists": (["['bug']", "['bug', 'ui']"], "^lists of labels"),
    "a name with a stroke": (["World", "Sports", "Business", "Sci/Tech"], "^$"),
    "a tree": (["comp/graphics", "comp/os", "rec/autos", "rec/moto"], "^$"),
    "pairs of own parts": (["food & drink", "arts & crafts", "sport"], "^$"),
    "as many parts as names": (["a/b", "b/c", "c/a"], "^$"),
    "names": (["card_arrival", "card_linking", "cash"], "^$"),
    "in brackets": (["[x", "[a]"], "^$"),
}


@pytest.mark.parametrize(("names", "message"), COMBINED.values(), ids=COMBINED)
def test_combinations_are_noticed(names: list[str], message: str) -> None:
    assert re.search(message, combinations(names))


OF_NAMED: dict[str, tuple[str, list[int] | str]] = {
    "names": ("World Sports", [0, 1]),
    "numbers": ("1 0", [1, 0]),
    "both": ("Sports 0", [1, 0]),
    "pandas' floats": ("1.0 0.0", [1, 0]),
    "no class": ("0 2", r"v\.csv, row 2 has the label '2', but the classes are 0, 1 \(World, Spo"),
    "no label": ("0 -1", r"v\.csv, row 2 has no label"),
    "a new name": ("World Rain", "no training row: 'Rain'"),
}


@pytest.mark.parametrize(("labels", "expected"), OF_NAMED.values(), ids=OF_NAMED)
def test_validation_rows_have_the_class_names_of_the_training_rows(
    tmp_path: Path, labels: str, expected: list[int] | str
) -> None:
    rows = "".join(f"text,{label}\n" for label in labels.split())
    (tmp_path / "v.csv").write_text(f"text,label\n{rows}")
    train, reading = saved(tmp_path, [0, 1, 0]), Reading(validation_file=str(tmp_path / "v.csv"))
    if isinstance(expected, str):
        with pytest.raises(DataError, match=expected):
            load_corpus(train, reading)
    else:
        found = load_corpus(train, reading)
        assert found.class_names == ("World", "Sports")
        assert found.labels.tolist() == [0, 1, 0, *expected]
