"""Raw texts to classes: a trained net together with all that it needs to read a text."""

from collections.abc import Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from data.batching import Encoded
from data.class_names import Label
from data.encoded import EncodedTexts
from data.raw_texts import encode_texts, unknown_share
from data.vocabulary import Vocabulary
from model.classifier import RecurrentClassifier, build
from model.settings import ModelSettings

AT_ONCE = 256  # texts of a batch, fewer where they are long and the net is large
LARGEST = 1 << 24  # numbers that one layer may make of a batch: 64 MB
PART = 8192  # texts that a thread takes at a time: sorted by length they need 5% padding


@dataclass(frozen=True)
class TextClassifier:
    """A net with all it needs to classify raw texts; methods as in scikit-learn.

    ``texts`` are a list, a tuple, an array, a pandas Series: whatever has strings in an order.

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
        """(len(texts), C) probabilities, computed in float32, on as many threads as PyTorch has.

        Raises:
            TypeError: ``texts`` is not a sequence of strings; the message names the first that
                is none.
        """
        rows = checked(texts)
        parts = _parts(rows, torch.get_num_threads())
        with _threads(len(parts)) as threads:
            found = list(
                threads.map(self._probabilities, parts)
                if threads
                else map(self._probabilities, parts)
            )
        return np.concatenate([np.empty((0, len(self.classes_)), np.float32), *found])

    def unknown_share(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """(len(texts),) the share of each text's tokens that the vocabulary does not have.

        Of a text without tokens it is NaN. Tokens behind ``max_length`` count too.

        Raises:
            TypeError: as ``predict_proba``.
        """
        return unknown_share(self._encoded(checked(texts)))

    def ids(self, text: str) -> list[int]:
        """What the net reads of ``text``: ``<bos>``, its tokens, ``<eos>``, cut if long."""
        cut = self._cut([text])
        ids: list[int] = cut.ids[: int(cut.lengths[0])].tolist()
        return ids

    def _cut(self, texts: Sequence[str]) -> EncodedTexts:
        settings = self.net.settings
        encoded = self._encoded(texts)
        return encoded.cut(self.vocabulary.size(), settings.max_length, settings.truncate)

    def _encoded(self, texts: Sequence[str]) -> EncodedTexts:
        kind = self.net.settings.tokens
        if kind == "auto":
            raise ValueError("tokens = 'auto' must be settled before a net is built")
        return encode_texts(texts, self.vocabulary, kind)

    def _probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Those of a part of the texts: batches of like lengths, put back in the texts' order."""
        settings = self.net.settings
        encoded = Encoded.of(self._cut(texts))
        widest = int(encoded.lengths.max()) * settings.hidden_dim * (1 + settings.bidirectional)
        found = torch.empty(len(texts), len(self.classes_))
        net = self.net.eval()
        with torch.inference_mode():
            for batch in encoded.ordered(max(min(AT_ONCE, LARGEST // widest), 1)):
                found[batch.labels] = net(batch.ids, batch.lengths).softmax(dim=1)
        return np.asarray(found.numpy())


def most_probable(classes: Sequence[Label], probabilities: npt.NDArray[np.float32]) -> list[Label]:
    """The label of ``classes`` (C,) with the highest of each row's ``probabilities`` (N, C)."""
    return [classes[i] for i in probabilities.argmax(axis=1)]


def _parts(texts: list[str], threads: int) -> list[list[str]]:
    """``texts`` in parts: one or more a thread, none smaller than a batch."""
    size = min(max(-(-len(texts) // threads), AT_ONCE), PART)
    return [texts[i : i + size] for i in range(0, len(texts), size)]


@contextmanager
def _threads(parts: int) -> Iterator[ThreadPoolExecutor | None]:
    """As many threads as PyTorch has, each alone with its part; ``None``: one part needs none.

    PyTorch's own threads share the steps of one batch and wait for each other at every step: two
    of them take longer than one where anything else runs (360 in the place of 52 microseconds a
    text, LSTM of 64 units), two parts at a time take half as long.
    """
    count = torch.get_num_threads()
    if min(parts, count) < 2:
        yield None
        return
    pool = ThreadPoolExecutor(min(parts, count), initializer=torch.set_num_threads, initargs=(1,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        torch.set_num_threads(count)  # one thread's number is partly all threads'


def checked(texts: Sequence[str]) -> list[str]:
    """``texts`` as a list of strings.

    Raises:
        TypeError: they are no sequence of strings; the message names the first that is none.
    """
    if isinstance(texts, str | bytes):
        raise TypeError("texts must be a sequence of strings, not one string")
    kind = type(texts).__name__
    if isinstance(texts, Mapping) or hasattr(texts, "columns"):
        raise TypeError(f"texts must be a sequence of strings, not a {kind}: give one column")
    if isinstance(texts, Set):
        raise TypeError("texts must be a sequence of strings, not a set, which has no order")
    if getattr(texts, "ndim", 1) > 1:
        raise TypeError(f"texts must be one column of strings, not a {kind} of several dimensions")
    try:
        rows = list(texts)
    except TypeError:
        raise TypeError(f"texts must be a sequence of strings, not a {kind}") from None
    for i, text in enumerate(rows):
        if not isinstance(text, str):
            raise TypeError(f"texts[{i}] is {text!r}, not a string (the first is texts[0])")
    return rows
