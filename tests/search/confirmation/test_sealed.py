"""Test rows are opened once, after the choice, and every look is remembered."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import optuna
import pytest

from data.corpus import load_corpus
from model.checkpoint import load
from search.api import open_study
from search.confirmation.sealed import remember
from search.storage.attributes import Opening
from search.storage.marks import store_openings
from tests.search.commands import DATABASE, trials
from tests.search.confirmation.finals import final, final_record


def test_the_test_is_opened_once_and_each_look_is_remembered(confirmed: Path) -> None:
    output = final("--test", "test.csv")
    assert "test.csv, 60 texts" in output
    assert "look 1 of 1" in output
    assert "warning" not in output
    record = final_record()
    assert len(record.openings) == 1
    opening = record.openings[0]
    assert (opening.rows, opening.test, opening.model) == (60, "test.csv", "net")
    corpus = load_corpus("test.csv")
    names = list(opening.scores)
    assert names[0].startswith("seed ")
    assert names[-1] == "linear SVM"
    assert "ensemble" in names
    model = load("studies/small/model")
    right = np.mean([a == corpus.class_names[b] for a, b in zip(
        model.predict(corpus.texts), corpus.labels, strict=True)])  # fmt: skip
    assert opening.scores[names[0]]["accuracy"][0] == pytest.approx(right)
    assert opening.scores["linear SVM"]["p"] is None
    card = Path("studies/small/model/README.md").read_text("utf-8")
    assert f"| {names[0]} | {right:.4f} (" in card
    assert f"      value: {right:.4f}\n" in card
    assert '      name: "news.csv, test.csv"\n' in card
    assert "- this model: net, trial " in card
    again = final("--test", "test.csv")
    assert "look 2 of 2" in again
    assert "warning: test rows were opened before" in again
    assert len(final_record().openings) == 2
    final()
    assert "look 2 of 2" in Path("studies/small/model/README.md").read_text("utf-8")


def test_the_card_gives_the_scores_of_its_own_model_alone(confirmed: Path) -> None:
    final("--test", "test.csv")
    final("--ensemble", "2")
    card = Path("studies/small/model/README.md").read_text("utf-8")
    assert "model-index" not in card
    assert "- another model: net, trial " in card
    final("--ensemble", "2", "--test", "test.csv")
    final("--ensemble", "2")
    card = Path("studies/small/model/README.md").read_text("utf-8")
    assert "model-index" in card
    assert "- this model: ensemble, trial " in card


def test_a_card_has_no_password(confirmed: Path) -> None:
    final("--test", "test.csv")
    study = optuna.load_study(study_name="small-final", storage=DATABASE)
    command = "search.final --storage postgresql+psycopg://me:secret@host/db"
    store_openings(study, [replace(o, command=command) for o in final_record().openings])
    final()
    card = Path("studies/small/model/README.md").read_text("utf-8")
    assert "secret" not in card
    assert "- by `search.final --storage postgresql+psycopg://me:***@host/db`" in card


def test_two_looks_at_once_are_both_remembered(confirmed: Path) -> None:
    home = open_study("small-final").home
    study = optuna.load_study(study_name="small-final", storage=DATABASE)
    begun = Opening(time="now", command="", test="a.csv", fingerprint="", rows=1, model="net",
        params={})  # fmt: skip
    other = replace(begun, test="b.csv")
    assert remember(study, home, begun) == ()
    assert remember(study, home, other) == (begun,)
    remember(study, home, replace(begun, rows=2), begun)
    remember(study, home, replace(other, rows=3), other)
    assert [(o.test, o.rows) for o in final_record().openings] == [("a.csv", 2), ("b.csv", 3)]


def test_nothing_is_opened_before_all_that_may_fail(
    confirmed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("search.console.confirming.verify", fail)
    final("--verify", "--test", "test.csv", expect=130)
    assert final_record().openings == ()


def test_without_test_no_code_reads_test_rows(confirmed: Path) -> None:
    """The file beside the training rows is one that cannot be read."""
    (confirmed / "test.csv").unlink()
    (confirmed / "test.csv").mkdir()
    final("--ensemble", "2", "--verify")
    final("--test", "test", expect=2)
    assert final_record().openings == ()


def test_a_class_that_the_search_never_saw_counts_as_wrong(confirmed: Path) -> None:
    with (confirmed / "test.csv").open("a") as file:
        file.write("rain of the,weather\n" * 20)
    output = final("--test", "test.csv")
    assert "classes that the search does not have, counted as wrong: 'weather' 20" in output
    opening = final_record().openings[0]
    assert opening.rows == 80
    assert all(each["accuracy"][0] <= 0.75 for each in opening.scores.values())


def test_rows_that_the_search_has_seen_are_counted_and_left_out_beside(confirmed: Path) -> None:
    lines = (confirmed / "news.csv").read_text().splitlines()[1:11]
    with (confirmed / "test.csv").open("a") as file:
        file.write("\n".join(lines) + "\n")
    before = len(load_corpus("test.csv").texts)
    output = final("--test", "test.csv")
    opening = final_record().openings[0]
    assert opening.rows == before == 70
    assert 10 <= opening.repeated < 35
    assert f"{opening.repeated} of them are texts of the search too" in output
    output = final("--test", "news.csv", "--force")
    assert "240 of them are texts of the search too" in output


def test_a_test_file_that_is_not_there_is_said_before_hours_of_training(searched: Path) -> None:
    assert "--test tset.csv: no such file or folder" in final("--test", "tset.csv", expect=2)
    assert "the search has seen these rows" in final("--test", "train", expect=2)
    assert "has no split of that name" in final("--test", "tset", expect=2)
    with pytest.raises(KeyError):
        trials("small-final")
