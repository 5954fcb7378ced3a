"""Was pruning fair: what it saved, and what the finished ones of its trials would have become.

The saving is counted against all epochs that the pruned trials' settings allow; patience might
have ended some of them too. The audit's trials are drawn by lot from those that were pruned, so
that they bound how many of all pruned trials would have won: with the hypergeometric
distribution, the exact interval for a share of a finite population (Buonaccorsi 1987, "A note on
confidence intervals for proportions in finite populations", The American Statistician 41).
"""

from dataclasses import dataclass

import numpy as np
from optuna.trial import TrialState
from scipy.stats import hypergeom

from search.definition.criteria import is_maximized
from search.findings.card import NotYet
from search.findings.evidence import Evidence
from search.findings.intervals import LEVEL, Interval
from search.findings.noise import noise_of
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

NEAR = 2  # times the noise: nearer to the best than that is a leader


@dataclass(frozen=True, kw_only=True)
class PrunedTrial:
    """A trial that pruning ended.

    Attributes:
        number: of the trial.
        epochs: that it ran.
        of: epochs that it might have run.
        value: its best epoch's until then.
        finished: its value when an audit ran it to its end; NaN: it diverged then; ``None``: it
            has not been finished.
        won: whether it would have become the best.
        led: whether it would have come near the best.
        repeats: whether its first epochs were the same, to the last bit, when it was finished.
    """

    number: int
    epochs: int
    of: int
    value: float
    finished: float | None = None
    won: bool = False
    led: bool = False
    repeats: bool = False


@dataclass(frozen=True, kw_only=True)
class PruningAudit:
    """What pruning saved and cost.

    Attributes:
        trials: all that were pruned.
        saved_epochs: that were not run.
        saved_share: of all epochs that the search would have run without pruning.
        saved_hours: of training, at each trial's own speed; ``None``: not known.
        winners: share of the pruned trials that would have become the best, with its interval;
            ``None``: none has been finished.
        leaders: likewise of those that would have come near the best.
        best: the best trial's value; ``None``: there is none.
    """

    trials: tuple[PrunedTrial, ...]
    saved_epochs: int
    saved_share: float
    saved_hours: float | None
    winners: Interval | None
    leaders: Interval | None
    best: float | None

    @property
    def finished(self) -> tuple[PrunedTrial, ...]:
        """Those that an audit finished."""
        return tuple(trial for trial in self.trials if trial.finished is not None)


def pruning_of(evidence: Evidence) -> PruningAudit | NotYet:
    """What pruning saved, and what is known of what it cost."""
    record = evidence.record
    if not record.is_ours:
        return NotYet("another program made the study: how long its trials may be is not known")
    pruned = [t for t in record.finished if t.state == TrialState.PRUNED and t.stored.curve]
    if not pruned:
        none = "no trial is finished yet" if not record.finished else "no trial was pruned"
        return NotYet(none)
    trials = _with_audit(evidence, pruned)
    saved = sum(trial.of - trial.epochs for trial in trials)
    ran = sum(len(t.stored.curve) for t in record.finished)
    best = record.best
    return PruningAudit(
        trials=trials,
        saved_epochs=saved,
        saved_share=saved / (ran + saved),
        saved_hours=_hours(pruned, trials),
        winners=_share(trials, [trial.won for trial in trials]),
        leaders=_share(trials, [trial.led for trial in trials]),
        best=best.value if best else None,
    )


def share_of_all(hits: int, drawn: int, population: int) -> Interval:
    """The share of a finite population, of which ``hits`` of ``drawn`` by lot are; exact."""
    tail = (1 - LEVEL) / 2
    there = np.arange(population + 1)
    at_least = hypergeom.sf(hits - 1, population, there, drawn)
    at_most = hypergeom.cdf(hits, population, there, drawn)
    possible = there[(at_least > tail) & (at_most > tail)]
    return Interval(
        hits / drawn, float(possible[0] / population), float(possible[-1] / population)
    )


def _share(trials: tuple[PrunedTrial, ...], are: list[bool]) -> Interval | None:
    drawn = sum(trial.finished is not None for trial in trials)
    return share_of_all(sum(are), drawn, len(trials)) if drawn else None


def _with_audit(evidence: Evidence, pruned: list[TrialRecord]) -> tuple[PrunedTrial, ...]:
    """Each pruned trial, with what came of it if it was finished."""
    record, audit = evidence.record, evidence.audit
    ended = {t.stored.finishes: t for t in (audit.trials if audit else ()) if _has_ended(t)}
    noise = noise_of(evidence)
    margin = NEAR * noise.value if noise else 0.0
    sign = -1.0 if is_maximized(record.objective) else 1.0
    best = np.inf if record.best is None else sign * (record.best.value or 0.0)
    found = []
    for trial in pruned:
        curve, epoch = trial.stored.curve, trial.best_epoch
        assert epoch is not None
        again = ended.get(trial.number)
        value = None
        if again is not None:
            complete = again.state == TrialState.COMPLETE and again.value is not None
            value = again.value if complete else np.nan
        known = np.nan if value is None else sign * value
        first = again.stored.curve[: len(curve)] if again else ()
        found.append(
            PrunedTrial(
                number=trial.number,
                epochs=len(curve),
                of=max(_epochs(record, trial), len(curve)),
                value=epoch.score,
                finished=value,
                won=bool(known < best),
                led=bool(known <= best + margin),
                repeats=[e.score for e in first] == [e.score for e in curve],
            )
        )
    return tuple(found)


def _has_ended(trial: TrialRecord) -> bool:
    """Whether it shows what comes of a trial: complete, or it diverged."""
    failure = trial.stored.failure
    diverged = failure is not None and failure.kind == "not finite"
    return trial.state == TrialState.COMPLETE or (trial.state == TrialState.FAIL and diverged)


def _epochs(record: StudyRecord, trial: TrialRecord) -> int:
    """The most epochs that the trial might have run."""
    assert record.binding is not None
    table = record.binding.settled.get("search", {})
    return int(trial.params.get("epochs", table.get("epochs", 0)))


def _hours(pruned: list[TrialRecord], trials: tuple[PrunedTrial, ...]) -> float | None:
    seconds = 0.0
    for trial, counted in zip(pruned, trials, strict=True):
        each = np.mean([epoch.seconds for epoch in trial.stored.curve])
        seconds += float(each) * (counted.of - counted.epochs)
    return seconds / 3600 if np.isfinite(seconds) else None
