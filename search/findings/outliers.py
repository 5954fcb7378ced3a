"""Trials that ended far worse than all others by chance: they say nothing of any parameter.

A few of them, such as trainings that diverged, hide what the others say. Where a parameter tells
which trials they are, such as a learning rate that is too high, they are what it does, and stay.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.stats import fisher_exact, mannwhitneyu

from search.findings.axes import Axis, axes_of
from search.findings.intervals import ALPHA, Floats
from search.findings.outcomes import Outcomes
from search.storage.trial_record import TrialRecord

MOST = 0.2  # share of the trials; what happens more often is no accident


def by_chance(found: Outcomes) -> np.ndarray:
    """(N,) which of the trials are far worse, if these are few and no parameter tells which."""
    outliers = far_worse(found.values)
    if not 0 < outliers.sum() <= MOST * len(outliers):
        return np.zeros_like(outliers)
    axes = axes_of(found.trials)
    p = [p for axis in axes for p in _unrelated(axis, found.trials, outliers)]
    # Bonferroni's bound: in 95 of 100 studies chance is not taken for what a parameter does.
    is_chance = min(p, default=1.0) * len(p) >= ALPHA
    return outliers if is_chance else np.zeros_like(outliers)


def far_worse(values: Floats) -> np.ndarray:
    """(N,) which lie above a gap that is wider than all that lies below it."""
    if len(values) < 2:
        return np.zeros(len(values), bool)
    ordered = np.sort(values)
    last = int(np.diff(ordered).argmax())
    below, gap = ordered[last] - ordered[0], ordered[last + 1] - ordered[last]
    return np.asarray(values > (ordered[last] if 0 < below < gap else np.inf))


def _unrelated(axis: Axis, trials: Sequence[TrialRecord], outliers: np.ndarray) -> Iterator[float]:
    """The p-values that they have nothing to do with a number, or with each of the choices."""
    given = [trial.params.get(axis.name) for trial in trials]
    if axis.is_choice:
        for choice in axis.grid:
            has = np.array([repr(value) == repr(choice) for value in given])
            rows = (outliers, ~outliers)
            table = [[int((has & row).sum()), int((~has & row).sum())] for row in rows]
            yield float(fisher_exact(table).pvalue)
        return
    numbers = np.array([np.nan if value is None else value for value in given], float)
    of_outliers, of_others = (numbers[row & np.isfinite(numbers)] for row in (outliers, ~outliers))
    if len(of_outliers) and len(of_others):
        yield float(mannwhitneyu(of_outliers, of_others).pvalue)
