"""A classifier that was never trained, quick to make."""

from typing import Any

import numpy as np

from data.vocabulary import Vocabulary
from model.classifier import build
from model.prediction import TextClassifier
from model.settings import ModelSettings

CLASSES = ("World", "Sports", "Business")
WORDS = ("the", "market", "fell", "team", "won")


def classifier(seed: int = 0, **settings: Any) -> TextClassifier:
    net_settings = ModelSettings.model_validate({"hidden_dim": 8, **settings})
    vocabulary = Vocabulary(WORDS, np.array([9, 5, 4, 3, 3]))
    net = build(net_settings, vocabulary_size=vocabulary.size(), classes=len(CLASSES), seed=seed)
    return TextClassifier(net.eval(), vocabulary, CLASSES)
