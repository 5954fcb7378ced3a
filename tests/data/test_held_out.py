"""Test rows are found, or refused, before any file of them is opened."""

from pathlib import Path

import datasets
import pytest

from data.errors import DataError
from data.held_out import check_test
from data.reading import Reading
from data.testing import load_test
from tests.data.saved import saved

NAMES = ("Sports", "World")
TRAIN = "text,label\na goal,Sports\na vote,World\na match,Sports\na law,World\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a data set in the folder "news"."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "train.csv").write_text(TRAIN)
    return tmp_path


def test_a_split_goes_before_a_folder_of_its_name(here: Path) -> None:
    (here / "news" / "test.csv").write_text("text,label\nthe goal,Sports\n")
    (here / "test").mkdir()
    (here / "test" / "test_commands.py").touch()
    check_test("news", Reading(), "test")
    assert load_test("news", Reading(), "test", NAMES).texts == ["the goal"]


def test_a_folder_beside_is_no_split_with_its_training_rows(here: Path) -> None:
    other = here / "news" / "other"
    other.mkdir()
    (other / "train.csv").write_text(TRAIN)
    (other / "test.csv").write_text("text,label\nthe goal,Sports\n")
    assert load_test("news", Reading(), "other", NAMES).texts == ["the goal"]


@pytest.mark.parametrize("test", ["films/test", "films"])
def test_a_folder_of_texts_for_each_class(here: Path, test: str) -> None:
    for name in NAMES:
        (here / "films" / "test" / name).mkdir(parents=True)
        (here / "films" / "test" / name / "1.txt").write_text(f"of {name}")
    check_test("news", Reading(), test)
    rows = load_test("news", Reading(), test, NAMES)
    assert rows.texts == ["of Sports", "of World"]
    assert rows.labels.tolist() == [0, 1]


@pytest.mark.parametrize("test", ["saved", "parts", "parts/test"])
def test_a_folder_that_was_saved(here: Path, test: str) -> None:
    """Its class numbers are those of its own names."""
    whole = datasets.load_from_disk(saved(here, [0, 1, 1]))
    datasets.DatasetDict({"train": whole, "test": whole}).save_to_disk("parts")
    check_test("news", Reading(), test)
    assert load_test("news", Reading(), test, NAMES).labels.tolist() == [1, 0, 0]


REFUSED = {
    "": "--test is empty",
    " ": "--test is empty",
    "train": "the search has seen these rows",
    "Dev": "the search has seen these rows",
    "tset": "no such file, and news has no split of that name",
    "tset.csv": "no such file or folder",
    "~nobody/mine.csv": "no such file or folder",
    "nothing": "the folder has no test file",
    "parts": "a saved DatasetDict without 'test'; it has other",
    "/dev/null": "pipes can be read only once",
}


@pytest.mark.parametrize(("test", "says"), REFUSED.items(), ids=REFUSED)
def test_what_cannot_be_test_rows_is_refused(here: Path, test: str, says: str) -> None:
    (here / "nothing").mkdir()
    (here / "train").mkdir()
    (here / "parts" / "other").mkdir(parents=True)
    (here / "parts" / "dataset_dict.json").touch()
    with pytest.raises(DataError, match=says):
        check_test("news", Reading(), test)
    with pytest.raises(DataError, match=says):
        load_test("news", Reading(), test, NAMES)


def test_a_column_has_test_rows_only(here: Path) -> None:
    check_test("news", Reading(split_column="side"), "test")
    with pytest.raises(DataError, match="the column 'side' of news has no such rows"):
        check_test("news", Reading(split_column="side"), "holdout")


@pytest.mark.parametrize("source", ["gone.csv", "nobody/nothing"])
def test_a_source_that_is_not_there_is_for_others_to_name(here: Path, source: str) -> None:
    check_test(source, Reading(), "test")
    with pytest.raises(DataError, match="the search has seen these rows"):
        check_test(source, Reading(), "train")
