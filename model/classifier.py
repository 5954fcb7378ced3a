"""The recurrent classifier: (ids, lengths) -> logits."""

import torch
from torch import Tensor, nn

from model.both_directions import BothDirections
from model.pooling import pool
from model.settings import ModelSettings

CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class RecurrentClassifier(nn.Module):
    """Embedding, recurrent layers, pooling over real steps, Linear-Tanh-Dropout-Linear.

    The logits of a text do not depend on the texts it is batched with.
    """

    def __init__(self, settings: ModelSettings, *, vocabulary_size: int, classes: int) -> None:
        super().__init__()
        hidden = settings.hidden_dim
        embedding_dim = settings.embedding_dim or hidden
        pooled = hidden * (1 + settings.bidirectional) * len(settings.pooling.split("+"))
        self.settings = settings
        self.embedding = nn.Embedding(vocabulary_size, embedding_dim)
        cell, layers = CELLS[settings.cell], settings.layers
        dropout = settings.dropout if layers > 1 else 0.0
        self.recurrent: nn.Module
        if settings.bidirectional:
            self.recurrent = BothDirections(
                cell, embedding_dim, hidden, layers=layers, dropout=dropout
            )
        else:
            self.recurrent = cell(embedding_dim, hidden, layers, dropout=dropout, batch_first=True)
        self.head = nn.Sequential(
            nn.Linear(pooled, hidden),
            nn.Tanh(),
            nn.Dropout(settings.dropout),
            nn.Linear(hidden, classes),
        )

    def forward(self, ids: Tensor, lengths: Tensor, shift: Tensor | None = None) -> Tensor:
        """Classify a batch.

        Args:
            ids: (B, T) int64, padded behind each text.
            lengths: (B,) int64, real steps of each text.
            shift: (B, T, E), added to the embedded words; see ``model.adversarial``.

        Returns:
            (B, classes) logits.
        """
        embedded = self.embedding(ids)  # (B, T, E)
        if shift is not None:
            embedded = embedded + shift
        if self.settings.bidirectional:
            outputs = self.recurrent(embedded, lengths)  # (B, T, 2 H)
        else:  # padding comes after every real step, so one direction never sees it
            outputs, _ = self.recurrent(embedded)  # (B, T, H)
        logits: Tensor = self.head(pool(outputs, lengths, self.settings.pooling))
        return logits


def build(
    settings: ModelSettings, *, vocabulary_size: int, classes: int, seed: int
) -> RecurrentClassifier:
    """A classifier with PyTorch's initial weights, drawn from ``seed``.

    The global random state is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return RecurrentClassifier(settings, vocabulary_size=vocabulary_size, classes=classes)


def weight_count(module: nn.Module) -> int:
    """Number of trained weights."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)
