"""Differences between configurations: how often their intervals hold the truth, and by hand."""

import math

import numpy as np
import pytest
from scipy.stats import t

from search.findings.contrasts import HELPS, HURTS, NOTHING, Layout, words

SIMULATED = 500
TRUTH = np.array([0.30, 0.30, 0.29, 0.28, 0.27, 0.26, 0.25, 0.24])


def layout(
    rng: np.random.Generator, *, seeds: int, of_seed: float, of_row: float, of_both: float
) -> Layout:
    """Eight configurations; seeds and texts are drawn, and both matter to all alike too."""
    configurations, rows = len(TRUTH), 400
    scores = (
        TRUTH[:, None, None]
        + rng.normal(0, 1, rows)
        + rng.normal(0, 0.01, seeds)[:, None]
        + rng.normal(0, of_row, (configurations, 1, rows))
        + rng.normal(0, of_seed, (configurations, seeds, 1))
        + rng.normal(0, of_both, (configurations, seeds, rows))
    )
    return Layout(values=scores.mean(axis=2), rows=scores)


@pytest.mark.parametrize(
    ("seeds", "of_seed", "of_row", "of_both"),
    [
        (3, 0.003, 0.2, 0.3),
        (5, 0.003, 0.2, 0.3),
        (2, 0.005, 0.1, 0.1),
        (3, 0.01, 0.01, 0.01),
        (3, 0.0001, 0.3, 0.1),
    ],
)
@pytest.mark.parametrize("weights", [{2: 1.0, 1: -1.0}, {3: 1.0, 2: -1.0, 7: -1.0, 6: 1.0}])
def test_intervals_hold_the_truth_as_often_as_they_say(
    seeds: int, of_seed: float, of_row: float, of_both: float, weights: dict[int, float]
) -> None:
    true = sum(weight * TRUTH[place] for place, weight in weights.items())
    held = 0
    for number in range(SIMULATED):
        rng = np.random.default_rng(number)
        made = layout(rng, seeds=seeds, of_seed=of_seed, of_row=of_row, of_both=of_both)
        found = made.estimate(weights).interval
        held += found.low <= true <= found.high
    assert 0.92 <= held / SIMULATED <= 0.975


def test_no_effect_is_seen_where_there_is_none() -> None:
    rng = np.random.default_rng(0)
    found = [
        layout(rng, seeds=3, of_seed=0.003, of_row=0.2, of_both=0.1).estimate({1: 1.0, 0: -1.0})
        for _ in range(SIMULATED)
    ]
    assert 0.02 <= np.mean([each.p < 0.05 for each in found]) <= 0.08


def test_by_hand() -> None:
    """What a seed does to both falls out; the rest is a variance of 1 with one degree."""
    found = Layout(values=np.array([[1.0, 3.0], [2.0, 6.0]])).estimate({1: 1.0, 0: -1.0})
    assert found.interval.value == 2.0
    assert found.freedom == 1
    assert found.error == pytest.approx(math.sqrt(2 * 1.0 / 2))
    assert found.p == pytest.approx(2 * t.sf(2.0 / found.error, 1))


def test_a_difference_that_scatters_more_than_all_others_has_its_own_interval() -> None:
    rng = np.random.default_rng(0)
    values = np.tile(np.linspace(0.2, 0.3, 10)[:, None], 4) + rng.normal(0, 1e-4, (10, 4))
    calm = Layout(values=values).estimate({1: 1.0, 0: -1.0})
    values[3] += [0.2, -0.2, 0.1, -0.1]
    wild = Layout(values=values)
    assert wild.estimate({3: 1.0, 2: -1.0}).freedom == 3
    assert wild.estimate({3: 1.0, 2: -1.0}).interval.high > 0.2
    assert calm.interval.high - calm.interval.low < 0.001


def test_one_seed_tells_nothing() -> None:
    found = Layout(values=np.array([[0.3], [0.2]])).estimate({1: 1.0, 0: -1.0})
    assert found.interval.value == pytest.approx(-0.1)
    assert math.isnan(found.interval.low)
    assert found.p == 1.0


def test_a_difference_of_the_smallest_size_is_seen_in_80_of_100() -> None:
    rng, seen = np.random.default_rng(0), 0
    values = np.tile(np.linspace(0.2, 0.3, 8)[:, None], 3)
    error = 0.01 * math.sqrt(2 / 3)
    size = (t.ppf(0.975, 14) + t.ppf(0.8, 14)) * error
    smallest = []
    for _ in range(SIMULATED):
        drawn = values + rng.normal(0, 0.01, values.shape)
        drawn[1] += size - (values[1, 0] - values[0, 0])
        found = Layout(values=drawn).estimate({1: 1.0, 0: -1.0})
        seen += found.p < 0.05
        smallest.append(found.smallest(1))
    assert 0.74 <= seen / SIMULATED <= 0.86
    assert np.median(smallest) == pytest.approx(size, rel=0.1)


def test_a_difference_that_stands_there_twice_is_tested_once() -> None:
    rng = np.random.default_rng(0)
    values = np.tile(np.linspace(0.2, 0.3, 8)[:, None], 3) + rng.normal(0, 0.01, (8, 3))
    made = Layout(values=values)
    pairs = [({1: 1.0, 0: -1.0}), ({0: 1.0, 1: -1.0}), ({2: 1.0, 1: -1.0})]
    there, back, other = (made.estimate(pair) for pair in pairs)
    clear, other = there._replace(p=0.02), other._replace(p=0.5)
    alone = words([clear, other], more_is_better=False)
    assert words([clear, other, clear], more_is_better=False) == [*alone, HURTS]
    assert words([clear, back._replace(p=0.02), other], more_is_better=False) == [
        HURTS, HELPS, NOTHING,
    ]  # fmt: skip
    assert words([clear, None], more_is_better=True) == [HELPS, ""]
