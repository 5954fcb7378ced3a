"""Scores are those of scikit-learn on all texts at once, however they are batched."""

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, f1_score, log_loss
from torch import Tensor, nn

from data.batching import Encoded
from data.encoded import encode_rows
from model.devices import autocast
from model.metrics import evaluate

FLOAT32 = autocast("float32", torch.device("cpu"))


class Table(nn.Module):
    """Logits looked up by a text's only word."""

    def __init__(self, logits: Tensor) -> None:
        super().__init__()
        self.logits = logits

    def forward(self, ids: Tensor, _lengths: Tensor) -> Tensor:
        return self.logits[ids[:, 1] - 4]


def texts(labels: np.ndarray) -> Encoded:
    numbers = np.arange(len(labels), dtype=np.int32)
    tokens = (numbers, np.arange(len(labels) + 1))
    return Encoded.of(encode_rows(tokens, labels, numbers.astype(np.int64)))


@pytest.mark.parametrize("batch", [1, 7, 1000])
@pytest.mark.parametrize("present", [4, 3])  # 3: a class that is neither right nor predicted
def test_scores_are_scikit_learns(batch: int, present: int) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, present, 101)
    logits = torch.from_numpy(rng.normal(size=(101, 4)).astype(np.float32))
    logits[:, present:] = -20
    scores = evaluate(Table(logits), texts(labels), autocast=FLOAT32, batch_size=batch)
    predicted = logits.argmax(dim=1).numpy()
    probabilities = logits.double().softmax(dim=1).numpy()
    assert scores.accuracy == pytest.approx(accuracy_score(labels, predicted))
    assert scores.macro_f1 == pytest.approx(f1_score(labels, predicted, average="macro"))
    each = f1_score(labels, predicted, average=None, labels=range(4), zero_division=0.0)
    assert scores.f1 == pytest.approx(each)
    assert scores.loss == pytest.approx(log_loss(labels, probabilities, labels=range(4)), rel=1e-5)
