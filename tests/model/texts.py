"""A small corpus of numbers, where the order of two is the class, and nets that learn it."""

import numpy as np
import pytest
import torch
from torch import nn

from data.batching import Encoded
from data.encoded import encode_rows
from model.classifier import RecurrentClassifier, build
from model.devices import autocast, has_bf16_lstm
from model.metrics import evaluate
from model.settings import ModelSettings, TrainSettings
from model.training import Trainer

VOCABULARY_SIZE = 24
CLASSES = 2
NEEDS_BF16 = pytest.mark.skipif(
    not has_bf16_lstm(torch.device("cpu")), reason="this CPU has no bf16 for an LSTM"
)


def order_texts(rows: int, seed: int = 0, noise: float = 0.0) -> Encoded:
    """Texts of 2 to 9 words; class 1 where word 1 stands before word 0, but for the ``noise``."""
    rng = np.random.default_rng(seed)
    words, labels = [], []
    for _ in range(rows):
        text = rng.integers(2, VOCABULARY_SIZE - 4, rng.integers(2, 10))
        places = np.sort(rng.choice(len(text), 2, replace=False))
        label = int(rng.integers(2))
        text[places] = [1 - label, label]
        words.append(text)
        labels.append(label if rng.random() >= noise else 1 - label)
    offsets = np.concatenate(([0], np.cumsum([len(text) for text in words])))
    flat = np.concatenate(words).astype(np.int32)
    return Encoded.of(encode_rows((flat, offsets), np.array(labels), np.arange(rows)))


def random_batch(lengths: list[int], seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids (B, T) padded behind ``lengths``, and the lengths."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(4, VOCABULARY_SIZE, (len(lengths), max(lengths)), generator=generator)
    steps = torch.tensor(lengths)
    return ids.masked_fill(torch.arange(max(lengths)) >= steps[:, None], 3), steps


TRAIN, VALIDATION = order_texts(800, seed=1), order_texts(200, seed=2)

# Few texts with wrong labels: the validation loss soon rises again.
NOISY = order_texts(100, seed=1, noise=0.2), order_texts(200, seed=2, noise=0.2)


def net(**settings: object) -> RecurrentClassifier:
    net_settings = ModelSettings.model_validate({"hidden_dim": 16, **settings})
    return build(net_settings, vocabulary_size=VOCABULARY_SIZE, classes=CLASSES, seed=3)


def training(**settings: object) -> TrainSettings:
    plain = {"lr": 1e-2, "precision": "float32", "adversarial": 0.0}
    return TrainSettings.model_validate({"epochs": 4, "batch_size": 32, **plain, **settings})


def trainer(model: nn.Module, settings: TrainSettings, seed: int = 5) -> Trainer:
    return Trainer(model, settings, seed=seed)


def loss_of(model: nn.Module, texts: Encoded) -> float:
    return evaluate(model, texts, autocast=autocast("float32", torch.device("cpu"))).loss
