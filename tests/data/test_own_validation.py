"""Validation rows of the user's own, a column that says the split, and groups."""

from pathlib import Path

import pytest

from data.corpus import DataError, Reading, load_corpus

OWN_ROWS = "text,label\nseen,x\nnew,y\n"


@pytest.mark.parametrize("name", ["validation.csv", "valid.csv", "val.csv", "dev.csv"])
@pytest.mark.parametrize("source", [".", "train.csv"])
def test_validation_rows_beside_are_used_where_asked_for(
    tmp_path: Path, name: str, source: str
) -> None:
    (tmp_path / "train.csv").write_text("text,label\na,x\nb,y\nc,x\nd,y\n")
    (tmp_path / name).write_text(OWN_ROWS.replace("text", "Text"))
    path = str(tmp_path / source)
    without = load_corpus(path)
    assert without.validation is None
    found = load_corpus(path, Reading(own_validation=True))
    assert found.texts == ["a", "b", "c", "d", "seen", "new"]
    assert found.validation is not None
    assert found.validation.tolist() == [False] * 4 + [True] * 2
    assert found.facts.validation == str(tmp_path / name)
    assert found.fingerprint != without.fingerprint
    given = load_corpus(path, Reading(validation_file=str(tmp_path / name)))
    assert given.fingerprint == found.fingerprint


def test_a_saved_validation_split_is_used_where_asked_for(tmp_path: Path) -> None:
    import datasets

    table = {"text": ["a", "b", "c", "d"], "label": ["x", "y", "x", "y"]}
    rows = datasets.Dataset.from_dict(table).class_encode_column("label")
    parts = datasets.DatasetDict({"train": rows, "validation": rows.select([0, 1])})
    parts.save_to_disk(str(tmp_path))
    assert load_corpus(str(tmp_path)).validation is None
    found = load_corpus(str(tmp_path), Reading(own_validation=True))
    assert found.texts == ["a", "b", "c", "d", "a", "b"]
    assert found.validation is not None
    assert int(found.validation.sum()) == 2


def test_a_column_may_say_the_split_and_test_rows_stay_closed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "text,label,part,who\na,x,train,1\nb,y,train,1\nc,x,Dev,2\nd,z,test,2\ne,y,train,\n"
    )
    found = load_corpus(str(tmp_path / "a.csv"), Reading(split_column="part"))
    assert found.texts == ["a", "b", "c", "e"]
    assert found.class_names == ("x", "y")
    assert found.validation is not None
    assert found.validation.tolist() == [False, False, True, False]
    assert found.facts.closed == 1
    assert found.facts.other_columns == ("who",)
    content = (tmp_path / "a.csv").read_text()
    (tmp_path / "b.csv").write_text(content.replace("e,y,train", "e,y,val"))
    other = load_corpus(str(tmp_path / "b.csv"), Reading(split_column="part"))
    assert other.texts == found.texts
    assert other.fingerprint != found.fingerprint
    grouped = load_corpus(
        str(tmp_path / "a.csv"), Reading(group_column="who", drop_small_classes=True)
    )
    assert grouped.groups is not None
    assert grouped.groups.tolist() == [0, 0, 1, 2]
    assert (
        grouped.fingerprint
        != load_corpus(str(tmp_path / "a.csv"), Reading(drop_small_classes=True)).fingerprint
    )
    with pytest.raises(DataError, match=r"--group-column .* come from --split-column part"):
        load_corpus(str(tmp_path / "a.csv"), Reading(split_column="part", group_column="who"))
    with pytest.raises(DataError, match=r"row 1: --split-column 'who' says '1' .5 such rows"):
        load_corpus(str(tmp_path / "a.csv"), Reading(split_column="who"))


@pytest.mark.parametrize(
    ("values", "found"),
    [(("0", "1"), "'0', '1'"), (("True", "False"), "'True', 'False'"), (("x", "y"), "'x', 'y'")],
)
def test_a_column_that_says_it_otherwise_is_refused_with_its_values(
    tmp_path: Path, values: tuple[str, str], found: str
) -> None:
    rows = "".join(f"text {i},{i % 3},{values[i % 2]}\n" for i in range(6))
    (tmp_path / "a.csv").write_text(f"text,label,is_valid\n{rows}")
    understood = "understood are train, training, validation, valid, val, dev, test, testing"
    with pytest.raises(DataError, match=rf"its values: {found}\); {understood}"):
        load_corpus(str(tmp_path / "a.csv"), Reading(split_column="is_valid"))


CONTRADICTIONS = {
    "two ways": (Reading(validation_file="v.csv", split_column="text"), "exclude each other"),
    "labels of one file": (
        Reading(validation_file="v.csv", labels_file="l.txt"),
        "--labels names the labels of one file",
    ),
    "no file": (Reading(validation_file="gone.csv"), "--validation gone.csv: there is no such"),
    "no labels": (Reading(labels_file="gone.txt"), "--labels gone.txt: there is no such file"),
    "no rows": (Reading(validation_file="v.csv"), "v.csv has no rows to validate with"),
    "no column": (Reading(validation_file="w.csv"), "w.csv: the training rows' column 'label' is"),
    "no split column": (Reading(split_column="part"), "--split-column 'part' is no column"),
}


@pytest.mark.parametrize(("reading", "message"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_options_that_cannot_be_obeyed_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reading: Reading, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "text\na\nb\nc\nd\n" if reading.labels_file == "gone.txt" else None
    Path("a.csv").write_text(rows or "text,label\na,x\nb,y\nc,x\nd,y\n")
    Path("v.csv").write_text("text,label\n")
    Path("w.csv").write_text("text,mark\na,x\n")
    Path("l.txt").write_text("x\ny\nx\ny\n")
    if reading == CONTRADICTIONS["labels of one file"][0]:
        Path("a.csv").write_text("text\na\nb\nc\nd\n")
    with pytest.raises(DataError, match=message):
        load_corpus("a.csv", reading)


def test_a_class_of_the_validation_rows_needs_training_rows(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("text,label\na,x\nb,y\n")
    (tmp_path / "validation.csv").write_text("text,label\na,x\nb,z\n")
    with pytest.raises(DataError, match="1 class has no training row: 'z'"):
        load_corpus(str(tmp_path), Reading(own_validation=True))
    asked = Reading(own_validation=True, drop_small_classes=True)
    found = load_corpus(str(tmp_path), asked)
    assert found.texts == ["a", "b", "a"]
    assert found.class_names == ("x", "y")
