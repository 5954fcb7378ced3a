"""Rare classes may count for more in training."""

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional

from data.batching import Encoded
from data.encoded import encode_rows
from model.loss import class_weights, training_loss
from model.settings import ClassWeights
from tests.model.texts import net, trainer, training

LABELS = torch.tensor([0] * 16 + [1] * 4 + [2] * 1)


@pytest.mark.parametrize(
    ("kind", "expected"), [("balanced", [7 / 16, 7 / 4, 7.0]), ("sqrt", [0.75, 1.5, 3.0])]
)
def test_class_weights_by_hand(kind: ClassWeights, expected: list[float]) -> None:
    weights = class_weights(kind, LABELS)
    assert weights is not None
    assert weights.tolist() == pytest.approx(expected)
    assert float(weights[LABELS].mean()) == pytest.approx(1.0)


def test_balanced_is_scikit_learns() -> None:
    weights = class_weights("balanced", LABELS)
    assert weights is not None
    theirs = compute_class_weight("balanced", classes=np.arange(3), y=LABELS.numpy())
    assert weights.tolist() == pytest.approx(theirs.tolist())
    assert class_weights("none", LABELS) is None


@pytest.mark.parametrize("weights", [None, torch.tensor([0.5, 1.0, 4.0])])
def test_the_losses_of_parts_add_up(weights: torch.Tensor | None) -> None:
    logits = torch.randn(21, 3, generator=torch.Generator().manual_seed(1))
    whole = training_loss(logits, LABELS, weights)
    parts = 0.0
    for rows in (slice(0, 5), slice(5, 15), slice(15, 21)):
        loss = training_loss(logits[rows], LABELS[rows], weights)
        parts += float(loss) * (rows.stop - rows.start) / 21
    assert parts == pytest.approx(float(whole), rel=1e-5)
    plain = float(functional.cross_entropy(logits, LABELS))
    is_plain = float(whole) == pytest.approx(plain)
    assert is_plain == (weights is None)


def rare(seed: int) -> Encoded:
    """Texts of two classes, of which one in twelve is of class 1."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(960) % 12 == 0).astype(np.int64)
    words = rng.integers(0, 10, (960, 4)) + 5 * labels[:, None]  # half of them are in both
    offsets = np.arange(961) * 4
    tokens = (words.astype(np.int32).ravel(), offsets)
    return Encoded.of(encode_rows(tokens, labels, np.arange(960)))


def found(kind: str) -> int:
    """How many of the validation texts are said to be of the rare class."""
    one = trainer(net(), training(epochs=3, class_weights=kind))
    while not one.done:
        one.run_epoch(rare(1), rare(2))
    (batch,) = rare(2).ordered(960)
    return int(one.model.eval()(batch.ids, batch.lengths).argmax(dim=1).sum())


def test_class_weights_find_more_of_a_rare_class() -> None:
    assert found("none") < found("sqrt") < found("balanced")
