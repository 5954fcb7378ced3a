"""Words ranked by count, so that a vocabulary threshold is a cut in the ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.tokens import Tokens, WithWords

UNK, BOS, EOS, PAD = range(4)
SPECIALS = ("<unk>", "<bos>", "<eos>", "<pad>")


@dataclass(frozen=True)
class Vocabulary(WithWords):
    """The words of the training rows, most frequent first, equal counts alphabetically.

    The word of rank ``r`` has the id ``r + 4``, behind the four special tokens.

    Attributes:
        words: the words in ranking order.
        counts: (words,) int64, how often each stands in the training rows, descending.
    """

    words: Sequence[str]
    counts: npt.NDArray[np.int64]

    def size(self, threshold: int = 0) -> int:
        """Number of ids, specials included, of the words seen more than ``threshold`` times.

        The ids of that vocabulary are exactly those below this number.
        """
        return len(SPECIALS) + int(np.searchsorted(-self.counts, -threshold, side="left"))

    def cut(self, threshold: int) -> "Vocabulary":
        """The vocabulary of the words seen more than ``threshold`` times."""
        kept = self.size(threshold) - len(SPECIALS)
        return Vocabulary(self.words[:kept], self.counts[:kept])

    @cached_property
    def ids(self) -> dict[str, int]:
        """Word to id."""
        return {word: i for i, word in enumerate(self.words, start=len(SPECIALS))}

    def encode(self, tokens: Sequence[str]) -> list[int]:
        """``<bos>``, the tokens' ids (``<unk>`` for a word that is not in it), ``<eos>``."""
        return [BOS, *(self.ids.get(token, UNK) for token in tokens), EOS]


class WordVectors(NamedTuple):
    """Vectors of some of a vocabulary's words.

    Attributes:
        values: (words, dimensions) float32.
        ranks: (words,) int64, which words they are of, ascending.
    """

    values: npt.NDArray[np.float32]
    ranks: npt.NDArray[np.int64]


def rank_words(tokens: Tokens, rows: npt.NDArray[np.int64]) -> tuple[Vocabulary, Tokens]:
    """Rank the words of ``rows`` (the training rows) and renumber all texts by that ranking.

    Returns:
        The vocabulary of the words that stand in ``rows``, and the tokens with ranks for ids;
        words that stand only in other rows have ranks behind the vocabulary's.
    """
    lengths = np.diff(tokens.offsets)
    weights = np.zeros(len(lengths), dtype=bool)
    weights[rows] = True
    counts = np.bincount(tokens.ids[np.repeat(weights, lengths)], minlength=len(tokens.words))
    order = np.argsort(-counts, kind="stable")  # words come sorted: ties stay alphabetical
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    words = [tokens.words[i] for i in order]
    seen = int(np.count_nonzero(counts))
    ranked = Tokens(words, rank[tokens.ids], tokens.offsets)
    return Vocabulary(words[:seen], counts[order[:seen]]), ranked
