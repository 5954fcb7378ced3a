"""Raw texts to classes: a trained net together with all that it needs to read a text."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from data.batching import cut_text
from data.tokens import tokenize
from data.vocabulary import PAD, Vocabulary
from model.classifier import RecurrentClassifier, build
from model.settings import ModelSettings

Label = str | int | bool
AT_ONCE = 256  # texts


@dataclass(frozen=True)
class TextClassifier:
    """A net with all it needs to classify raw texts; methods as in scikit-learn.

    Attributes:
        net: the trained net.
        vocabulary: its words.
        classes_: (C,) the labels, of the type that they have in the training data.
        about: what it was trained on, when, and how well it did; plain values.
    """

    net: RecurrentClassifier
    vocabulary: Vocabulary
    classes_: tuple[Label, ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_weights(
        cls,
        weights: Mapping[str, Tensor],
        settings: ModelSettings,
        vocabulary: Vocabulary,
        classes: Sequence[Label],
    ) -> "TextClassifier":
        """The classifier whose net has these ``weights``, by name; ``vocabulary`` is the net's."""
        net = build(settings, vocabulary_size=vocabulary.size(), classes=len(classes), seed=0)
        net.load_state_dict(weights)
        return cls(net, vocabulary, tuple(classes))

    def predict(self, texts: Sequence[str]) -> list[Label]:
        """The most probable class of each text.

        Raises:
            TypeError: as ``predict_proba``.
        """
        return most_probable(self.classes_, self.predict_proba(texts))

    def predict_proba(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(len(texts), C) probabilities, computed in float32.

        Raises:
            TypeError: ``texts`` is not a sequence of strings; the message names the first that
                is none.
        """
        rows = [self.ids(text) for text in checked(texts)]
        batches = [rows[i : i + AT_ONCE] for i in range(0, len(rows), AT_ONCE)]
        probabilities = [self._probabilities(batch) for batch in batches]
        return np.concatenate([np.empty((0, len(self.classes_)), np.float32), *probabilities])

    def ids(self, text: str) -> list[int]:
        """What the net reads of ``text``: ``<bos>``, its tokens, ``<eos>``, cut if long."""
        settings = self.net.settings
        if settings.tokens == "auto":
            raise ValueError("tokens = 'auto' must be settled before a net is built")
        ids = self.vocabulary.encode(tokenize(text, settings.tokens))
        return cut_text(ids, settings.max_length, settings.truncate)

    def _probabilities(self, rows: list[list[int]]) -> npt.NDArray[np.float32]:
        lengths = torch.tensor([len(row) for row in rows])  # (B,)
        longest = int(lengths.max())
        ids = torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])  # (B, T)
        with torch.inference_mode():
            logits = self.net.eval()(ids, lengths)  # (B, C)
        return np.asarray(logits.softmax(dim=1).numpy())


def as_labels(names: Iterable[str], kind: str) -> tuple[Label, ...]:
    """Class names as the labels that they are in the training data: "int", "bool" or "str"."""
    if kind == "int":
        return tuple(int(name) for name in names)
    return tuple(name == "True" for name in names) if kind == "bool" else tuple(names)


def most_probable(classes: Sequence[Label], probabilities: npt.NDArray[np.float32]) -> list[Label]:
    """The label of ``classes`` (C,) with the highest of each row's ``probabilities`` (N, C)."""
    return [classes[i] for i in probabilities.argmax(axis=1)]


def checked(texts: Sequence[str]) -> list[str]:
    """``texts`` as a list of strings.

    Raises:
        TypeError: they are no sequence of strings; the message names the first that is none.
    """
    if isinstance(texts, str):
        raise TypeError("texts must be a sequence of strings, not one string")
    if isinstance(texts, Mapping) or hasattr(texts, "columns"):
        kind = type(texts).__name__
        raise TypeError(f"texts must be a sequence of strings, not a {kind}: give one column")
    if isinstance(texts, Set):
        raise TypeError("texts must be a sequence of strings, not a set, which has no order")
    try:
        rows = list(texts)
    except TypeError:
        kind = type(texts).__name__
        raise TypeError(f"texts must be a sequence of strings, not a {kind}") from None
    for i, text in enumerate(rows):
        if not isinstance(text, str):
            raise TypeError(f"texts[{i}] is {text!r}, not a string")
    return rows
