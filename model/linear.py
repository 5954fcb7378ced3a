"""A linear classifier of raw texts, on TF-IDF of words and pairs: what a net has to beat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from data.class_names import Label
from data.encoded import EncodedTexts
from data.kinds import Kind
from data.raw_texts import encode_texts, unknown_share
from data.vocabulary import SPECIALS, UNK, Vocabulary
from model.prediction import checked, most_probable

Codes = npt.NDArray[np.int64]
AT_ONCE = 4096  # texts


@dataclass(frozen=True, kw_only=True)
class LinearClassifier:
    """A linear SVM on TF-IDF, whose distances are made probabilities; see ``model.baseline``.

    Attributes:
        vocabulary: all words of the training texts.
        tokens: kind of the words.
        codes: (F,) of the words and pairs that it knows, ascending; see ``grams``.
        idf: (F,) their inverse document frequencies.
        coefficients: (C, F) of the classes.
        intercepts: (C,) likewise.
        sharpness: of the probabilities: distances are multiplied by it before the softmax.
        classes_: (C,) the labels.
        about: what it was fitted to; plain values.
    """

    vocabulary: Vocabulary
    tokens: Kind
    codes: Codes
    idf: npt.NDArray[np.float64]
    coefficients: npt.NDArray[np.float32]
    intercepts: npt.NDArray[np.float32]
    sharpness: float
    classes_: tuple[Label, ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    def predict(self, texts: Sequence[str]) -> list[Label]:
        """The most probable class of each text.

        Raises:
            TypeError: as ``predict_proba``.
        """
        return most_probable(self.classes_, self.predict_proba(texts))

    def predict_proba(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(len(texts), C) probabilities.

        Raises:
            TypeError: ``texts`` is not a sequence of strings.
        """
        return self.of_encoded(encode_texts(checked(texts), self.vocabulary, self.tokens))

    def unknown_share(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """(len(texts),) the share of each text's tokens that the vocabulary does not have.

        Raises:
            TypeError: ``texts`` is not a sequence of strings.
        """
        return unknown_share(encode_texts(checked(texts), self.vocabulary, self.tokens))

    def of_encoded(self, texts: EncodedTexts) -> npt.NDArray[np.float32]:
        """(N, C) probabilities of ``texts`` in the ids of the ``vocabulary``."""
        parts = [self._part(texts.part(first, AT_ONCE)) for first in range(0, len(texts), AT_ONCE)]
        return np.concatenate([np.empty((0, len(self.classes_)), np.float32), *parts])

    def _part(self, texts: EncodedTexts) -> npt.NDArray[np.float32]:
        columns, rows, values = tf_idf(texts, self.vocabulary.size(), self.codes, self.idf)
        distances = np.stack(
            [np.bincount(rows, values * row[columns], len(texts)) for row in self.coefficients],
            axis=1,
        )
        return softmax((distances + self.intercepts) * self.sharpness).astype(np.float32)


def softmax(logits: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(N, C) probabilities of ``logits`` (N, C)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def tf_idf(
    texts: EncodedTexts, words: int, codes: Codes, idf: npt.NDArray[np.float64]
) -> tuple[Codes, Codes, npt.NDArray[np.float64]]:
    """The known words and pairs of each text: their columns, the texts' rows, and their weights.

    A weight is (1 + log count) * idf, and a text's weights have the length 1: scikit-learn's
    ``TfidfTransformer(sublinear_tf=True)``.
    """
    rows, found = grams(texts, words)
    columns = np.searchsorted(codes, found).clip(max=len(codes) - 1)
    is_known = codes[columns] == found
    both = rows[is_known] * len(codes) + columns[is_known]
    cells, counts = np.unique(both, return_counts=True)
    rows, columns = np.divmod(cells, len(codes))
    values = (1 + np.log(counts)) * idf[columns]
    lengths = np.sqrt(np.bincount(rows, values**2, len(texts)))
    return columns, rows, values / lengths[rows]


def grams(texts: EncodedTexts, words: int) -> tuple[Codes, Codes]:
    """The text of each known word and each pair of neighbours, and a number that stands for it.

    Args:
        texts: as ids of a vocabulary.
        words: its size, special tokens included; ids from there on are unknown words.
    """
    ids = texts.ids.astype(np.int64)
    ids = np.where(ids < words, ids, UNK)
    rows = np.repeat(np.arange(len(texts)), texts.lengths)
    is_word = ids >= len(SPECIALS)  # so that <bos> and <eos> part one text's pairs from the next's
    is_pair = is_word[:-1] & is_word[1:]
    pairs = words + ids[:-1][is_pair] * words + ids[1:][is_pair]
    both = np.concatenate([rows[is_word], rows[:-1][is_pair]])
    return both, np.concatenate([ids[is_word], pairs])
