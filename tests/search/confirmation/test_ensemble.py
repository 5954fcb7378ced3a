"""Which classifiers are averaged: by hand, and against what a random choice would do."""

import numpy as np
import pytest

from search.confirmation.ensemble import ENOUGH, select
from search.findings.intervals import log_losses

RIGHT = np.zeros(ENOUGH, np.int64)


def says(*of_the_right: float) -> np.ndarray:
    """The probability that a classifier gives the right class, in turns."""
    right = np.resize(np.array(of_the_right), ENOUGH)
    return np.stack([right, 1 - right], axis=1)


def test_by_hand() -> None:
    """Two that are wrong about different texts: their mean is better than each, evenly."""
    found = select([says(0.8, 0.2), says(0.2, 0.8), says(0.3, 0.3)], RIGHT, most=5)
    assert found.weights == {0: 0.5, 1: 0.5}
    assert found.loss == pytest.approx(-np.log(0.5))
    assert found.is_chosen


def test_one_that_is_best_stands_alone() -> None:
    found = select([says(0.6), says(0.9), says(0.7)], RIGHT, most=5)
    assert found.weights == {1: 1.0}


def test_the_same_one_may_be_added_again() -> None:
    """With replacement: the first's share of the lowest loss is 0.7, not a half."""
    found = select([says(0.9, 0.4), says(0.1, 0.9)], RIGHT, most=2)
    shares = np.linspace(0, 1, 101)
    losses = [
        log_losses(w * says(0.9, 0.4) + (1 - w) * says(0.1, 0.9), RIGHT).mean() for w in shares
    ]
    assert found.weights[0] == pytest.approx(shares[int(np.argmin(losses))], abs=0.03)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_its_size_is_bounded(most: int) -> None:
    rng = np.random.default_rng(0)
    candidates = [says(*rng.uniform(0.2, 0.9, 500)) for _ in range(8)]
    found = select(candidates, RIGHT, most=most)
    assert len(found.weights) <= most
    assert sum(found.weights.values()) == pytest.approx(1)
    mean = np.sum([w * candidates[i] for i, w in found.weights.items()], axis=0)
    assert found.loss == pytest.approx(log_losses(mean, RIGHT).mean())


def test_too_few_texts_choose_nothing() -> None:
    few = RIGHT[: ENOUGH - 1]
    found = select([says(0.6)[:-1], says(0.9)[:-1], says(0.5)[:-1]], few, most=2)
    assert found.weights == {0: 0.5, 1: 0.5}
    assert not found.is_chosen
    assert found.loss == pytest.approx(-np.log(0.75))
