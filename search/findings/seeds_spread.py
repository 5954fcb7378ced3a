"""How far other seeds move a configuration's loss, and what that leaves of a difference."""

from collections.abc import Iterable
from statistics import fmean, variance

import numpy as np
from scipy.stats import t

from search.findings.intervals import LEVEL, Floats, Interval
from search.storage.record import StudyRecord


def spread_of_seeds(records: Iterable[StudyRecord]) -> tuple[float, int]:
    """The variance of the loss over seeds of one configuration, and its degrees of freedom."""
    groups: dict[str, list[float]] = {}
    for record in records:
        for trial in record.complete:
            if trial.stored.best_loss is not None:
                key = f"{record.name} {sorted(trial.params.items())}"
                groups.setdefault(key, []).append(trial.stored.best_loss)
    repeated = [losses for losses in groups.values() if len(losses) > 1]
    free = sum(len(losses) - 1 for losses in repeated)
    squares = sum(variance(losses, fmean(losses)) * (len(losses) - 1) for losses in repeated)
    return squares / free if free else 0.0, free


def difference_with_seeds(losses: Floats, spread: float, repeats: int) -> Interval:
    """The mean of the rows' differences with Welch's interval: two seeds' variances are in it.

    Source: Welch 1947, "The generalization of 'Student's' problem". The variance over the rows
    is taken as known: there are hundreds of them, and a few repeats.
    """
    value, of_rows = float(losses.mean()), float(losses.var(ddof=1)) / len(losses)
    total = of_rows + 2 * spread
    free = repeats * (total / (2 * spread)) ** 2 if spread else np.inf
    width = float(t.ppf((1 + LEVEL) / 2, free) * np.sqrt(total))
    return Interval(value, value - width, value + width)
