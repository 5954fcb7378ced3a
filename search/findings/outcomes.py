"""How each trial would have ended: pruned ones by what became of those that went on.

A search prunes bad values early. Over complete trials alone their harm cannot be seen.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from optuna.study import StudyDirection
from optuna.trial import TrialState

from search.findings.intervals import Floats
from search.storage.record import StudyRecord
from search.storage.trial_record import FINISHED, TrialRecord

FEWEST = 4  # trials that went on, below which they tell a mean gain but no line


class Outcomes(NamedTuple):
    """Trials that say something of their parameters.

    Attributes:
        trials: complete ones, and pruned ones of one epoch or more.
        values: what each ended with, or would have; less is better, in the objective's unit.
        pruned: how many of them were.
    """

    trials: tuple[TrialRecord, ...]
    values: Floats
    pruned: int

    def only(self, places: np.ndarray) -> "Outcomes":
        """The trials at ``places`` alone."""
        kept = tuple(self.trials[i] for i in places)
        return Outcomes(kept, self.values[places], sum(not _is_complete(t) for t in kept))


def outcomes(record: StudyRecord) -> Outcomes:
    """The informative trials of ``record``; none of a study with several objectives."""
    if len(record.directions) != 1:
        return Outcomes((), np.empty(0), 0)
    sign = -1.0 if record.directions[0] == StudyDirection.MAXIMIZE else 1.0
    told = [t for t in record.in_state(*FINISHED) if t.value is not None]
    told = [t for t in told if t.params and (_is_complete(t) or t.frozen.intermediate_values)]
    curves = [_curve(t, sign) for t in told]
    values = _filled(_best_so_far(curves), [_is_complete(t) for t in told])
    known = np.isfinite(values)
    # A diverged training is as bad as the worst that can be measured, not infinitely worse.
    values = np.where(known, values, values[known].max()) if known.any() else values[:0]
    kept = tuple(told) if known.any() else ()
    return Outcomes(kept, values, sum(not _is_complete(t) for t in kept))


def _is_complete(trial: TrialRecord) -> bool:
    return trial.state == TrialState.COMPLETE


def _curve(trial: TrialRecord, sign: float) -> list[float]:
    """Epoch by epoch, less is better; of a complete trial what it was told with comes last."""
    reported = trial.frozen.intermediate_values
    curve = [sign * reported[step] for step in sorted(reported)]
    if _is_complete(trial):
        assert trial.value is not None
        curve = [*curve[:-1], sign * trial.value]
    return curve


def _best_so_far(curves: Sequence[Sequence[float]]) -> Floats:
    """(N, E) best of each curve until each epoch; NaN after its last."""
    longest = max((len(curve) for curve in curves), default=1)
    best = np.full((len(curves), longest), np.nan)
    for row, curve in zip(best, curves, strict=True):
        finite = np.where(np.isfinite(curve), curve, np.inf)
        row[: len(curve)] = np.minimum.accumulate(finite)
    return best


def _filled(best: Floats, is_complete: Sequence[bool]) -> Floats:
    """(N,) the last of each row of ``best``, that of pruned ones told from the complete ones.

    Where fewer than ``FEWEST`` are complete, it is told from all that went on, epoch by epoch.
    """
    lengths = (~np.isnan(best)).sum(axis=1)
    ended = np.array(is_complete, bool)
    last = best[np.arange(len(best)), lengths - 1]
    for epoch in range(1, best.shape[1]):
        stopped = ~ended & (lengths <= epoch)
        whole = ended & (lengths > epoch)
        if whole.sum() >= FEWEST:
            now = stopped & (lengths == epoch)
            last[now] = _carried(last[now], best[whole, epoch - 1], last[whole])
            ended = ended | now  # told; it tells of no other, as it has no more epochs
        else:
            went_on = lengths > epoch
            last[stopped] = _carried(last[stopped], best[went_on, epoch - 1], best[went_on, epoch])
    return np.asarray(last)


def _carried(now: Floats, before: Floats, after: Floats) -> Floats:
    """What ``now`` becomes by the least squares line of those that went from before to after.

    A best so far does not rise; with few that went on, all gain what they did in the mean.
    """
    finite = np.isfinite(before) & np.isfinite(after)
    before, after = before[finite], after[finite]
    if not len(before):
        return now
    slope = 1.0
    if len(before) >= FEWEST and np.ptp(before) > 0:
        slope = float(np.clip(np.cov(before, after, bias=True)[0, 1] / before.var(), 0, 1))
    moved: Floats = np.minimum(now, after.mean() + slope * (now - before.mean()))
    return moved
