"""bf16 is refused where an LSTM has none, before anything is trained or fitted."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from search.run import app
from tests.search.commands import search
from tests.search.conftest import edit


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_bf16_is_refused_where_an_lstm_has_none(
    place: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    edit(place / "small.toml", ('cell = ["rnn", "gru", "lstm"]', f'cell = ["{cell}"]'),
         ('precision = "float32"', 'precision = "bf16"'))  # fmt: skip
    monkeypatch.setattr("model.devices.has_bf16_lstm", lambda device: False)
    output = search("--trials", "1", "--epochs", "1", expect=2 if cell == "lstm" else 0).output
    assert ("precision bf16: CPU" in output) == (cell == "lstm")


def test_bf16_is_refused_before_a_study_is_fitted_too(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.devices.has_bf16_lstm", lambda device: False)
    asked = ["--dataset", "news.csv", "--trials", "1", "--precision", "bf16"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2
    assert "precision bf16: CPU" in result.output
    assert not (place / "studies").exists()
