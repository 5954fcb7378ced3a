"""The linear baseline of a study: fitted beside the first trial, kept, said at the end."""

from pathlib import Path

import pytest

from data.preparation import Prepared
from search.api import open_study
from search.findings.evidence import Evidence
from search.trials.baseline import Background
from tests.search.commands import HANGS, search, status
from tests.search.conftest import DIVERGING, edit

LINE = "linear baseline (TF-IDF of one and two tokens, SVM): accuracy "


def no_memory(prepared: Prepared) -> tuple[float, float]:
    raise MemoryError


def test_it_is_fitted_once_and_said_by_search_and_status(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = search("--trials", "1", "--epochs", "1").output
    found = open_study("small").record.baseline
    assert found is not None
    assert found.accuracy == 1.0, "the word that comes first is in a pair of words"
    assert f"{LINE}{found.accuracy:.4f}, macro-F1 {found.macro_f1:.4f}" in output
    assert LINE in status("--study", "small")
    monkeypatch.setattr("model.baseline.linear_baseline", no_memory)
    assert "could not be fitted" not in search("--trials", "2", "--epochs", "1").output


def test_without_it_the_search_is_whole_and_the_next_run_fits_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("model.baseline.linear_baseline", no_memory)
        output = search("--trials", "1", "--epochs", "1").output
    assert "warning: the linear baseline could not be fitted: MemoryError" in output
    assert "study small: 1 complete" in output
    assert open_study("small").record.baseline is None
    assert LINE in search("--trials", "1", "--epochs", "1").output


def test_an_unfinished_search_has_it_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Background.look

    def look_and_wait(background: Background) -> None:
        look(background)
        background.thread.join(HANGS)

    monkeypatch.setattr(Background, "look", look_and_wait)
    edit(place / "small.toml", *DIVERGING)
    search("--trials", "9", expect=1)  # a run that ends early: three failures in a row
    assert open_study("small").record.baseline is not None


def test_a_search_keeps_its_validation_rows_and_the_baselines_answers(place: Path) -> None:
    search("--trials", "2", "--epochs", "1")
    study = open_study("small")
    evidence = Evidence(record=study.record, home=study.home)
    rows, found = evidence.rows, study.record.baseline
    assert rows is not None
    assert found is not None
    assert set(rows.class_names) == {"goal", "market"}
    firsts = [text.split()[0] for text in rows.texts]
    assert firsts == [rows.class_names[label] for label in rows.labels]
    for trial in study.record.complete:
        said = evidence.probabilities(trial)
        assert said is not None
        assert (said.argmax(axis=1) == rows.labels).mean() == trial.stored.accuracy
    assert evidence.baseline_said is not None
    assert (evidence.baseline_said == rows.labels).mean() == found.accuracy


def test_a_study_begun_before_gets_them_with_its_next_run(place: Path) -> None:
    search("--trials", "1", "--epochs", "1")
    home = open_study("small").home
    before = {path: path.read_bytes() for path in (home.validation, home.baseline)}
    for path in before:
        path.unlink()
    search("--trials", "1", "--epochs", "1")
    assert {path: path.read_bytes() for path in before} == before
