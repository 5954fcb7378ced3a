"""What chance of seeds alone does to a study's values: repeats and confirmed runs tell it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from optuna.trial import TrialState
from scipy.stats import t

from search.findings.evidence import Evidence
from search.findings.intervals import LEVEL, Floats, Interval
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord


class SeedSpread(NamedTuple):
    """How far trainings of one configuration lie apart that differ by their seed.

    Attributes:
        deviation: standard deviation of the objective, pooled over configurations.
        freedom: degrees of freedom: trainings less configurations.
        runs: trainings that it comes from.
        configurations: of these.
    """

    deviation: float
    freedom: int
    runs: int
    configurations: int

    def of_difference(self, differences: Floats, errors: Floats) -> Floats:
        """(T,) p values that two trials differ by chance of rows and of their two seeds.

        Args:
            differences: (T,) of the objective.
            errors: (T,) their standard errors over rows.
        """
        total, freedom = self._welch(errors)
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = np.where(total > 0, np.abs(differences) / total, np.inf)
        statistic = np.where(differences == 0, 0.0, statistic)
        return np.asarray(2 * t.sf(statistic, freedom))

    def half_widths(self, errors: Floats) -> Floats:
        """(T,) from such a difference to the ends of its interval, by the same distribution.

        Args:
            errors: (T,) as above.
        """
        total, freedom = self._welch(errors)
        return np.asarray(t.ppf((1 + LEVEL) / 2, freedom) * total)

    def _welch(self, errors: Floats) -> tuple[Floats, Floats]:
        """(T,) standard errors and degrees of freedom: of two seeds, and of rows.

        Source: Welch 1947, "The generalization of 'Student's' problem". The variance over the
        rows is taken as known: there are hundreds of them, and a few repeats.
        """
        of_seeds = 2 * self.deviation**2
        total = errors**2 + of_seeds
        with np.errstate(divide="ignore", invalid="ignore"):
            freedom = np.where(of_seeds > 0, self.freedom * (total / of_seeds) ** 2, np.inf)
        return np.sqrt(total), np.minimum(freedom, 1e9)


def seed_spread(evidence: Evidence) -> SeedSpread | None:
    """The spread over seeds, where a configuration was trained with two of them or more.

    Of repeats within the search those of its better half count: where training diverges, seeds
    lie far apart. A searched trial is no seed among its confirmed ones: luck has chosen it.
    """
    return pooled([*_repeats(evidence.record), *_confirmed(evidence.final)])


def spread_of_losses(records: Iterable[StudyRecord]) -> SeedSpread | None:
    """The spread of the validation loss, in nats, over all configurations that were repeated."""
    groups: dict[str, list[float]] = defaultdict(list)
    for record in records:
        for trial in record.complete:
            if trial.stored.best_loss is not None:
                groups[f"{record.name} {_configuration(trial)}"].append(trial.stored.best_loss)
    return pooled(groups.values())


def pooled(groups: Iterable[Sequence[float]]) -> SeedSpread | None:
    """The spread within ``groups``, each of one configuration; ``None``: each has one value."""
    several = [values for values in groups if len(values) > 1]
    freedom = sum(len(values) - 1 for values in several)
    if not freedom:
        return None
    squares = sum(float(np.var(values) * len(values)) for values in several)
    return SeedSpread(
        deviation=float(np.sqrt(squares / freedom)),
        freedom=freedom,
        runs=sum(map(len, several)),
        configurations=len(several),
    )


def difference_with_seeds(losses: Floats, spread: SeedSpread) -> Interval:
    """The mean of the rows' differences with Welch's interval: two seeds' variances are in it."""
    value, error = float(losses.mean()), losses.std(ddof=1) / np.sqrt(len(losses))
    (width,) = spread.half_widths(np.array([error])).tolist()
    return Interval(value, value - width, value + width)


def _repeats(record: StudyRecord) -> list[list[float]]:
    better = record.ranking[: (len(record.ranking) + 1) // 2]
    roots = {_root(trial) for trial in better if trial.stored.repeat_of is not None}
    groups: dict[int, list[float]] = defaultdict(list)
    for trial in record.complete:
        if (root := _root(trial)) in roots and trial.value is not None:
            groups[root].append(trial.value)
    return list(groups.values())


def _root(trial: TrialRecord) -> int:
    repeated = trial.stored.repeat_of
    return trial.number if repeated is None else repeated


def _confirmed(final: StudyRecord | None) -> Iterable[list[float]]:
    groups: dict[str, list[float]] = defaultdict(list)
    for trial in final.in_state(TrialState.COMPLETE) if final and final.is_ours else ():
        if trial.value is not None:
            groups[_configuration(trial)].append(trial.value)
    return groups.values()


def _configuration(trial: TrialRecord) -> str:
    return repr(sorted(trial.params.items()))
