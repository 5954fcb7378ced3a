"""Results belong to a study of a database, not to a name in the working directory."""

import json
import os
import shutil
from pathlib import Path

import pytest
import torch

from model.checkpoint import load
from search.storage.home import StudyHome
from search.storage.urls import DEFAULT_STORAGE
from tests.search.commands import facts, search, status, trials

BEST = "studies/small/best"


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        (DEFAULT_STORAGE, "studies/news"),
        ("sqlite:///mine.db", "mine.db.studies/news"),
        ("sqlite:///a/b.sqlite?timeout=3", "a/b.sqlite.studies/news"),
        ("sqlite:///elsewhere/studies.db", "elsewhere/news"),
        ("postgresql+psycopg://me:secret@host:5432/db", "studies/host-db.studies/news"),
    ],
)
def test_each_database_has_folders_of_its_own(place: Path, url: str, folder: str) -> None:
    assert StudyHome(name="news", url=url).folder == place / folder


def test_studies_of_one_name_in_two_databases_do_not_meet(place: Path) -> None:
    search("--trials", "2", "--storage", "one.db")
    first = (place / "one.db.studies/small/best/weights.pt").read_bytes()
    search("--trials", "2", "--storage", "two.db", "--seed", "8")
    assert (place / "one.db.studies/small/best/weights.pt").read_bytes() == first
    assert (place / "two.db.studies/small/best/weights.pt").read_bytes() != first


def test_a_copy_of_the_best_classifier_is_whole(place: Path) -> None:
    search("--trials", "2")
    shutil.copytree(BEST, place / "mymodel", symlinks=True)
    shutil.rmtree("studies")
    assert load(place / "mymodel").predict(["goal the of market"])


def test_a_folder_that_another_study_left_is_put_aside(place: Path) -> None:
    search("--trials", "1")
    before = (place / BEST / "weights.pt").read_bytes()
    identity = json.loads((place / "studies/small/study.json").read_text())["identity"]
    (place / "studies/studies.db").unlink()
    output = search("--trials", "1", "--seed", "8").output
    aside = f"studies/small.{identity[:8]}"
    assert f"studies/small held the results of another study: {aside} now" in output
    assert (place / aside / "best/weights.pt").read_bytes() == before
    assert (place / BEST / "weights.pt").read_bytes() != before


@pytest.mark.parametrize("command", [["--rebuild-best", "--trials", "9"], ["--trials", "4"]])
def test_a_lost_classifier_is_named_and_trained_again(place: Path, command: list[str]) -> None:
    search("--trials", "4")
    before, done = torch.load(f"{BEST}/weights.pt"), [facts(t) for t in trials()]
    shutil.rmtree(BEST)
    assert f"its classifier is not in {BEST}: the next run trains it again" in status(
        "--study", "small"
    )
    best = min(trials(), key=lambda t: t.value or 9)
    output = search(*command).output
    assert f"the classifier of trial {best.number} is not in {BEST}: it trains again" in output
    assert f"it is there again: validation loss {best.value:.4f}" in output
    now = torch.load(f"{BEST}/weights.pt")
    assert all(torch.equal(before[name], now[name]) for name in before)
    assert [facts(t) for t in trials()] == done, "no trial was added or changed"


@pytest.mark.parametrize("absolute", [True, False])
def test_paths_are_shown_from_where_the_user_stands(place: Path, absolute: bool) -> None:
    search("--trials", "1")
    (place / "elsewhere").mkdir()
    os.chdir(place / "elsewhere")
    folder = str(place / "studies") if absolute else "../studies"
    told = status("--study", "small", "--storage", f"{folder}/studies.db")
    assert f"its classifier: {folder}/small/best" in told
