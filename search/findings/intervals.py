"""Scores with the interval that chance leaves them, and tests between two classifiers."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.stats import binomtest, norm, t

Floats = npt.NDArray[np.floating]
Numbers = npt.NDArray[np.int64]
LEVEL = 0.95
ALPHA = 0.05  # of a test: a smaller p is more than chance
Z = float(norm.ppf((1 + LEVEL) / 2))  # standard errors from a value to the ends of its interval
RESAMPLED, AT_ONCE = 2000, 100  # confusion matrices
BINS = 15  # of confidence, as in Guo et al. 2017, "On Calibration of Modern Neural Networks"
SMALLEST = 1e-7  # probability; float16 has none below but 0


# Rows up to which all flips of signs are made, and up to which they are drawn: of more rows the
# normal distribution gives the same p (of 500 real rows with 20,000 drawn: within 0.013).
EVERY_FLIP, DRAWN_FLIP = 12, 500
FLIPS, FLIPS_AT_ONCE = 20_000, 2_000
SWAPS = 500  # of two classifiers' answers: the spread of an F1 within 3%


class Interval(NamedTuple):
    """A value, and the ends of its 95% interval."""

    value: float
    low: float
    high: float

    def scaled(self, factor: float) -> "Interval":
        """The same value, with its ends so many times as far away."""
        low, high = (self.value + factor * (end - self.value) for end in (self.low, self.high))
        return Interval(self.value, low, high)


def proportion(share: float, rows: int) -> Interval:
    """A ``share`` of so many rows with Wilson's interval (Wilson 1927); none without a row (NaN).

    SciPy has the same, but 0.4 ms of a test with it, which a table of 5,000 trials feels.
    """
    if not rows:
        return Interval(share, float("nan"), float("nan"))
    share = float(share)
    middle = (share + Z**2 / (2 * rows)) / (1 + Z**2 / rows)
    width = Z * np.sqrt(share * (1 - share) / rows + Z**2 / (4 * rows**2)) / (1 + Z**2 / rows)
    return Interval(share, max(float(middle - width), 0.0), min(float(middle + width), 1.0))


def mean_of_rows(values: Floats) -> Interval:
    """The mean of many rows' ``values``, with the normal interval."""
    value = float(values.mean())
    width = float(Z * values.std(ddof=1) / np.sqrt(len(values)))
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


def sign_flips(differences: Floats) -> Floats:
    """(T,) p values of the paired permutation test: is the mean of a column another than 0?

    Under the null hypothesis each row's difference might as well have the other sign (Fisher
    1935, "The Design of Experiments", 21). All flips of a few rows, drawn ones of more, and
    of many the normal distribution with the permutations' own variance.

    Args:
        differences: (N, T) of N rows between two classifiers, for T pairs of them.
    """
    rows, totals = len(differences), np.abs(differences.sum(axis=0, dtype=np.float64))
    spread = np.sqrt(np.square(differences, dtype=np.float64).sum(axis=0))
    if rows > DRAWN_FLIP:
        z = np.divide(totals, spread, out=np.zeros_like(totals), where=spread > 0)
        return np.asarray(2 * norm.sf(z))
    least = totals - 1e-9 * spread  # sums of the same numbers in another order differ by this
    if rows <= EVERY_FLIP:
        places = np.arange(2**rows)[:, None] >> np.arange(rows) & 1
        return np.asarray((np.abs((1 - 2 * places) @ differences) >= least).mean(axis=0))
    rng, hits = np.random.default_rng(0), np.ones(len(totals))  # the observed one is one of them
    for _ in range(FLIPS // FLIPS_AT_ONCE):
        signs = 1.0 - 2 * rng.integers(0, 2, (FLIPS_AT_ONCE, rows))
        hits += (np.abs(signs @ differences) >= least).sum(axis=0)
    return np.asarray(hits / (FLIPS + 1))


def swapped_f1(
    right: Numbers, one: Numbers, other: Numbers, *, classes: int, of: int | None = None
) -> float:
    """The standard deviation of the difference of two F1 by approximate randomisation.

    Rows' two answers are swapped at random (Yeh 2000, "More accurate tests for the statistical
    significance of result differences"); the difference over this spread is nearly normal.

    Args:
        right: (N,) classes.
        one: (N,) what one classifier says.
        other: likewise.
        classes: how many there are.
        of: the class whose F1 it is; ``None``: the mean over classes that are there or said.
    """
    differ = np.flatnonzero(one != other)
    if not len(differ):
        return 0.0
    swap = np.random.default_rng(0).integers(0, 2, (SWAPS, len(differ))).astype(np.float64)
    right_ones, ones, others = right[differ], one[differ], other[differ]
    places, shape = np.arange(len(differ)), (len(differ), classes)
    won = csr_array(((others == right_ones) * 1.0, (places, right_ones)), shape=shape)
    lost = csr_array(((ones == right_ones) * 1.0, (places, right_ones)), shape=shape)
    said = csr_array((np.ones(len(differ)), (places, others)), shape=shape)
    unsaid = csr_array((np.ones(len(differ)), (places, ones)), shape=shape)
    moved = swap @ (won - lost), swap @ (said - unsaid)
    scores = []
    for answers, sign in ((one, 1), (other, -1)):
        hits = np.bincount(right[answers == right], minlength=classes) + sign * moved[0]
        named = np.bincount(right, minlength=classes) + np.bincount(answers, minlength=classes)
        named = named + sign * moved[1]
        f1 = 2 * hits / np.maximum(named, 1)
        scores.append(f1[:, of] if of is not None else f1.sum(axis=1) / (named > 0).sum(axis=1))
    return float((scores[0] - scores[1]).std())


def holm(p_values: Floats) -> Floats:
    """(T,) ``p_values`` corrected for their number (Holm 1979, "A Simple Sequentially ...")."""
    order = np.argsort(p_values, kind="stable")
    stepped = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    corrected = np.empty(len(order))
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected
