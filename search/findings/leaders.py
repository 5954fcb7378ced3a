"""Which trials cannot be told from the best one, which of them is cheapest, and what it beats."""

from dataclasses import dataclass, replace

import numpy as np

from search.definition.criteria import LOSS
from search.findings.answers import Answers, errors_of, mcnemar_of, normal_p, read_answers
from search.findings.card import NotYet
from search.findings.evidence import Evidence
from search.findings.intervals import (
    ALPHA,
    Floats,
    Interval,
    Z,
    holm,
    mean_of_rows,
    proportion,
    sign_flips,
)
from search.findings.references import References, references_of
from search.findings.seeds import SeedSpread, seed_spread
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

LOOKED_AT = 20  # best trials whose probabilities may tell how many rows there are


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A complete trial against the best one.

    Attributes:
        number: of the trial.
        value: of the objective.
        loss: of the validation texts, in nats; NaN ends: its probabilities are not known.
        accuracy: likewise; ``None``: it is not stored.
        macro_f1: likewise.
        behind: by how much the objective is worse than the best trial's, over the same rows;
            NaN ends: it was not tested.
        p_loss: of the paired permutation test of the loss against the best trial, Holm's.
        p_accuracy: of McNemar's exact test likewise.
        p: that chance alone, of rows and of seeds, parts its objective from the best trial's.
        is_leader: whether ``p`` leaves that open; ``None``: it was not tested.
        weight_count: of its net.
        seconds: of its training.
    """

    number: int
    value: float
    loss: Interval | None
    accuracy: Interval | None
    macro_f1: float | None
    behind: Interval
    p_loss: float | None = None
    p_accuracy: float | None = None
    p: float | None = None
    is_leader: bool | None = None
    weight_count: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Leaders:
    """All complete trials, those that tie for best among them.

    Attributes:
        objective: of the study.
        trials: best first.
        rows: validation texts; ``None``: nothing tells.
        tested: trials whose probabilities were read; others keep their stored scores.
        why_untested: why no trial was tested, or nothing.
        group: the trials that cannot be told from the best, itself among them, best first.
        lightest: the one of the group with the fewest weights.
        fastest: the one of the group that trained in the fewest seconds.
        seeds: the spread over seeds; ``None``: the group knows of rows' chance only.
        references: what is known without nets: the linear baseline, the largest class.
    """

    objective: str
    trials: tuple[Contender, ...]
    rows: int | None
    tested: int
    why_untested: str
    group: tuple[int, ...]
    lightest: int | None
    fastest: int | None
    seeds: SeedSpread | None
    references: References

    def of(self, number: int) -> Contender:
        """The trial of that ``number``."""
        return next(trial for trial in self.trials if trial.number == number)


def leaders_of(evidence: Evidence) -> Leaders | NotYet:
    """Every complete trial against the best, by paired tests over the validation rows.

    A trial leaves the group only where the objective's own test tells it from the best (a paired
    permutation test of the loss, McNemar's of accuracy, approximate randomisation of an F1), and
    one with the chance of two seeds in it does too. The former are corrected by Holm over the
    table; the latter is not, so that the group is those whose interval ``behind`` reaches 0.
    """
    record = evidence.record
    if not record.is_ours:
        return NotYet("another program made the study, and what its values mean is not known")
    if not record.ranking:
        return NotYet("no trial is complete yet")
    answers, why = read_answers(evidence)
    count = _row_count(evidence)
    trials = [_contender(trial, record, count) for trial in record.ranking]
    seeds = seed_spread(evidence)
    if answers:
        tested = _tested([trials[place] for place in answers.places], answers, seeds, record)
        for place, trial in zip(answers.places, tested, strict=True):
            trials[place] = trial
    group = [trial for trial in trials if trial.is_leader]
    return Leaders(
        objective=record.objective,
        trials=tuple(trials),
        rows=count,
        tested=len(answers.places) if answers else 0,
        why_untested=why,
        group=tuple(trial.number for trial in group),
        lightest=_least(group, "weight_count"),
        fastest=_least(group, "seconds"),
        seeds=seeds,
        references=references_of(evidence, answers.said[:, 0] if answers else None),
    )


def _least(group: list[Contender], name: str) -> int | None:
    known = [trial for trial in group if getattr(trial, name) is not None]
    return min(known, key=lambda trial: getattr(trial, name)).number if known else None


def _row_count(evidence: Evidence) -> int | None:
    """How many texts validate: without the rows themselves any kept probabilities tell."""
    if evidence.rows is not None:
        return len(evidence.rows.labels)
    for trial in evidence.record.ranking[:LOOKED_AT]:
        if (said := evidence.probabilities(trial)) is not None:
            return len(said)
    return None


def _contender(trial: TrialRecord, record: StudyRecord, rows: int | None) -> Contender:
    """What is stored of ``trial``, with the interval that needs no probabilities."""
    stored, unknown = trial.stored, float("nan")
    loss = trial.value if record.objective == LOSS else stored.best_loss
    return Contender(
        number=trial.number,
        value=float(trial.value if trial.value is not None else unknown),
        loss=None if loss is None else Interval(loss, unknown, unknown),
        accuracy=None if stored.accuracy is None else proportion(stored.accuracy, rows or 0),
        macro_f1=stored.macro_f1,
        behind=Interval(_behind(trial, record), unknown, unknown),
        weight_count=stored.weight_count,
        seconds=stored.seconds,
    )


def _behind(trial: TrialRecord, record: StudyRecord) -> float:
    return record.sort_key(trial) - record.sort_key(record.ranking[0])


def _tested(
    trials: list[Contender], answers: Answers, seeds: SeedSpread | None, record: StudyRecord
) -> list[Contender]:
    """The trials with what tests against the first of them say."""
    p_loss = _with_best(holm(sign_flips(answers.losses[:, 1:] - answers.losses[:, :1])))
    p_accuracy = _with_best(holm(mcnemar_of(answers)))
    errors = errors_of(answers, record.objective)
    behind = np.array([trial.behind.value for trial in trials])
    if record.objective in (LOSS, "accuracy"):
        p = p_loss if record.objective == LOSS else p_accuracy
    else:
        p = _with_best(holm(normal_p(behind[1:], errors[1:])))
    reach = Z * errors
    if seeds is not None:
        p = np.maximum(p, _with_best(seeds.of_difference(behind[1:], errors[1:])))
        reach[1:] = seeds.half_widths(errors[1:])
    widths = [mean_of_rows(column) for column in answers.losses.T]
    return [
        replace(
            trial,
            loss=trial.loss and _around(trial.loss.value, widths[i].high - widths[i].value),
            behind=_around(trial.behind.value, float(reach[i])),
            p_loss=float(p_loss[i]),
            p_accuracy=float(p_accuracy[i]),
            p=float(p[i]),
            is_leader=bool(p[i] > ALPHA),
        )
        for i, trial in enumerate(trials)
    ]


def _with_best(of_others: Floats) -> Floats:
    """With the p of 1 that the best trial has against itself."""
    return np.concatenate([[1.0], of_others])


def _around(value: float, width: float) -> Interval:
    return Interval(value, value - width, value + width)
