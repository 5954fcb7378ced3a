"""Untrained classifiers of all kinds, and texts to classify."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.class_names import Label
from data.demo import demo_corpus
from data.tokens import tokenize_all
from data.vocabulary import rank_words
from model.classifier import build
from model.prediction import TextClassifier
from model.settings import ModelSettings

TEXTS = [
    *demo_corpus(40, seed=5)[0],
    "",
    "!!!",
    "Wanna\u2019s 3.5 :) #39;s 東京",
    "the" + " the" * 30,
]
CLASSES = ("World", "Sports", "Business")


def classifier(classes: Sequence[Label] = CLASSES, **settings: Any) -> TextClassifier:
    """Untrained, with the words of ``TEXTS``."""
    given = {"hidden_dim": 8, "max_length": 20, **settings}
    made = ModelSettings.model_validate(given)
    assert made.tokens != "auto"
    tokens = tokenize_all(TEXTS, "", made.tokens)
    vocabulary, _ = rank_words(tokens, np.arange(len(TEXTS)))
    net = build(made, vocabulary_size=vocabulary.size(), classes=len(classes), seed=0)
    return TextClassifier(net, vocabulary.cut(0), tuple(classes))
