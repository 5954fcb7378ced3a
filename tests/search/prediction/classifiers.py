"""A classifier that is quick to make, its folder, and the command on it."""

import json
from pathlib import Path

import numpy as np
from typer.testing import CliRunner, Result

from data.class_names import Label
from data.vocabulary import Vocabulary
from model.checkpoint import save
from model.classifier import build
from model.prediction import TextClassifier
from model.settings import ModelSettings
from search.predict import app

WORDS = ("the", "market", "fell", "team", "won", "can", "not")
LABELS: tuple[Label, ...] = (3, 1, 2)


def make(
    folder: Path | None = None, classes: tuple[Label, ...] = LABELS, seed: int = 3
) -> TextClassifier:
    """A net that was never trained, with classes out of order; stored if there is a ``folder``."""
    vocabulary = Vocabulary(WORDS, np.arange(len(WORDS), 0, -1))
    settings = ModelSettings(hidden_dim=8)
    net = build(settings, vocabulary_size=vocabulary.size(), classes=len(classes), seed=seed)
    made = TextClassifier(net, vocabulary, classes)
    if folder is not None:
        save(folder, made)
    return made


def predict(*arguments: str | Path, expect: int = 0, given: bytes | None = None) -> Result:
    """The command with the classifier in the folder "model"."""
    words = [str(argument) for argument in arguments]
    model = [] if {"--model", "--study"} & {*words} else ["--model", "model"]
    result = CliRunner().invoke(app, [*model, *words], input=given)
    assert result.exit_code == expect, result.output
    assert "Traceback" not in result.output
    return result


def objects(text: str) -> list[dict[str, object]]:
    """JSON lines as objects; NaN is refused, as other programs do."""
    return [json.loads(line, parse_constant=int) for line in text.split("\n") if line]
