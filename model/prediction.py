"""Raw texts to classes: a trained net together with all that it needs to read a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from data.tokens import tokenize
from data.vocabulary import EOS, PAD, Vocabulary
from model.classifier import RecurrentClassifier, build
from model.settings import ModelSettings


@dataclass(frozen=True)
class TextClassifier:
    """A net with all it needs to classify raw texts; methods as in scikit-learn.

    Attributes:
        net: the trained net.
        vocabulary: its words.
        classes_: (C,) class names.
    """

    net: RecurrentClassifier
    vocabulary: Vocabulary
    classes_: tuple[str, ...]

    @classmethod
    def from_weights(
        cls,
        weights: Mapping[str, Tensor],
        settings: ModelSettings,
        vocabulary: Vocabulary,
        classes: Sequence[str],
    ) -> "TextClassifier":
        """The classifier whose net has these ``weights``, by name; ``vocabulary`` is the net's."""
        net = build(settings, vocabulary_size=vocabulary.size(), classes=len(classes), seed=0)
        net.load_state_dict(weights)
        return cls(net, vocabulary, tuple(classes))

    def predict(self, texts: Sequence[str]) -> list[str]:
        """The most probable class name of each text."""
        return [self.classes_[i] for i in self.predict_proba(texts).argmax(axis=1)]

    def predict_proba(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(len(texts), C) probabilities, computed in float32.

        Raises:
            TypeError: ``texts`` is one string, not a sequence of them.
        """
        if isinstance(texts, str):
            raise TypeError("texts must be a sequence of strings, not one string")
        rows = [self._ids(text) for text in texts]
        probabilities = [self._probabilities(rows[i : i + 256]) for i in range(0, len(rows), 256)]
        return np.concatenate([np.empty((0, len(self.classes_)), np.float32), *probabilities])

    def _ids(self, text: str) -> list[int]:
        ids = self.vocabulary.encode(tokenize(text))
        longest = self.net.settings.max_length
        return ids if len(ids) <= longest else [*ids[: longest - 1], EOS]

    def _probabilities(self, rows: list[list[int]]) -> npt.NDArray[np.float32]:
        lengths = torch.tensor([len(row) for row in rows])  # (B,)
        longest = int(lengths.max())
        ids = torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])  # (B, T)
        with torch.inference_mode():
            logits = self.net.eval()(ids, lengths)  # (B, C)
        return np.asarray(logits.softmax(dim=1).numpy())
