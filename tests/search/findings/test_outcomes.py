"""How pruned trials would have ended."""

import pytest

from search.findings.outcomes import outcomes
from tests.search.records import PRUNED, record, trial


def test_pruned_trials_end_as_those_that_went_on() -> None:
    whole = [trial(losses=(1.0 + n, 0.5 + 0.5 * n, 0.4 + 0.5 * n)) for n in range(5)]
    told = outcomes(record(*whole, trial(PRUNED, (7.0,)), trial(PRUNED, (6.0, 3.0))))
    assert told.values[-2:] == pytest.approx([0.4 + 0.5 * 6, 0.4 + 0.5 * 5])
    assert told.pruned == 2


def test_where_all_are_pruned_they_are_compared_at_the_last_epoch_that_any_reached() -> None:
    told = outcomes(record(trial(PRUNED, (1.0, 0.8)), trial(PRUNED, (2.0,))))
    assert told.values == pytest.approx([0.8, 1.8])


def test_infinite_values_count_as_the_worst_finite_one() -> None:
    told = outcomes(record(trial(losses=(1.0,)), trial(losses=(float("inf"),))))
    assert told.values.tolist() == [1.0, 1.0]
