"""A small corpus of numbers for the model's tests: which of two ids comes first is the class."""

import numpy as np
import torch

from data.batching import Encoded, encode_rows

VOCABULARY_SIZE = 24
CLASSES = 2


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
    return encode_rows((flat, offsets), np.array(labels), np.arange(rows))


def random_batch(lengths: list[int], seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids (B, T) padded behind ``lengths``, and the lengths."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(4, VOCABULARY_SIZE, (len(lengths), max(lengths)), generator=generator)
    steps = torch.tensor(lengths)
    return ids.masked_fill(torch.arange(max(lengths)) >= steps[:, None], 3), steps
