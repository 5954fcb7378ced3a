"""Two studies of the same texts side by side; their best trials are compared row by row."""

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from search.definition.criteria import LOSS, is_maximized
from search.definition.domain import Value
from search.errors import StudyError
from search.findings.evidence import Evidence
from search.findings.intervals import (
    Floats,
    Interval,
    log_losses,
    mcnemar,
    mean_of_rows,
    proportion,
)
from search.findings.seeds import difference_with_seeds, spread_of_losses
from search.storage.binding import TEXTS, Binding, Difference, difference
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

# What decides which rows validate; ``search.seed`` too, as far as rows are drawn.
SPLIT = (TEXTS, "data.validation", "data.repeats", "data.share", "search.seed")
HOUR = 3600


class Step(NamedTuple):
    """The best score after a trial, and the hours of training until then."""

    trial: int
    hours: float
    best: float


class Best(NamedTuple):
    """A study's best trial.

    Attributes:
        study: its name.
        trial: its number.
        loss: of the validation texts, in nats, with the interval over rows, if they are kept.
        accuracy: likewise.
        macro_f1: as it was stored.
        params: of the trial.
        complete: how many trials of the study are.
        hours: of training, of all trials of the study.
    """

    study: str
    trial: int
    loss: Interval
    accuracy: Interval
    macro_f1: float | None
    params: dict[str, Value]
    complete: int
    hours: float


class Paired(NamedTuple):
    """The second best trial against the first, on the same rows; below 0: it has less.

    Attributes:
        rows: how many.
        loss: the mean difference in nats, with its interval over rows.
        accuracy: likewise, as a share of the rows.
        p: of McNemar's exact test of the accuracies.
        with_seeds: the difference in loss with an interval that holds the spread of seeds too;
            ``None``: no configuration was repeated with other seeds.
        repeats: from how many trainings that spread is known, beyond one of each configuration.
    """

    rows: int
    loss: Interval
    accuracy: Interval
    p: float
    with_seeds: Interval | None
    repeats: int


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What two studies of the same texts have in common, and what not.

    Attributes:
        settings: that differ; ``stored`` is the first one's, ``asked`` the second one's.
        objective: of the ``steps``; the loss where the two studies have different ones.
        bests: of the first and the second.
        paired: by rows; ``None``: the rows or what was said of them are not kept.
        steps: the best so far after each trial with a score, of the first and the second.
    """

    settings: tuple[Difference, ...]
    objective: str
    bests: tuple[Best, Best]
    paired: Paired | None
    steps: tuple[tuple[Step, ...], tuple[Step, ...]]


def comparison_of(one: Evidence, other: Evidence) -> Comparison:
    """Compare ``other`` with ``one``.

    Raises:
        StudyError: they cannot be compared; the message says why.
    """
    bindings = _checked(one), _checked(other)
    if (one.record.name, one.record.identity) == (other.record.name, other.record.identity):
        raise StudyError(f"--compare {other.record.name}: that is the study itself; name another")
    differences = tuple(difference(*bindings))
    _check_rows(one, other, differences)
    objectives = {one.record.objective, other.record.objective}
    objective = one.record.objective if len(objectives) == 1 else LOSS
    scored = _scored(one), _scored(other)
    return Comparison(
        settings=differences,
        objective=objective,
        bests=(_best(one, scored[0]), _best(other, scored[1])),
        paired=_paired(one, other, scored),
        steps=(_steps(one.record, objective), _steps(other.record, objective)),
    )


class _Scored(NamedTuple):
    """Of each validation row the best trial's loss, and whether its class is right."""

    losses: Floats
    is_right: Floats


def _checked(evidence: Evidence) -> Binding:
    """What the study is bound to, if it can be compared at all."""
    record = evidence.record
    if record.binding is None:
        raise StudyError(
            f"the study {record.name} was made by another program: nobody knows of which texts, "
            "so it cannot be compared"
        )
    if record.best is None:
        raise StudyError(f"the study {record.name} has no complete trial yet to be compared")
    return record.binding


def _check_rows(one: Evidence, other: Evidence, differences: tuple[Difference, ...]) -> None:
    """Refuse studies whose validation rows are not the same ones."""
    apart = [d for d in differences if d.key in SPLIT]
    names = f"{one.record.name} and {other.record.name}"
    if any(d.key == TEXTS for d in apart):
        sets = [
            e.record.binding.table["data"]["dataset"] for e in (one, other) if e.record.binding
        ]
        which = f"of {sets[0]} and of {sets[1]}" if sets[0] != sets[1] else f"both of {sets[0]}"
        raise StudyError(
            f"the studies {names} have different texts ({which}): only studies of the same texts "
            "can be compared by rows"
        )
    if one.rows is not None and other.rows is not None:
        same = np.array_equal(one.rows.labels, other.rows.labels)
        if same and list(one.rows.texts) == list(other.rows.texts):
            return  # however they were drawn
        told = "their kept rows differ"
    elif not apart:
        return
    else:
        told = ", ".join(f"{d.key}: {d.stored} and {d.asked}" for d in apart)
    raise StudyError(
        f"the studies {names} do not validate with the same rows ({told}): their losses cannot be "
        "compared"
    )


def _scored(evidence: Evidence) -> _Scored | None:
    """The best trial's rows, if they are kept."""
    rows, best = evidence.rows, evidence.record.best
    said = evidence.probabilities(best) if best is not None else None
    if rows is None or said is None or len(said) != len(rows.labels):
        return None
    right = said.argmax(axis=1) == rows.labels
    return _Scored(log_losses(said, rows.labels), right.astype(np.float64))


def _best(evidence: Evidence, scored: _Scored | None) -> Best:
    trial = evidence.record.best
    assert trial is not None
    epoch, unknown = trial.best_epoch, float("nan")
    loss, accuracy = (epoch.validation_loss, epoch.accuracy) if epoch else (unknown, unknown)
    losses = Interval(loss, unknown, unknown)
    shares = Interval(accuracy, unknown, unknown)
    if scored is not None:
        losses = mean_of_rows(scored.losses)
        shares = proportion(float(scored.is_right.mean()), len(scored.is_right))
    return Best(
        study=evidence.record.name,
        trial=trial.number,
        loss=losses,
        accuracy=shares,
        macro_f1=trial.stored.macro_f1,
        params=trial.params,
        complete=len(evidence.record.complete),
        hours=sum(map(_hours, evidence.record.trials)),
    )


def _paired(
    one: Evidence, other: Evidence, scored: tuple[_Scored | None, _Scored | None]
) -> Paired | None:
    first, second = scored
    if first is None or second is None:
        return None
    losses = second.losses - first.losses
    records = [r for e in (one, other) for r in (e.record, e.final) if r is not None]
    spread = spread_of_losses(records)
    return Paired(
        rows=len(losses),
        loss=mean_of_rows(losses),
        accuracy=mean_of_rows(second.is_right - first.is_right),
        p=mcnemar(second.is_right > 0, first.is_right > 0),
        with_seeds=difference_with_seeds(losses, spread) if spread else None,
        repeats=spread.freedom if spread else 0,
    )


def _steps(record: StudyRecord, objective: str) -> tuple[Step, ...]:
    """Trials are in the order in which they began, also where several ran at once."""
    hours = list(accumulate(map(_hours, record.trials)))
    complete, own = {trial.number for trial in record.complete}, objective == record.objective
    found: list[Step] = []
    pick = max if is_maximized(objective) else min
    for trial, until in zip(record.trials, hours, strict=True):
        score = trial.value if own else trial.stored.best_loss
        if trial.number in complete and score is not None:
            best = pick(found[-1].best, score) if found else score
            found.append(Step(trial.number, until, best))
    return tuple(found)


def _hours(trial: TrialRecord) -> float:
    return sum(epoch.seconds for epoch in trial.stored.curve) / HOUR
