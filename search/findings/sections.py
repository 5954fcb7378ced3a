"""All that a report says, put together: the first screen, and cards below questions."""

from dataclasses import dataclass
from typing import NamedTuple

from optuna.trial import TrialState

from data.errors import several
from search.findings.card import Card, Said
from search.findings.cards.failures import failures_card
from search.findings.cards.history import history_card
from search.findings.cards.repeat import repeat_card
from search.findings.cards.texts import texts_card
from search.findings.cards.trials import trials_card
from search.findings.clock import clock_of
from search.findings.evidence import Evidence
from search.findings.importance import importances
from search.findings.text import objective_text
from search.findings.verdict import summary
from search.storage.record import StudyRecord


class Section(NamedTuple):
    """A question, and the cards that answer it."""

    question: str
    cards: tuple[Card, ...]


class Tile(NamedTuple):
    """One of the numbers on the first screen."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All that a report says, computed and worded.

    Attributes:
        name: of the study.
        headline: of the page.
        dated: when the last trial ended, and the hours of the search; "": none has ended.
        warnings: what is alarming about the texts.
        answer: one to three sentences.
        tiles: four numbers.
        said: the verdict, sentence by sentence.
        history: the chart of the first screen.
        sections: below it; one without cards is left out.
    """

    name: str
    headline: str
    dated: str
    warnings: tuple[str, ...]
    answer: tuple[str, ...]
    tiles: tuple[Tile, ...]
    said: tuple[Said, ...]
    history: Card
    sections: tuple[Section, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """All of them, in the page's order."""
        return (self.history, *(card for section in self.sections for card in section.cards))


def findings_of(evidence: Evidence) -> Findings:
    """All that the report of a study says."""
    record = evidence.record
    lines = summary(record, importances(record))
    sections = (
        Section("What should I use?", ()),
        Section("What mattered?", ()),
        Section("How sure is it?", ()),
        Section("Was it enough?", ()),
        Section("Did training converge?", ()),
        Section("Was pruning fair?", ()),
        Section("What went wrong?", (failures_card(evidence),)),
        Section("What is in the data?", (texts_card(evidence),)),
        Section("All trials", (trials_card(evidence),)),
        Section("How to repeat this", (repeat_card(evidence),)),
    )
    return Findings(
        name=record.name,
        headline=f"{record.name}: what {several(len(record.trials), 'trial')} say",
        dated=_dated(record),
        warnings=record.card.warnings,
        answer=tuple(lines[1:3]) or tuple(lines),
        tiles=_tiles(evidence),
        said=tuple(Said(line, "trials") for line in (lines[0], *lines[3:])),
        history=history_card(evidence),
        sections=tuple(section for section in sections if section.cards),
    )


def _dated(record: StudyRecord) -> str:
    clock = clock_of(record)
    return f"{clock.ended:%Y-%m-%d} · {clock.hours:.1f} h" if clock.ended else ""


def _tiles(evidence: Evidence) -> tuple[Tile, ...]:
    record, final = evidence.record, evidence.final
    counts = record.counts()
    complete = counts.pop(TrialState.COMPLETE, 0)
    others = ", ".join(
        f"{count:,} {'failed' if state == TrialState.FAIL else state.name.lower()}"
        for state, count in counts.items()
    )
    seeds = len(final.complete) if final else 0
    best = record.best
    return (
        Tile(f"{complete:,}", f"complete; {others}" if others else "complete"),
        Tile(f"{clock_of(record).hours:.1f} h", "of searching"),
        Tile(f"{best.value:.4f}" if best else "none", f"best {objective_text(record.objective)}"),
        Tile(
            "confirmed" if seeds else "not confirmed",
            f"{several(seeds, 'training')} with fresh seeds",
        ),
    )
