"""What each of the changes does that a study file lists, trained, beside what was published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optuna.trial import TrialState

from search.definition.criteria import LOSS, is_maximized
from search.definition.domain import Value
from search.definition.steps import Steps
from search.findings.card import NotYet
from search.findings.claims import Claimed, claims_of
from search.findings.contrasts import NOTHING, Estimate, words
from search.findings.intervals import Interval, mean_of_seeds
from search.findings.published import DIVERGES, verdict_on
from search.findings.references import References, references_of_seeds
from search.findings.trained import ACCURACY, Scores


@dataclass(frozen=True, kw_only=True)
class Row:
    """A listed configuration.

    Attributes:
        params: of it.
        published: accuracy that was published of it, if any was.
        accuracy: mean over the seeds; ``None``: not all are trained, or none is stored.
        score: the objective's, likewise.
    """

    params: dict[str, Value]
    published: float | None
    accuracy: Interval | None
    score: Interval | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a row changes, or one part of that.

    Attributes:
        row: which, from 1.
        after: the row that it is a change to.
        values: before and after, by the parameter.
        is_part: it is one of several changes of its row, made alone.
        published: by how much the published accuracies differ, where they are.
        accuracy: by how much the trained ones do; ``None``: not known.
        loss: likewise, validation loss, in nats.
        score: likewise, of the objective.
        word: what it does by the accuracy where it was published, else by the objective:
            ``HELPS``, ``HURTS``, ``NOTHING``; ``DIVERGES`` where a training did; "": no result.
        verdict: on what was published; ``UNKNOWN``: no result; "": nothing was published.
    """

    row: int
    after: int
    values: dict[str, tuple[Value, Value]]
    is_part: bool
    published: float | None
    accuracy: Estimate | None
    loss: Estimate | None
    score: Estimate | None
    word: str = ""
    verdict: str = ""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What the trainings say.

    Attributes:
        objective: of the study.
        measure: what words and verdicts go by.
        seeds: of each configuration.
        configurations: that have to be trained.
        texts: that were classified; ``None``: not kept.
        device: that trained them.
        note: on how they may be compared with what was published.
        rows: as they are listed.
        changes: of each row but the first, each followed by its parts where there are several.
        claims: of the study file.
        best: row with the best mean of the objective; ``None``: none is known.
        level: rows that are not told apart from it.
        references: what is known without nets, and whether the best row is better.
        smallest: difference of the measure that would be seen in 80 of 100 such ablations.
        trainings: that are complete.
        reused: of them, those that another study had.
        missing: that are still to come.
    """

    objective: str
    measure: str
    seeds: int
    configurations: int
    texts: int | None
    device: str
    note: str
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    claims: tuple[Claimed, ...]
    best: int | None
    level: tuple[int, ...]
    references: References
    smallest: float
    trainings: int
    reused: int
    missing: int

    @property
    def is_published(self) -> bool:
        """Whether accuracies were published of the rows."""
        return self.rows[0].published is not None

    @property
    def steps(self) -> tuple[Change, ...]:
        """The changes without the parts of those that are several."""
        return tuple(change for change in self.changes if not change.is_part)


def listed_of(steps: Steps, scores: Scores) -> Listed | NotYet:
    """What there is of the listed configurations' trainings."""
    trained = scores.trained
    record = trained.record
    measure = ACCURACY if steps.table.published else record.objective
    complete = record.in_state(TrialState.COMPLETE)
    missing = len(trained.wanted())
    changes = [
        change for row in range(1, len(steps.rows)) for change in _changes(steps, scores, row)
    ]
    known = [each for change in changes if (each := _measured(change, measure))]
    if not known:
        why = f"{missing} to come" if missing else "trainings diverged"
        return NotYet(f"no change is trained with all its seeds ({why})")
    found = words(
        [_measured(change, measure) for change in changes], more_is_better=is_maximized(measure)
    )
    worded = [
        replace(change, word=word or change.word)
        for change, word in zip(changes, found, strict=True)
    ]
    rows, texts = _rows(steps, scores), scores.evidence.rows
    best = _best(rows, record.objective)
    return Listed(
        objective=record.objective,
        measure=measure,
        seeds=steps.seeds,
        configurations=len(steps.configurations),
        texts=None if texts is None else len(texts.labels),
        device=str(complete[-1].stored.environment.get("device", "")),
        note=steps.table.note,
        rows=rows,
        changes=tuple(_judged(change, worded, measure) for change in worded),
        claims=claims_of(steps, scores, measure),
        best=best,
        level=_level(steps, scores, best),
        references=references_of_seeds(scores, None if best is None else steps.rows[best]),
        smallest=max(each.smallest(len(known)) for each in known),
        trainings=len(complete),
        reused=sum(bool(trial.stored.reused) for trial in complete),
        missing=missing,
    )


def _rows(steps: Steps, scores: Scores) -> tuple[Row, ...]:
    found = []
    for place, params in enumerate(steps.rows):
        trials = scores.trained.complete(params)
        row = Row(
            params=params,
            published=steps.table.published[place] if steps.table.published else None,
            accuracy=_mean([trial.stored.accuracy for trial in trials], is_share=True),
            score=_mean(
                [trial.value for trial in trials], is_share=is_maximized(scores.objective)
            ),
        )
        found.append(row)
    return tuple(found)


def _mean(values: Sequence[float | None], *, is_share: bool) -> Interval | None:
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    value, low, high = mean_of_seeds(known)
    return (
        Interval(value, max(low, 0.0), min(high, 1.0)) if is_share else Interval(value, low, high)
    )


def _changes(steps: Steps, scores: Scores, row: int) -> list[Change]:
    """The change that is the ``row``, then its parts."""
    before, published = steps.rows[steps.after(row)], steps.table.published
    gain = published[row] - published[steps.after(row)] if published else None
    alone = steps.alone(row)

    def change(after: dict[str, Value], *, is_part: bool) -> Change:
        pair = ((after, 1.0), (before, -1.0))
        return Change(
            row=row,
            after=steps.after(row),
            values={n: (before[n], v) for n, v in after.items() if v != before[n]},
            is_part=is_part,
            published=None if is_part else gain,
            accuracy=scores.estimate(ACCURACY, pair),
            loss=scores.estimate(LOSS, pair),
            score=scores.estimate(scores.objective, pair),
            word=DIVERGES if scores.trained.diverged(after) else "",
        )

    whole = change(steps.rows[row], is_part=False)
    return [whole, *(change(each, is_part=True) for each in alone.values())]


def _measured(change: Change, measure: str) -> Estimate | None:
    return change.accuracy if measure == ACCURACY else change.score


def _judged(change: Change, all_changes: Sequence[Change], measure: str) -> Change:
    """``change`` with its verdict."""
    if change.published is None:
        return change
    estimate = _measured(change, measure)
    parts = [each.word for each in all_changes if each.is_part and each.row == change.row]
    found = estimate.interval if estimate else None
    return replace(change, verdict=verdict_on(change.published, change.word, found, parts))


def _best(rows: Sequence[Row], objective: str) -> int | None:
    """The row with the best score; ``None``: none is known."""
    known = [(row.score.value, place) for place, row in enumerate(rows) if row.score]
    if not known:
        return None
    return (max if is_maximized(objective) else min)(known)[1]


def _level(steps: Steps, scores: Scores, best: int | None) -> tuple[int, ...]:
    """The rows that are not told apart from the best one, after Holm's correction."""
    if best is None:
        return ()
    others = [row for row in range(len(steps.rows)) if row != best]
    found = [
        scores.estimate(scores.objective, ((steps.rows[row], 1.0), (steps.rows[best], -1.0)))
        for row in others
    ]
    said = words(found, more_is_better=True)
    return tuple(row for row, word in zip(others, said, strict=True) if word == NOTHING)
