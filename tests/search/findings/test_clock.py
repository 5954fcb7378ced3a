"""Hours of searching: trials side by side count once, pauses between runs not at all."""

from datetime import datetime, timedelta

import pytest
from optuna.trial import FrozenTrial

from search.findings.clock import clock_of, unit_of
from tests.search.records import COMPLETE, record, running, trial

NOON = datetime(2026, 11, 25, 12)


def ran(start: float, end: float) -> FrozenTrial:
    made = trial(COMPLETE)
    made.datetime_start = NOON + timedelta(hours=start)
    made.datetime_complete = NOON + timedelta(hours=end)
    return made


@pytest.mark.parametrize(
    ("spans", "hours", "at"),
    [
        ([(0, 1), (1, 3)], 3, [1, 3]),
        ([(0, 2), (0.5, 1)], 2, [2, 1]),
        ([(0, 1), (10, 11)], 2, [1, 2]),
        ([(10, 12), (0, 1)], 3, [3, 1]),
    ],
)
def test_hours_of_searching(
    spans: list[tuple[float, float]], hours: float, at: list[float]
) -> None:
    clock = clock_of(record(*(ran(*span) for span in spans)))
    assert clock.hours == pytest.approx(hours)
    assert [clock.at[number] for number in range(len(spans))] == pytest.approx(at)
    assert clock.ended == NOON + timedelta(hours=max(end for _, end in spans))


def test_nothing_has_ended() -> None:
    assert clock_of(record(running())) == (None, 0.0, {})


@pytest.mark.parametrize(
    ("hours", "unit"),
    [(0.0, ("seconds", 3600)), (0.01, ("seconds", 3600)), (0.05, ("minutes", 60)),
     (1.9, ("minutes", 60)), (2.0, ("hours", 1))],
)  # fmt: skip
def test_the_unit_that_suits_a_time(hours: float, unit: tuple[str, float]) -> None:
    assert unit_of(hours) == unit
