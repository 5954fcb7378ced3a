"""Encoded texts to padded batches: length buckets, and an order from a generator passed in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from data.encoded import EncodedTexts
from data.vocabulary import PAD

# Texts are sorted by length within pools of this many batches: 5% padding on news texts at batch
# size 512 (16 batches: 15%, all of them: 1.5%), and few batches of an epoch ever occur again.
POOL = 64


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
    """``EncodedTexts`` as tensors, on one device but for the lengths, which stay on the CPU."""

    ids: Tensor
    offsets: Tensor
    lengths: Tensor
    labels: Tensor

    @classmethod
    def of(cls, texts: EncodedTexts, device: torch.device | str = "cpu") -> "Encoded":
        """``texts`` on ``device``."""
        arrays = (texts.ids, texts.offsets, texts.lengths, texts.labels)
        # PyTorch takes no array that cannot be written, as one is that is mapped into memory.
        ids, offsets, lengths, labels = (
            torch.from_numpy(array if array.flags.writeable else array.copy()) for array in arrays
        )
        return cls(ids.to(device), offsets.to(device), lengths, labels.to(device))

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.lengths)

    def first(self, texts: int) -> "Encoded":
        """The first ``texts`` of them."""
        kept = {name: getattr(self, name)[:texts] for name in ("offsets", "lengths", "labels")}
        return replace(self, **kept)

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
