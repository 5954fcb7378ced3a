"""Scores and their intervals are those of the textbooks, SciPy and scikit-learn."""

import math

import numpy as np
import pytest
from scipy.stats import ttest_1samp
from sklearn.metrics import f1_score, log_loss

from search.findings.intervals import (
    calibration_error,
    confusion,
    f1_of,
    log_losses,
    macro_f1,
    mcnemar,
    mean_of_rows,
    mean_of_seeds,
    proportion,
)


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, "Two-sided confidence intervals", method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(successes: int, of: int, low: float, high: float) -> None:
    found = proportion(successes / of, of)
    assert found == pytest.approx((successes / of, low, high), abs=5e-5)


def test_means() -> None:
    seeds = [0.2, 0.26, 0.23]
    ends = ttest_1samp(seeds, 0).confidence_interval(0.95)
    assert mean_of_seeds(seeds) == pytest.approx((0.23, ends.low, ends.high))
    value, low, high = mean_of_seeds([0.4])
    assert value == 0.4
    assert math.isnan(low)
    assert math.isnan(high)
    rows = np.arange(100.0)
    half = 1.959964 * rows.std(ddof=1) / 10
    assert mean_of_rows(rows) == pytest.approx((49.5, 49.5 - half, 49.5 + half))


@pytest.mark.parametrize(("won", "lost", "p"), [(0, 5, 0.0625), (1, 7, 0.0703125), (4, 4, 1.0)])
def test_mcnemar_by_hand(won: int, lost: int, p: float) -> None:
    """Twice the binomial tail: 2 * (1/2)^5; 2 * (1 + 8) * (1/2)^8."""
    one = np.array([True] * won + [False] * lost + [True, False])
    other = np.array([False] * won + [True] * lost + [True, False])
    assert mcnemar(one, other) == pytest.approx(p)
    assert mcnemar(one, one) == 1.0


def test_f1_is_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    right, said = rng.integers(0, 4, 300), rng.integers(0, 3, 300)
    matrix = confusion(right, said, 5)  # the fifth is neither there nor said
    assert matrix.sum() == 300
    assert matrix[2, 1] == np.sum((right == 2) & (said == 1))
    assert f1_of(matrix)[:4] == pytest.approx(f1_score(right, said, average=None))
    found = macro_f1(matrix)
    assert found.value == pytest.approx(f1_score(right, said, average="macro"))
    assert found.low < found.value < found.high
    spread = [
        f1_score(right[rows], said[rows], average="macro")
        for rows in rng.integers(0, 300, (400, 300))
    ]
    assert found.high - found.low == pytest.approx(
        np.quantile(spread, 0.975) - np.quantile(spread, 0.025), rel=0.2
    )


def test_log_loss_is_scikit_learns_and_never_infinite() -> None:
    rng = np.random.default_rng(1)
    said = rng.dirichlet([1, 1, 1], 50)
    right = rng.integers(0, 3, 50)
    assert log_losses(said, right).mean() == pytest.approx(log_loss(right, said))
    assert log_losses(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(16.118, abs=1e-3)


def test_calibration_by_hand() -> None:
    """Two texts with 0.9 of which one is right: 0.4 apart; one with 0.6, right: 0.4 apart."""
    said = np.array([[0.9, 0.1], [0.1, 0.9], [0.6, 0.4], [1.0, 0.0]])
    is_right = np.array([True, False, True, True])
    assert calibration_error(said, is_right) == pytest.approx((2 * 0.4 + 0.4 + 0) / 4)
