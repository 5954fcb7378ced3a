"""The way of the notebook: what tutorials do, as the thing to compare with.

Texts are tokenised whenever they are fetched, batches are padded to their longest text in random
order, all is float32, and each step waits for its loss.
"""

from collections.abc import Sequence
from multiprocessing import get_all_start_methods
from typing import cast

import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset

from data.tokens import tokenize
from data.vocabulary import PAD, Vocabulary

MAX_LENGTH = 256
Example = tuple[Tensor, int]


class Texts(Dataset[Example]):
    """Texts that are tokenised when asked for."""

    def __init__(
        self, texts: Sequence[str], labels: npt.ArrayLike, vocabulary: Vocabulary
    ) -> None:
        self.texts = texts
        self.labels = torch.as_tensor(labels).tolist()
        self.vocabulary = vocabulary

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.texts)

    def __getitem__(self, i: int) -> Example:
        """Ids (T,) and class number of text ``i``."""
        ids = self.vocabulary.encode(tokenize(self.texts[i]))
        return torch.tensor(ids[:MAX_LENGTH]), self.labels[i]


def loader(
    texts: Texts, *, batch_size: int, workers: int, shuffle: bool = True
) -> DataLoader[Example]:
    """Padded batches, in random order; worker processes are forked where that can be done."""
    fork = "fork" if workers and "fork" in get_all_start_methods() else None
    return DataLoader(
        texts,
        batch_size,
        shuffle=shuffle,
        num_workers=workers,
        collate_fn=_collate,
        multiprocessing_context=fork,
    )


def train_epoch(
    model: nn.Module, batches: DataLoader[Example], optimizer: torch.optim.Optimizer
) -> float:
    """One pass; the mean training loss."""
    device = next(model.parameters()).device
    model.train()
    total = 0.0
    for batch in batches:
        ids, lengths, labels = (tensor.to(device) for tensor in batch)
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(ids, lengths), labels)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        total += loss.item() * len(labels)
    return total / len(cast("Texts", batches.dataset))


def validation_loss(model: nn.Module, batches: DataLoader[Example]) -> float:
    """Mean cross-entropy of the texts, in nats."""
    device = next(model.parameters()).device
    model.eval()
    total = 0.0
    with torch.no_grad():
        for batch in batches:
            ids, lengths, labels = (tensor.to(device) for tensor in batch)
            logits = model(ids, lengths)
            total += functional.cross_entropy(logits, labels, reduction="sum").item()
    return total / len(cast("Texts", batches.dataset))


def _collate(examples: list[Example]) -> tuple[Tensor, Tensor, Tensor]:
    ids, labels = zip(*examples, strict=True)
    padded = pad_sequence(list(ids), batch_first=True, padding_value=PAD)  # (B, T)
    return padded, torch.tensor([len(text) for text in ids]), torch.tensor(labels)
