"""``search.export``: which classifier, what is refused before any work, and how."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

import model.export
from data.vocabulary import Vocabulary
from model.checkpoint import save
from model.classifier import build
from model.ensemble import Ensemble
from model.prediction import TextClassifier
from model.settings import ModelSettings
from search.export import app

NAMES = {"model.onnx", "tokenizer.json", "labels.json", "classify.py"}


def classifier(**settings: Any) -> TextClassifier:
    vocabulary = Vocabulary(("the", "market", "fell"), np.array([5, 4, 3]))
    made = ModelSettings.model_validate({"hidden_dim": 4, **settings})
    net = build(made, vocabulary_size=vocabulary.size(), classes=2, seed=0)
    return TextClassifier(net, vocabulary, ("no", "yes"))


def export(*arguments: str, expect: int = 0) -> str:
    result = CliRunner().invoke(app, [*arguments, "--output", "out"])
    assert result.exit_code == expect, result.output
    if expect:
        assert not Path("out").exists()
        assert "Traceback" not in result.output
    return " ".join(result.output.split())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with classifiers of two studies."""
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "studies/one/best", classifier())
    save(tmp_path / "studies/two/best", classifier())
    save(tmp_path / "studies/two/model", classifier(cell="gru", layers=2, bidirectional=True))
    return tmp_path


def test_a_folder_is_exported_and_what_was_done_is_said(place: Path) -> None:
    output = export("--model", "studies/one/best")
    assert output.startswith(
        "studies/one/best: LSTM, 1 layer of 4 units, max pooling, tokens = 'words', 3 words, "
        "2 classes out: model.onnx, tokenizer.json, labels.json, classify.py "
        "checked against the net on 256 made-up texts: the largest difference"
    )
    assert output.endswith('try it: python out/classify.py "a text"')
    assert {path.name for path in (place / "out").iterdir()} == NAMES


@pytest.mark.parametrize(
    ("study", "said"),
    [
        ("one", "studies/one/best: LSTM"),
        ("two", "studies/two/model: GRU, 2 layers of 4 units, both directions"),
    ],
)
def test_a_studys_model_comes_before_its_best(place: Path, study: str, said: str) -> None:
    assert export("--study", study).startswith(said)


def test_a_studys_folder_is_beside_its_database(place: Path) -> None:
    save(place / "elsewhere/mine.db.studies/one/best", classifier(cell="rnn"))
    output = export("--study", "one", "--storage", "elsewhere/mine.db")
    assert output.startswith("elsewhere/mine.db.studies/one/best: RNN")


def test_texts_of_a_file_are_compared_too(place: Path) -> None:
    (place / "texts.txt").write_bytes("The market fell\n\nÜber \xff\n".encode("latin-1") * 200)
    output = export("--study", "one", "--check", "texts.txt")
    assert "on 256 texts and 256 made-up texts" in output


def break_folder(place: Path) -> None:
    """Folders that hold no classifier, in as many ways."""
    save(place / "ensemble", Ensemble(members=(classifier(),), weights=(1.0,)))
    for name in ("empty", "other", "weights", "json"):
        save(place / name, classifier())
    (place / "empty/weights.pt").unlink()
    (place / "other/settings.json").write_text('{"model_type": "bert"}')
    torch.save({"weight": torch.zeros(1)}, place / "weights/weights.pt")
    (place / "json/vocabulary.json").write_text("no JSON")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "which classifier? Name its folder with --model, or --study NAME"),
        (("--model", "empty", "--study", "one"), "which classifier?"),
        (("--model", "nowhere"), "nowhere: there is no such folder"),
        (("--model", "ensemble"), "ensemble holds no single net: export an ensemble's one by one"),
        (
            ("--model", "empty"),
            "empty holds no classifier of this program: there is no weights.pt",
        ),
        (("--model", "other"), "other: its classifier is damaged, or not of this program"),
        (("--model", "weights"), "weights: its classifier is damaged, or not of this program"),
        (("--model", "json"), "json: its classifier is damaged, or not of this program"),
        (("--study", "three"), "studies/three has no classifier"),
        (("--study", "a/b"), "cannot be a study's name"),
        (("--study", "one", "--check", "none.txt"), "there is no such file"),
        (("--study", "one", "--check", "blank.txt"), "it holds no text"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    place: Path, arguments: tuple[str, ...], said: str
) -> None:
    break_folder(place)
    (place / "blank.txt").write_text("\n \n")
    output = export(*arguments, expect=2)
    assert output.startswith("error: ")
    assert said in output


def test_a_missing_package_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        model.export, "find_spec", lambda name: None if name == "onnx" else found(name)
    )
    assert "pip install 'recurrent-search[onnx]'" in export("--study", "one", expect=2)


def test_a_folder_of_something_else_is_refused(place: Path) -> None:
    result = CliRunner().invoke(app, ["--study", "one", "--output", "studies/two"])
    assert result.exit_code == 2
    assert "it holds 'best', which is of no export" in result.output
    assert (place / "studies/two/best/weights.pt").is_file()


def test_a_file_that_says_something_else_fails(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.export, "TOLERANCE", -1)
    assert "nothing was kept" in export("--study", "one", expect=1)


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (OSError(28, "No space left on device"), 1, "error: out: No space left on device"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_ends_it_leaves_nothing_behind(
    place: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int, said: str
) -> None:
    before = sorted(path.name for path in place.iterdir())

    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr("model.export.shutil.copyfile", fail)
    assert export("--study", "one", expect=code).endswith(said)
    assert sorted(path.name for path in place.iterdir()) == before


def test_a_place_that_cannot_be_written_is_named(place: Path) -> None:
    (place / "file").touch()
    result = CliRunner().invoke(app, ["--study", "one", "--output", "file/out"])
    assert result.exit_code == 1
    assert "error: " in result.output
    assert "file" in result.output
    assert "Traceback" not in result.output
