"""Paired tests and corrections are those of the textbooks, of brute force and of SciPy."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binomtest, permutation_test
from sklearn.metrics import f1_score

from search.findings import intervals
from search.findings.intervals import holm, proportion, sign_flips, swapped_f1


@pytest.mark.parametrize(("hits", "rows"), [(0, 5), (3, 7), (7306, 7854), (40, 40)])
def test_wilson_is_scipys(hits: int, rows: int) -> None:
    ends = binomtest(hits, rows).proportion_ci(0.95, method="wilson")
    assert proportion(hits / rows, rows) == pytest.approx((hits / rows, ends.low, ends.high))


def test_a_share_of_no_rows_has_no_interval() -> None:
    assert np.isnan(proportion(0.5, 0)[1:]).all()


@pytest.mark.parametrize(
    ("given", "corrected"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),  # 3 * .01, .04 raised to 2 * .03
        ([0.5, 0.6], [1.0, 1.0]),
        ([0.02], [0.02]),
        ([], []),
    ],
)
def test_holm_by_hand(given: list[float], corrected: list[float]) -> None:
    assert holm(np.array(given)) == pytest.approx(corrected)


def brute(differences: np.ndarray) -> float:
    flips = np.array(list(product([1, -1], repeat=len(differences))))
    sums = np.abs(flips @ differences)
    return float((sums >= abs(differences.sum()) - 1e-9).mean())


@pytest.mark.parametrize("rows", [1, 4, 9, 12])
def test_sign_flips_of_few_rows_are_all_of_them(rows: int) -> None:
    columns = np.random.default_rng(rows).normal(0.4, 1, (rows, 3))
    assert sign_flips(columns) == pytest.approx([brute(column) for column in columns.T])


def test_sign_flips_by_hand() -> None:
    """Of eight flips of (1, 1, 1) two are as far from 0; of (1, -1, 0) all; no difference: 1."""
    columns = np.array([[1.0, 1, 0], [1, -1, 0], [1, 0, 0]])
    assert sign_flips(columns) == pytest.approx([0.25, 1.0, 1.0])


@pytest.mark.parametrize(("rows", "gap"), [(60, 0.01), (400, 0.06), (800, 0.03)])
def test_drawn_flips_and_the_normal_distribution_are_scipys(rows: int, gap: float) -> None:
    difference = np.random.default_rng(rows).exponential(0.5, rows) - 0.5 + gap
    expected = permutation_test(
        (difference,), np.mean, permutation_type="samples", n_resamples=6_000, vectorized=True,
        rng=np.random.default_rng(1), axis=0,
    )  # fmt: skip
    assert sign_flips(difference[:, None])[0] == pytest.approx(expected.pvalue, abs=0.02)


def test_many_rows_may_have_no_difference_at_all() -> None:
    assert sign_flips(np.zeros((intervals.DRAWN_FLIP + 1, 1))) == pytest.approx([1.0])


@pytest.mark.parametrize("of", [None, 1])
def test_the_spread_of_swapped_f1_is_that_of_scikit_learns(of: int | None) -> None:
    rng = np.random.default_rng(3)
    right = rng.integers(0, 3, 300)
    one, other = (np.where(rng.random(300) < 0.8, right, rng.integers(0, 3, 300)) for _ in "ab")

    def score(said: np.ndarray) -> float:
        each = f1_score(right, said, average=None, labels=[0, 1, 2])
        return float(each.mean() if of is None else each[of])

    gaps = []
    for _ in range(400):
        swap = rng.random(300) < 0.5
        pair = np.where(swap, one, other), np.where(swap, other, one)
        gaps.append(score(pair[0]) - score(pair[1]))
    found = swapped_f1(right, one, other, classes=3, of=of)
    assert found == pytest.approx(float(np.std(gaps)), rel=0.12)
    assert swapped_f1(right, one, one, classes=3, of=of) == 0.0
