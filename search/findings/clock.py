"""When trials ended, in hours of searching: pauses between two runs of a search do not count."""

from datetime import datetime
from typing import NamedTuple

from search.storage.record import StudyRecord

HOUR = 3600.0  # seconds
UNITS = (("hours", 1.0), ("minutes", 60.0), ("seconds", HOUR))  # and how many of them an hour has
FEWEST = 2.0  # of a unit, below which a time is told in the next smaller one


class Clock(NamedTuple):
    """A study's time.

    Attributes:
        ended: when the last trial ended; ``None``: none has.
        hours: in which a trial that has ended was running.
        at: so many of these hours had gone when a trial ended, by its number.
    """

    ended: datetime | None
    hours: float
    at: dict[int, float]


def clock_of(record: StudyRecord) -> Clock:
    """The times of the trials that have ended."""
    spans = sorted(
        (trial.frozen.datetime_start or end, end, trial.number)
        for trial in record.trials
        if (end := trial.frozen.datetime_complete) is not None
    )
    if not spans:
        return Clock(None, 0.0, {})
    at: dict[int, float] = {}
    before, begun, until = 0.0, spans[0][0], spans[0][0]
    for start, end, number in spans:
        if start > until:
            before += (until - begun).total_seconds() / HOUR
            begun = start
        until = max(until, end)
        at[number] = before + (end - begun).total_seconds() / HOUR
    return Clock(max(end for _, end, _ in spans), max(at.values()), at)


def unit_of(hours: float) -> tuple[str, float]:
    """The unit in which times up to so many ``hours`` are read best, and how many an hour has."""
    return next((unit for unit in UNITS if hours * unit[1] >= FEWEST), UNITS[-1])
