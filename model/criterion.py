"""What the epochs of a training are compared by, and which way is better."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from model.epoch import Epoch

if TYPE_CHECKING:  # it imports torch, and a study file is read without
    from model.metrics import Metrics

Score = Literal["loss", "accuracy", "macro_f1", "f1"]


@dataclass(frozen=True)
class Criterion:
    """A score of the validation texts.

    Attributes:
        score: "f1" is the F1 of one class.
        class_number: of that class.
    """

    score: Score = "loss"
    class_number: int | None = None

    def __post_init__(self) -> None:
        if (self.score == "f1") != (self.class_number is not None):
            raise ValueError(f"{self}: a class is needed for f1, and for nothing else")

    @property
    def maximize(self) -> bool:
        """Whether more is better."""
        return self.score != "loss"

    @property
    def worst(self) -> float:
        """What any value is better than."""
        return -math.inf if self.maximize else math.inf

    def value(self, metrics: "Metrics") -> float:
        """The score among ``metrics``."""
        match self.score:
            case "loss":
                return metrics.loss
            case "accuracy":
                return metrics.accuracy
            case "macro_f1":
                return metrics.macro_f1
            case "f1":
                assert self.class_number is not None
                return metrics.f1[self.class_number]

    def is_better(self, value: float, other: float) -> bool:
        """Whether ``value`` is better than ``other``; of equals, the earlier one stays."""
        return value > other if self.maximize else value < other


BY_LOSS = Criterion()


def best_of(curve: Sequence[Epoch], *, maximize: bool) -> Epoch | None:
    """The epoch with the best score, the first of equals; ``None``: there is no epoch."""
    best = max if maximize else min
    return best(curve, key=lambda epoch: epoch.score, default=None)
