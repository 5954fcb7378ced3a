"""Did training converge: what each trial's curve did after its best epoch, and before.

A curve that converges falls to its minimum and stays near it. What goes the wrong way (up before
the minimum, down after it) is oscillation; what stands above the minimum at the end is rise. Both
are clear where they are larger than twice the standard error of two nets' difference on these
validation texts, and than 1% of the loss.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite, log

from optuna.trial import TrialState

from model.epoch import Epoch
from search.findings.budget import GAIN, still_improving
from search.findings.card import NotYet
from search.findings.curves import Curves, best_curves
from search.findings.evidence import Evidence
from search.findings.noise import loss_over_rows
from search.storage.trial_record import TrialRecord

CLEAR = 2  # standard errors


@dataclass(frozen=True, kw_only=True)
class Converged:
    """What a trial's curve of the validation loss did.

    Attributes:
        number: of the trial.
        is_complete: or it was pruned, or failed.
        epochs: that it ran.
        minimum: the epoch with the least loss.
        loss: of that epoch, in nats.
        rise: from then to the last epoch.
        swing: the largest step the wrong way.
        best_epoch: that with the best score, which the trial counts by.
        score: of that epoch.
        overfits: it rose clearly while the training loss went on to fall.
        oscillates: a step the wrong way was clear.
        improving: its last epoch was clearly better than all before, and no option ended it.
        falling: its loss was clearly least in the last epoch, whatever the objective says of it.
        is_flat: no epoch was clearly better than the first, nor the last clearly worse, and it is
            not improving.
        diverged: its loss became no number, or worse than guessing.
    """

    number: int
    is_complete: bool
    epochs: int
    minimum: int
    loss: float
    rise: float
    swing: float
    best_epoch: int
    score: float
    overfits: bool
    oscillates: bool
    improving: bool
    falling: bool
    is_flat: bool
    diverged: bool


@dataclass(frozen=True, kw_only=True)
class Convergence:
    """What all trials' curves did.

    Attributes:
        trials: with epochs; the complete ones first, best first.
        noise: standard error of two nets' difference in loss; ``None``: not known.
        objective: what the study is searched for.
        more_epochs: whether they may help: the best trial, or most of the complete ones, still
            improved in the last.
        rate_fell: whether the best trial's learning rate ended below half its highest: then the
            last epochs gain by that too, however many there are.
        curves: of the best.
        diverged: trials whose loss became no number, or worse than guessing; also those that
            never ended an epoch.
    """

    trials: tuple[Converged, ...]
    noise: float | None
    objective: str
    more_epochs: bool
    rate_fell: bool
    curves: tuple[Curves, ...]
    diverged: int

    @property
    def complete(self) -> tuple[Converged, ...]:
        """Those that ran to their end."""
        return tuple(trial for trial in self.trials if trial.is_complete)


def convergence_of(evidence: Evidence) -> Convergence | NotYet:
    """What the curves of all trials with epochs did."""
    record = evidence.record
    if not record.is_ours:
        return NotYet("another program made the study: it has no curves")
    others = record.in_state(TrialState.PRUNED, TrialState.FAIL)
    with_epochs = [t for t in (*record.ranking, *others) if t.stored.curve]
    if not with_epochs:
        return NotYet("no trial that has ended has an epoch")
    noise, guess = loss_over_rows(evidence), _guessing(evidence)
    trials = tuple(converged(t, noise=noise, guess=guess) for t in with_epochs)
    complete = [trial for trial in trials if trial.is_complete]
    improving = sum(trial.improving for trial in complete)
    more = bool(complete) and (complete[0].improving or improving * 2 > len(complete))
    curves = tuple(best_curves(record))
    return Convergence(
        trials=trials,
        noise=noise,
        objective=record.objective,
        more_epochs=more,
        rate_fell=bool(curves) and curves[0].lr[-1] < max(curves[0].lr) / 2,
        curves=curves,
        diverged=sum(t.diverged for t in trials) + sum(map(_never_began, others)),
    )


def converged(trial: TrialRecord, *, noise: float | None, guess: float = inf) -> Converged:
    """What the curve of ``trial``, which has one, did.

    Args:
        trial: the trial.
        noise: standard error of two nets' difference in loss, where it is known.
        guess: loss of a net that knows nothing.
    """
    curve = trial.stored.curve
    finite = [epoch for epoch in curve if isfinite(epoch.validation_loss)] or list(curve)
    least = min(finite, key=lambda epoch: epoch.validation_loss)
    last, best = curve[-1], trial.best_epoch or least
    clear = max(CLEAR * (noise or 0.0), GAIN * least.validation_loss)
    rise = last.validation_loss - least.validation_loss
    swing = _swing(curve, least)
    gone = max(curve[0].validation_loss - least.validation_loss, rise)
    is_complete = trial.state == TrialState.COMPLETE
    improving = is_complete and still_improving(trial)
    return Converged(
        number=trial.number,
        is_complete=is_complete,
        epochs=len(curve),
        minimum=least.number,
        loss=least.validation_loss,
        rise=rise,
        swing=swing,
        best_epoch=best.number,
        score=best.score,
        overfits=rise > clear and last.train_loss < least.train_loss,
        oscillates=swing > clear,
        improving=improving,
        falling=len(finite) > 1 and last.validation_loss < _least_before(finite) - clear,
        is_flat=len(curve) > 1 and gone <= clear and not improving,
        diverged=not last.validation_loss <= guess + clear
        or len(finite) < len(curve)
        or _is_not_finite(trial),
    )


def _least_before(curve: Sequence[Epoch]) -> float:
    """The least loss of all epochs but the last."""
    return min(epoch.validation_loss for epoch in curve[:-1])


def _is_not_finite(trial: TrialRecord) -> bool:
    failure = trial.stored.failure
    return failure is not None and failure.kind == "not finite"


def _never_began(trial: TrialRecord) -> bool:
    return _is_not_finite(trial) and not trial.stored.curve


def _swing(curve: tuple[Epoch, ...], least: Epoch) -> float:
    """The largest step up before the least loss, or down after it."""
    steps = [
        b.validation_loss - a.validation_loss if b.number <= least.number else
        a.validation_loss - b.validation_loss
        for a, b in pairwise(curve)
    ]  # fmt: skip
    return max([0.0, *(step for step in steps if isfinite(step))])


def _guessing(evidence: Evidence) -> float:
    """Loss of the net that gives all classes the same chance; infinite where it is not known."""
    best = evidence.record.best
    said = evidence.probabilities(best) if best else None
    return inf if said is None else log(said.shape[1])
