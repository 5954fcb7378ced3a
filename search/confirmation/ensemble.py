"""Which classifiers to average, and how: greedy selection by validation loss.

Caruana, Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble Selection from Libraries of Models":
the classifier that lowers the mean's loss most is added again and again, also one that is in it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.findings.intervals import log_losses

ROUNDS = 25  # additions that are tried; the best of these means is taken
ENOUGH = 1000  # validation texts; with fewer the choice would be of their noise

Probabilities = npt.NDArray[np.floating]  # (N, C)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """An ensemble: weights of candidates by their place, and how they were found.

    Attributes:
        weights: positive, of the chosen ones alone; their sum is 1.
        loss: validation loss of the mean, in nats; of a chosen one too low, since the same texts
            chose it.
        is_chosen: by validation loss; else it is the plain mean of the first candidates.
    """

    weights: dict[int, float]
    loss: float
    is_chosen: bool


def select(
    candidates: Sequence[Probabilities], right: npt.NDArray[np.int64], *, most: int
) -> Selection:
    """The ensemble of at most ``most`` of the ``candidates``.

    Args:
        candidates: their probabilities of the validation texts, the best candidate first.
        right: (N,) the texts' classes.
        most: members.
    """
    stacked = [np.asarray(candidate, np.float64) for candidate in candidates]
    if len(right) < ENOUGH:
        count = min(most, len(stacked))
        loss = _loss(sum(stacked[1:count], start=stacked[0]) / count, right)
        return Selection(
            weights=dict.fromkeys(range(count), 1 / count), loss=loss, is_chosen=False
        )
    chosen: list[int] = []
    best, lowest = 0, float("inf")  # how many of the chosen, and their mean's loss
    total = np.zeros_like(stacked[0])
    for size in range(1, ROUNDS + 1):
        is_full = len(set(chosen)) >= most
        allowed = sorted(set(chosen)) if is_full else range(len(stacked))
        losses = {i: _loss((total + stacked[i]) / size, right) for i in allowed}
        added = min(losses, key=lambda i: losses[i])
        chosen.append(added)
        total += stacked[added]
        if losses[added] < lowest:
            best, lowest = size, losses[added]
    counts = Counter(chosen[:best])
    weights = {i: counts[i] / best for i in sorted(counts)}
    return Selection(weights=weights, loss=lowest, is_chosen=True)


def _loss(probabilities: Probabilities, right: npt.NDArray[np.int64]) -> float:
    return float(log_losses(probabilities, right).mean())
