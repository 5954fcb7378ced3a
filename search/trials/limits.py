"""How far one run of a search goes."""

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass

from search.definition.domain import Value

ANY_NUMBER = sys.maxsize  # of trials: time is the only limit
Fits = Callable[[dict[str, Value], int], bool]


def _always(_params: dict[str, Value], _done: int) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far a run goes.

    Attributes:
        trials: the study's total of finished trials, counting what earlier runs finished.
        ends: on the monotonic clock; by then all trials have ended.
        timeout: seconds after which no trial is begun.
        failures: stop after so many failed trials in this run.
        take_over: running trials of other hosts are taken to be interrupted.
        ordered: no trial is begun before those are finished that it may hang on.
        only: the trials that may be run, by number; ``None``: any, and new ones.
        fits: whether a trial of given parameters can still end in time, after so many epochs of
            it that are done.
    """

    trials: int
    ends: float | None = None
    timeout: float | None = None
    failures: int | None = None
    take_over: bool = False
    ordered: bool = False
    only: Collection[int] | None = None
    fits: Fits = _always

    def allow(self, number: int) -> bool:
        """Whether a trial that is there may be run."""
        return self.only is None or number in self.only

    @property
    def total(self) -> int | None:
        """The total of finished trials, where one was asked for."""
        return None if self.trials == ANY_NUMBER else self.trials
