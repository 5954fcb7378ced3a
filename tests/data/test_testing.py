"""Test rows: found beside the training rows or in a file of their own, read as those are."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from data.corpus import DataError, load_corpus
from data.reading import Reading
from data.testing import UNSEEN, load_test
from tests.data.saved import saved

HEAD = "text,label\n"
TRAIN = HEAD + "a goal,sport\na match,sport\na price,money\na share,money\n"
TEST = HEAD + "the goal,sport\nthe price,money\nthe rain,weather\n"


def test_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(TRAIN)
    (tmp_path / "mine.csv").write_text(TEST)
    source = str(tmp_path / "train.csv")
    names = load_corpus(source).class_names
    rows = load_test(source, Reading(), str(tmp_path / "mine.csv"), names)
    assert rows.texts == ["the goal", "the price", "the rain"]
    assert rows.labels.tolist() == [names.index("sport"), names.index("money"), UNSEEN]
    assert rows.unseen == {"weather": 1}
    (tmp_path / "mine.csv").write_text(TEST.replace("rain", "snow"))
    other = load_test(source, Reading(), str(tmp_path / "mine.csv"), names)
    assert other.fingerprint != rows.fingerprint


@pytest.mark.parametrize("source", [".", "train.csv"])
@pytest.mark.parametrize("name", ["test.csv", "test.csv.gz"])
def test_a_split_beside_the_training_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.csv").write_text(TRAIN)
    packed = gzip.compress(TEST.encode()) if name.endswith("gz") else TEST.encode()
    Path(name).write_bytes(packed)
    rows = load_test(source, Reading(), "test", ("money", "sport"))
    assert rows.labels.tolist() == [1, 0, UNSEEN]


def test_a_column_that_names_the_side(tmp_path: Path) -> None:
    lines = ["text,label,side"]
    lines += [f"text {i},{'ab'[i % 2]},{('train', 'dev', 'test')[i % 3]}" for i in range(12)]
    path = tmp_path / "all.csv"
    path.write_text("\n".join(lines) + "\n")
    reading = Reading(split_column="side")
    rows = load_test(str(path), reading, "test", ("a", "b"))
    assert rows.texts == [f"text {i}" for i in (2, 5, 8, 11)]
    assert rows.labels.tolist() == [0, 1, 0, 1]
    with pytest.raises(DataError, match=r"the column 'side' of .* has no such rows"):
        load_test(str(path), reading, "holdout", ("a", "b"))


@pytest.mark.parametrize("classes", ["", "World\nSports\nBusiness\nSci/Tech\n"])
def test_numbers_and_names_mean_what_they_do_in_the_training_rows(
    tmp_path: Path, classes: str
) -> None:
    """AG News' own files have no header, and numbers for classes; few rows do not show it."""
    if classes:
        (tmp_path / "classes.txt").write_text(classes)
    rows = [f'"{1 + i % 4}","Title {i}","Words of {i}"' for i in range(16)]
    (tmp_path / "train.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "test.csv").write_text("\n".join(rows[1:3]) + "\n")
    source = str(tmp_path / "train.csv")
    names = load_corpus(source).class_names
    found = load_test(source, Reading(), "test", names)
    whole = load_corpus(source)
    assert found.texts == whole.texts[1:3]
    assert np.array_equal(found.labels, whole.labels[1:3])


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("nowhere.csv", "no such file or folder"),
        ("nowhere", r"no such file, and .* has no split of that name"),
        ("train", "the search has seen these rows"),
        ("dev", "the search has seen these rows"),
        ("empty", "the folder has no test file"),
        ("other.csv", "column"),
    ],
)
def test_what_there_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, test: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.csv").write_text(TRAIN)
    Path("other.csv").write_text("words,class\nthe goal,sport\n")
    Path("empty").mkdir()
    with pytest.raises(DataError, match=says):
        load_test("train.csv", Reading(), test, ("money", "sport"))


def test_the_demo_has_none_but_takes_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + "some words,World\n")
    names = load_corpus("demo").class_names
    assert load_test("demo", Reading(), str(path), names).labels.tolist() == [0]
    with pytest.raises(DataError, match="no such file"):
        load_test("demo", Reading(), "test", names)


@pytest.mark.parametrize(
    ("label", "number", "unseen"),
    [("Sports", 1, {}), ("0", 0, {}), ("2", UNSEEN, {"2": 1}), ("Rain", UNSEEN, {"Rain": 1})],
)
def test_labels_in_the_class_names_of_the_training_rows(
    tmp_path: Path, label: str, number: int, unseen: dict[str, int]
) -> None:
    (tmp_path / "mine.csv").write_text(f"{HEAD}some words,{label}\nothers,World\n")
    rows = load_test(
        saved(tmp_path, [0, 1, 0, 1]), Reading(), str(tmp_path / "mine.csv"), ("World", "Sports")
    )
    assert rows.labels.tolist() == [number, 0]
    assert rows.unseen == unseen


def test_labels_of_the_training_rows_are_not_those_of_a_split_beside(tmp_path: Path) -> None:
    """Also where there are as many."""
    (tmp_path / "train.txt").write_text("a goal\na price\na match\na share\n")
    (tmp_path / "labels").write_text("sport\nmoney\nsport\nmoney\n")
    reading = Reading(labels_file=str(tmp_path / "labels"))
    source, names = str(tmp_path / "train.txt"), ("money", "sport")
    (tmp_path / "test.txt").write_text("w\nx\ny\nz\n")
    with pytest.raises(DataError, match=r"no label is found .* the labels of --labels are those"):
        load_test(source, reading, "test", names)
    (tmp_path / "test.txt").write_text("__label__money w\n__label__sport x\n")
    assert load_test(source, reading, "test", names).labels.tolist() == [0, 1]


BAD_ROWS = {
    "no label": (HEAD + "the goal,sport\nthe price,\n", "row 2 has no label; give each test row"),
    "no rows": (HEAD, "mine.csv has no labelled test rows"),
    "nothing": ("", "mine.csv is empty"),
    "no class of the search": (
        HEAD + "the goal,0\nthe price,1\n",
        "--test .*: no row is of a class .* labels are '0', '1'; the search has 'money', 'sport'",
    ),
}


@pytest.mark.parametrize(("rows", "says"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_rows_that_test_nothing(tmp_path: Path, rows: str, says: str) -> None:
    (tmp_path / "train.csv").write_text(TRAIN)
    (tmp_path / "mine.csv").write_text(rows)
    source, test = str(tmp_path / "train.csv"), str(tmp_path / "mine.csv")
    with pytest.raises(DataError, match=says) as error:
        load_test(source, Reading(), test, ("money", "sport"))
    assert "--skip-unlabelled" not in str(error.value)


def test_rows_left_out_are_counted(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(TRAIN + "nothing,\n")
    (tmp_path / "mine.csv").write_text(TEST + "one more,\n")
    source, test = str(tmp_path / "train.csv"), str(tmp_path / "mine.csv")
    rows = load_test(source, Reading(skip_unlabelled=True), test, ("money", "sport"))
    assert len(rows.texts) == 3
    assert rows.name == f"{test} (1 row without a label left out)"


def test_closed_rows_of_a_column_need_no_labels_for_another_file(tmp_path: Path) -> None:
    lines = ["text,label,side", "a,x,train", "b,y,train", "c,x,train", "d,y,dev", "e,,test"]
    (tmp_path / "all.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "mine.csv").write_text(HEAD + "f,y\n")
    source, reading = str(tmp_path / "all.csv"), Reading(split_column="side")
    rows = load_test(source, reading, str(tmp_path / "mine.csv"), ("x", "y"))
    assert rows.labels.tolist() == [1]
    with pytest.raises(DataError, match=r"the test rows of .*all\.csv, row 1 has no label"):
        load_test(source, reading, "test", ("x", "y"))


def test_no_test_row_changes_what_the_training_labels_are(tmp_path: Path) -> None:
    """Pandas writes 1 as 1.0; a class that is no number does not make that a name."""
    (tmp_path / "train.csv").write_text(HEAD + "a,1.0\nb,2.0\nc,1.0\nd,2.0\n")
    (tmp_path / "mine.csv").write_text(HEAD + "e,2.0\nf,none\n")
    source = str(tmp_path / "train.csv")
    names = load_corpus(source).class_names
    rows = load_test(source, Reading(), str(tmp_path / "mine.csv"), names)
    assert rows.labels.tolist() == [1, UNSEEN]
