"""The linear baseline of a study: fitted beside the first trial, kept, said at the end."""

from pathlib import Path

import pytest

from data.preparation import Prepared
from search.api import open_study
from tests.search.commands import search, status

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
