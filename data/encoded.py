"""Encoded texts as arrays, without PyTorch: what is done to them before they become batches."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from data.vocabulary import BOS, EOS, SPECIALS, UNK

AT_ONCE = 1 << 14  # long texts that are cut at once: 100 MB of indices
Truncate = Literal["head", "tail", "both"]  # which words of a text that is too long are kept


@dataclass(frozen=True)
class EncodedTexts:
    """Texts as one flat array of ids.

    Attributes:
        ids: (total steps,) int32; each text is ``<bos>``, its words, ``<eos>``.
        offsets: (N,) int64, where each text begins in ``ids``.
        lengths: (N,) int64, steps of each text.
        labels: (N,) int64.
    """

    ids: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.lengths)

    def cut(
        self, vocabulary_size: int, max_length: int, truncate: Truncate = "head"
    ) -> "EncodedTexts":
        """The texts as a smaller vocabulary sees them, at most ``max_length`` steps long.

        Ids of ``vocabulary_size`` and more become ``<unk>``; of a longer text the words at its
        "head" are kept, at its "tail", or half of them at "both" ends, beside ``<bos>`` and
        ``<eos>``.
        """
        ids = np.where(self.ids < vocabulary_size, self.ids, np.int32(UNK))
        lengths = self.lengths.clip(max=max_length)
        if behind := _words_behind(max_length, truncate):
            long = np.flatnonzero(self.lengths > max_length)
            steps = np.arange(behind)
            for first in range(0, len(long), AT_ONCE):
                some = long[first : first + AT_ONCE, None]
                starts = self.offsets[some]
                last = ids[starts + self.lengths[some] - 1 - behind + steps]  # before the <eos>
                ids[starts + max_length - 1 - behind + steps] = last
        ids[self.offsets + lengths - 1] = EOS
        return replace(self, ids=ids, lengths=lengths)

    def part(self, first: int, texts: int) -> "EncodedTexts":
        """At most ``texts`` of them from number ``first`` on, with their ids alone."""
        offsets, lengths, labels = (
            array[first : first + texts] for array in (self.offsets, self.lengths, self.labels)
        )
        start = int(self.offsets[first])
        ids = self.ids[start : start + int(lengths.sum())]
        return EncodedTexts(ids, offsets - start, lengths, labels)


def _words_behind(max_length: int, truncate: Truncate) -> int:
    """How many words of a text's end a cut keeps."""
    words = max_length - 2
    return {"head": 0, "tail": words, "both": words // 2}[truncate]


def encode_rows(
    tokens: tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]],
    labels: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
) -> EncodedTexts:
    """Gather ``rows`` of a ranked corpus and put ``<bos>`` and ``<eos>`` around each text.

    Args:
        tokens: ranks of all texts, flat, and their offsets (``Tokens.ids``, ``Tokens.offsets``).
        labels: (texts,) class numbers of all texts.
        rows: the texts wanted, in the order wanted.
    """
    ranks, starts = tokens
    words = np.diff(starts)[rows]
    lengths = words + 2
    offsets = np.cumsum(lengths) - lengths
    ids = np.empty(int(lengths.sum()), dtype=np.int32)
    ids[offsets], ids[offsets + lengths - 1] = BOS, EOS
    first = np.cumsum(words) - words
    within = np.arange(words.sum()) - np.repeat(first, words)
    gathered = ranks[np.repeat(starts[rows], words) + within] + len(SPECIALS)
    ids[np.repeat(offsets + 1, words) + within] = gathered
    return EncodedTexts(ids, offsets, lengths, labels[rows])
