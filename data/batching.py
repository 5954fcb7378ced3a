"""Encoded texts to padded batches: length buckets, and an order from a generator passed in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from data.vocabulary import BOS, EOS, PAD, SPECIALS, UNK

# Texts are sorted by length within pools of this many batches: 5% padding on news texts at batch
# size 512 (16 batches: 15%, all of them: 1.5%), and few batches of an epoch ever occur again.
POOL = 64
AT_ONCE = 1 << 14  # long texts that are cut at once: 100 MB of indices
Truncate = Literal["head", "tail", "both"]  # which words of a text that is too long are kept


class Batch(NamedTuple):
    """Texts padded to the longest of them.

    Attributes:
        ids: (B, T) int64, ``<pad>`` behind each text's end.
        lengths: (B,) int64, real steps of each text, ``<bos>`` and ``<eos>`` included.
        labels: (B,) int64, class numbers.
    """

    ids: Tensor
    lengths: Tensor
    labels: Tensor

    def split(self, parts: int) -> "list[Batch]":
        """The same texts as at most ``parts`` batches of like size, each as long as it must be."""
        if parts == 1:
            return [self]
        chunks = zip(*(tensor.chunk(parts) for tensor in self), strict=True)
        return [Batch(ids[:, : int(n.max())], n, labels) for ids, n, labels in chunks]


@dataclass(frozen=True)
class Encoded:
    """Texts as one flat tensor of ids.

    Attributes:
        ids: (total steps,) int32; each text is ``<bos>``, its words, ``<eos>``.
        offsets: (N,) int64, where each text begins in ``ids``.
        lengths: (N,) int64, steps of each text, on the CPU whatever the device of the others.
        labels: (N,) int64.
    """

    ids: Tensor
    offsets: Tensor
    lengths: Tensor
    labels: Tensor

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.lengths)

    def cut(self, vocabulary_size: int, max_length: int, truncate: Truncate = "head") -> "Encoded":
        """The texts as a smaller vocabulary sees them, at most ``max_length`` steps long.

        Ids of ``vocabulary_size`` and more become ``<unk>``; of a longer text the words at its
        "head" are kept, at its "tail", or half of them at "both" ends, beside ``<bos>`` and
        ``<eos>``.
        """
        ids = torch.where(self.ids < vocabulary_size, self.ids, UNK)
        lengths = self.lengths.clamp(max=max_length)
        behind = _words_behind(max_length, truncate)
        if behind:
            long = self.lengths > max_length
            starts = self.offsets[long.to(ids.device)]
            ends = starts + self.lengths[long].to(ids.device)
            steps = torch.arange(behind, device=ids.device)
            pairs = zip(torch.split(starts, AT_ONCE), torch.split(ends, AT_ONCE), strict=True)
            for start, end in pairs:
                last = ids[end[:, None] - 1 - behind + steps]  # before the <eos>
                ids[start[:, None] + max_length - 1 - behind + steps] = last
        ids[self.offsets + lengths.to(ids.device) - 1] = EOS
        return replace(self, ids=ids, lengths=lengths)

    def first(self, texts: int) -> "Encoded":
        """The first ``texts`` of them."""
        kept = {name: getattr(self, name)[:texts] for name in ("offsets", "lengths", "labels")}
        return replace(self, **kept)

    def part(self, first: int, texts: int) -> "Encoded":
        """At most ``texts`` of them from number ``first`` on, with their ids alone."""
        kept = {name: getattr(self, name)[first : first + texts] for name in ("lengths", "labels")}
        start = int(self.offsets[first])
        ids = self.ids[start : start + int(kept["lengths"].sum())]
        return Encoded(ids=ids, offsets=self.offsets[first : first + texts] - start, **kept)

    def to(self, device: torch.device) -> "Encoded":
        """The texts on ``device``; the lengths stay where the batches are planned, on the CPU."""
        return replace(
            self,
            ids=self.ids.to(device),
            offsets=self.offsets.to(device),
            labels=self.labels.to(device),
        )

    def shuffled(self, batch_size: int, generator: torch.Generator) -> Iterator[Batch]:
        """Every text once, in batches of like lengths, in an order drawn from ``generator``."""
        order = torch.randperm(len(self), generator=generator)
        pool = torch.arange(len(self)) // (batch_size * POOL)
        by_length = np.lexsort((self.lengths[order].numpy(), pool.numpy()))
        chunks = torch.split(order[torch.from_numpy(by_length)], batch_size)
        for i in torch.randperm(len(chunks), generator=generator).tolist():
            yield self._batch(chunks[i])

    def ordered(self, batch_size: int) -> Iterator[Batch]:
        """Every text once, by length: the least padding, always the same batches."""
        for rows in torch.split(self.order(), batch_size):
            yield self._batch(rows)

    def order(self) -> Tensor:
        """(N,) the texts' numbers in the order of ``ordered``."""
        return torch.argsort(self.lengths, stable=True)

    def _batch(self, rows: Tensor) -> Batch:
        lengths = self.lengths[rows]
        steps = torch.arange(int(lengths.max()), device=self.ids.device)  # (T,)
        rows, lengths = rows.to(self.ids.device), lengths.to(self.ids.device)
        real = steps < lengths[:, None]  # (B, T)
        places = torch.where(real, self.offsets[rows, None] + steps, 0)
        ids = torch.where(real, self.ids[places], PAD).long()
        return Batch(ids, lengths, self.labels[rows])


def _words_behind(max_length: int, truncate: Truncate) -> int:
    """How many words of a text's end a cut keeps."""
    words = max_length - 2
    return {"head": 0, "tail": words, "both": words // 2}[truncate]


def encode_rows(
    tokens: tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]],
    labels: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
) -> Encoded:
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
    arrays = (ids, offsets, lengths, labels[rows])
    return Encoded(*(torch.from_numpy(array) for array in arrays))
