"""The confirmed configurations side by side: what they were searched with, what seeds say."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from optuna.trial import TrialState

from search.definition.criteria import is_maximized
from search.definition.domain import Value
from search.errors import StudyError
from search.findings.intervals import Interval, mean_of_seeds
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

Run = tuple[dict[str, Value], int]  # a configuration, and which of its seeds, from 1


@dataclass(frozen=True)
class Line:
    """A configuration.

    Attributes:
        place: in the order of the search, from 1.
        searched: the trial of the search that it is of.
        confirmed: its complete trials of the final study, by seed.
    """

    place: int
    searched: TrialRecord
    confirmed: tuple[TrialRecord, ...]

    @property
    def values(self) -> list[float]:
        """What the search was for, of each seed's best epoch."""
        return [trial.value for trial in self.confirmed if trial.value is not None]

    @property
    def mean(self) -> Interval:
        """The mean of the ``values``."""
        return mean_of_seeds(self.values)

    @property
    def shrinkage(self) -> Interval:
        """How much the search promised too much, over seeds; below 0: it promised too little."""
        assert self.searched.value is not None
        value, low, high = (end - self.searched.value for end in self.mean)
        if self.is_maximized:
            return Interval(-value, -high, -low)
        return Interval(value, low, high)

    @property
    def is_maximized(self) -> bool:
        """Whether higher values are better."""
        return is_maximized(self.searched.objective)

    @property
    def best(self) -> TrialRecord:
        """The seed with the best value."""
        pick = max if self.is_maximized else min
        return pick(self.confirmed, key=lambda trial: trial.value or 0.0)

    @property
    def epochs(self) -> int:
        """After how many epochs its seeds were best, in the mean."""
        best = [trial.best_epoch for trial in self.confirmed]
        return max(round(mean(epoch.number for epoch in best if epoch)), 1)


@dataclass(frozen=True)
class Lineup:
    """All configurations that were confirmed, in the order of the search.

    Attributes:
        lines: each with at least one seed.
        seeds: that each was to be trained with.
        missing: trainings that are not complete.
    """

    lines: tuple[Line, ...]
    seeds: int
    missing: int

    @classmethod
    def of(cls, chosen: Sequence[TrialRecord], record: StudyRecord, seeds: int) -> "Lineup":
        """What the final study says of the ``chosen`` trials of the search.

        Raises:
            StudyError: no configuration has a complete training.
        """
        complete = record.in_state(TrialState.COMPLETE)
        lines = []
        for place, trial in enumerate(chosen, 1):
            own = [t for t in complete if t.params == trial.params and run_of(t)[1] <= seeds]
            own.sort(key=lambda t: t.stored.repetition)
            if own:
                lines.append(Line(place, trial, tuple(own)))
        if not lines:
            raise StudyError(f"{record.name}: no training is complete, so nothing is confirmed")
        return cls(tuple(lines), seeds, len(incomplete(record, runs(chosen, seeds))))

    @property
    def ranked(self) -> tuple[Line, ...]:
        """Best mean first; configurations with fewer seeds, since one failed, come last."""

        def key(line: Line) -> tuple[bool, float]:
            value = line.mean.value
            return (len(line.confirmed) < self.seeds, -value if line.is_maximized else value)

        return tuple(sorted(self.lines, key=key))

    @property
    def best(self) -> Line:
        """The configuration with the best mean."""
        return self.ranked[0]

    @property
    def order_held(self) -> bool:
        """Whether the seeds rank the configurations as the search did."""
        return self.ranked == self.lines


def runs(chosen: Sequence[TrialRecord], seeds: int) -> list[Run]:
    """All trainings: each configuration's first seed, then each one's second ..."""
    return [(trial.params, seed) for seed in range(1, seeds + 1) for trial in chosen]


def run_of(trial: TrialRecord) -> Run:
    """Which one a trial of the final study is."""
    return (trial.queued or trial.params, trial.stored.repetition)


def incomplete(record: StudyRecord, wanted: Sequence[Run]) -> list[Run]:
    """Those of ``wanted`` that no complete trial is: they wait, run, failed or never began."""
    complete = [run_of(t) for t in record.in_state(TrialState.COMPLETE)]
    return [run for run in wanted if run not in complete]
