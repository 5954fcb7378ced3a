"""Scores with the interval that chance leaves them, and tests between two classifiers."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.stats import binomtest, norm, t

Floats = npt.NDArray[np.floating]
Numbers = npt.NDArray[np.int64]
LEVEL = 0.95
RESAMPLED, AT_ONCE = 2000, 100  # confusion matrices
BINS = 15  # of confidence, as in Guo et al. 2017, "On Calibration of Modern Neural Networks"
SMALLEST = 1e-7  # probability; float16 has none below but 0


class Interval(NamedTuple):
    """A value, and the ends of its 95% interval."""

    value: float
    low: float
    high: float


def proportion(share: float, rows: int) -> Interval:
    """A ``share`` of so many rows with Wilson's interval."""
    ends = binomtest(round(share * rows), rows).proportion_ci(LEVEL, method="wilson")
    return Interval(share, float(ends.low), float(ends.high))


def mean_of_rows(values: Floats) -> Interval:
    """The mean of many rows' ``values``, with the normal interval."""
    value = float(values.mean())
    width = float(norm.ppf((1 + LEVEL) / 2) * values.std(ddof=1) / np.sqrt(len(values)))
    return Interval(value, value - width, value + width)


def mean_of_seeds(values: list[float]) -> Interval:
    """The mean of a few seeds' ``values`` with Student's interval; one has none (NaN)."""
    value = float(np.mean(values))
    if len(values) < 2:
        return Interval(value, float("nan"), float("nan"))
    error = float(np.std(values, ddof=1)) / np.sqrt(len(values))
    width = float(t.ppf((1 + LEVEL) / 2, len(values) - 1) * error)
    return Interval(value, value - width, value + width)


def confusion(right: Numbers, said: Numbers, classes: int) -> Numbers:
    """(classes, classes) rows by their class and by what was said of them."""
    pairs = np.bincount(right * classes + said, minlength=classes**2)
    return pairs.reshape(classes, classes).astype(np.int64)


def f1_of(matrix: Numbers) -> Floats:
    """(..., C) the F1 of each class; 0 where it is neither there nor said.

    Args:
        matrix: (..., C, C) confusion.
    """
    named = matrix.sum(axis=-1) + matrix.sum(axis=-2)
    return np.asarray(2 * np.diagonal(matrix, axis1=-2, axis2=-1) / np.maximum(named, 1))


def macro_f1(matrix: Numbers) -> Interval:
    """The mean F1 of the classes that are there or said, with a bootstrap interval over rows."""
    rng, rows = np.random.default_rng(0), matrix.sum()
    right, said = np.nonzero(matrix)  # of a thousand classes nearly all cells are empty
    filled = np.arange(len(right))
    shape = (len(filled), len(matrix))
    hits = csr_array((right == said, (filled, right)), shape=shape)
    places = (np.tile(filled, 2), np.concatenate([right, said]))
    named = csr_array((np.ones(2 * len(filled)), places), shape=shape)
    each = []
    for _ in range(RESAMPLED // AT_ONCE):
        drawn = rng.multinomial(rows, matrix[right, said] / rows, size=AT_ONCE)
        totals = drawn @ named
        f1 = 2 * (drawn @ hits) / np.maximum(totals, 1)
        each.append(f1.sum(axis=1) / (totals > 0).sum(axis=1))
    low, high = np.quantile(each, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    is_there = matrix.sum(axis=-1) + matrix.sum(axis=-2) > 0
    return Interval(float(f1_of(matrix)[is_there].mean()), float(low), float(high))


def log_losses(probabilities: Floats, right: Numbers) -> Floats:
    """(N,) cross-entropy of each row, in nats."""
    chosen = probabilities[np.arange(len(right)), right].astype(np.float64)
    return np.asarray(-np.log(np.maximum(chosen, SMALLEST)))


def calibration_error(probabilities: Floats, is_right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, over 15 bins."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, confidence - is_right, BINS)
    return float(np.abs(gaps).sum() / len(is_right))


def mcnemar(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> float:
    """The exact p value of McNemar's test.

    Args:
        one: (N,) which rows one classifier has right.
        other: likewise, of the same rows.
    """
    won, lost = int((one & ~other).sum()), int((other & ~one).sum())
    return float(binomtest(won, won + lost).pvalue) if won + lost else 1.0
