"""All trials as one table: scores, a column for each parameter, and what became of each."""

from collections.abc import Iterator
from typing import NamedTuple

from data.errors import several
from search.definition.criteria import is_maximized
from search.definition.domain import Value
from search.findings.card import Card
from search.findings.clock import Clock, clock_of
from search.findings.evidence import Evidence
from search.findings.references import references_of
from search.findings.text import note, objective_text, value_text
from search.findings.why import why_each
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

NAME, TITLE = "trials", "Every trial"
DIGITS = 5  # of a loss in a curve


class Row(NamedTuple):
    """A trial.

    Attributes:
        cells: as shown, below the heads.
        validation: its loss after each epoch, in nats.
        train: likewise.
        why: it ended as it did, in a paragraph.
    """

    cells: tuple[str, ...]
    validation: tuple[float, ...]
    train: tuple[float, ...]
    why: str


class AllTrials(NamedTuple):
    """The table.

    Attributes:
        heads: of its columns.
        rows: the best trial first, those without a score last.
        references: cells of what is known without a net, below the same heads.
        states: that there are.
    """

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    references: tuple[tuple[str, ...], ...]
    states: tuple[str, ...]


def all_trials(evidence: Evidence) -> AllTrials:
    """The trials, best first."""
    record = evidence.record
    names = tuple(dict.fromkeys(name for trial in record.trials for name in trial.params))
    clock, told = clock_of(record), why_each(record)
    rest = ("best epoch", "weights", "seconds", "hours", "note")
    heads = ("trial", "state", *_score_heads(record.objective), *names, *rest)
    trials = _best_first(record)
    return AllTrials(
        heads=heads,
        rows=tuple(_row(t, names, _hours(clock, t.number), told[t.number]) for t in trials),
        references=tuple(_references(evidence, heads)),
        states=tuple(state.name.lower() for state in record.counts()),
    )


def trials_card(evidence: Evidence) -> Card:
    """The card of the table, which the page draws in a way of its own."""
    found = all_trials(evidence)
    if not found.rows:
        return Card(name=NAME, title=TITLE, sentence="No trials yet.", values=found)
    sentence = f"{several(len(found.rows), 'trial')}, the best first."
    return Card(name=NAME, title=TITLE, sentence=sentence, values=found)


def _best_first(record: StudyRecord) -> list[TrialRecord]:
    """Complete trials by rank, then the others that have a score, then the rest."""
    if len(record.directions) > 1:
        return list(record.trials)
    ranks = {trial.number: rank for rank, trial in enumerate(record.ranking)}
    key = record.sort_key
    return sorted(record.trials, key=lambda t: (ranks.get(t.number, len(ranks)), key(t), t.number))


def _score_heads(objective: str) -> tuple[str, ...]:
    """Of the columns of scores; another program's study has its objective only."""
    usual = ("loss", "accuracy", "macro-F1")
    if not objective:
        return ("value",)
    is_usual = objective in ("loss", "accuracy", "macro_f1")
    return usual if is_usual else (objective_text(objective), *usual)


def _scores(trial: TrialRecord) -> tuple[str, ...]:
    """Of the best epoch, below their heads."""
    stored, best = trial.stored, trial.best_epoch
    if not trial.objective:
        return (", ".join(map(value_text, trial.frozen.values or ())),)
    loss = stored.best_loss
    if loss is None:
        known = best.validation_loss if best else None
        loss = known if is_maximized(trial.objective) else trial.value
    usual = tuple(map(value_text, (loss, stored.accuracy, stored.macro_f1)))
    is_more = len(_score_heads(trial.objective)) > len(usual)
    return (value_text(best.score if best else None), *usual) if is_more else usual


def _hours(clock: Clock, number: int) -> str:
    """Of searching until the trial ended; of a search of minutes in more digits."""
    places = 2 if clock.hours >= 1 else 4
    return f"{clock.at[number]:.{places}f}" if number in clock.at else ""


def _row(trial: TrialRecord, names: tuple[str, ...], hours: str, why: str) -> Row:
    stored = trial.stored
    return Row(
        cells=(
            str(trial.number),
            trial.state.name.lower(),
            *_scores(trial),
            *(_value(trial.params.get(name)) for name in names),
            str(stored.best_epoch or ""),
            f"{stored.weight_count:,}" if stored.weight_count else "",
            "" if stored.seconds is None else f"{stored.seconds:.1f}",
            hours,
            note(trial),
        ),
        validation=tuple(round(epoch.validation_loss, DIGITS) for epoch in stored.curve),
        train=tuple(round(epoch.train_loss, DIGITS) for epoch in stored.curve),
        why=next(iter(why.splitlines()), ""),
    )


def _references(evidence: Evidence, heads: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The linear classifier's cells and the largest class': they have no loss."""
    found = references_of(evidence, None)
    named = (
        ("linear", found.baseline, "TF-IDF of one and two tokens, SVM"),
        ("largest", found.majority, "always the largest class"),
    )
    for name, reference, note_of in named:
        if reference is not None:
            cells = {
                "trial": name,
                "state": "baseline",
                "accuracy": value_text(reference.accuracy.value),
                "macro-F1": value_text(reference.macro_f1),
                "note": note_of,
            }
            yield tuple(cells.get(head, "") for head in heads)


def _value(value: Value | None) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
