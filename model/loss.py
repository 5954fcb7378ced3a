"""The loss that a training makes smaller: cross-entropy, with class weights.

Validation does not know them: its loss is the plain one, see ``model.metrics``.
"""

import torch
from torch import Tensor
from torch.nn import functional

from model.settings import ClassWeights

POWER: dict[ClassWeights, float] = {"none": 0.0, "sqrt": 0.5, "balanced": 1.0}


def class_weights(kind: ClassWeights, labels: Tensor) -> Tensor | None:
    """What a text of each class counts for, in the mean over ``labels`` 1.

    Args:
        kind: "balanced": all classes count the same, as scikit-learn's ``class_weight`` of that
            name has it; "sqrt": half-way there, by the square root of the class's share.
        labels: (N,) int64, of the training texts.

    Returns:
        (classes,) float32 up to the highest class in ``labels``; ``None`` where all count 1.
    """
    if kind == "none":
        return None
    counts = torch.bincount(labels).float()
    weights = counts.clamp(min=1) ** -POWER[kind]
    return weights * (len(labels) / (weights * counts).sum())


def training_loss(logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
    """The mean over a batch's texts, so that those of its parts add up.

    Args:
        logits: (B, C) float32.
        labels: (B,) int64.
        weights: of the classes, or none; the mean is over texts, not over weights.
    """
    if weights is None:
        return functional.cross_entropy(logits, labels)
    losses = functional.cross_entropy(logits, labels, reduction="none")
    return (losses * weights[labels]).mean()
