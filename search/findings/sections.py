"""The findings of a study: all cards, each below the question that it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import plotly.graph_objects as go

from data.errors import several
from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards.look import BLUE, blank
from search.findings.evidence import Evidence
from search.findings.importance import importances, why_not_importances
from search.findings.text import states_text
from search.findings.verdict import summary


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
    """All that a report says, computed and worded; each card is an attribute too, by its name.

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
        """All cards, in the order of the page."""
        return (self.history, *(card for section in self.sections for card in section.cards))

    def __getattr__(self, name: str) -> Card:
        """The card of that name; "_" stands for "-" in it.

        Raises:
            AttributeError: there is none; the message lists what there is.
        """
        # What is not there yet while a copy is made must not be looked for by way of itself.
        named = {} if name.startswith("_") or "sections" not in vars(self) else _named(self.cards)
        if name in named:
            return named[name]
        raise AttributeError(f"there is no card {name!r}; there are {', '.join(named)}")

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *_named(self.cards)]


def _named(cards: Iterable[Card]) -> dict[str, Card]:
    return {card.name.replace("-", "_"): card for card in cards}


def said_of(evidence: Evidence) -> tuple[Said, ...]:
    """The verdict's sentences alone, without any card."""
    record = evidence.record
    return tuple(Said(line, "history") for line in summary(record, importances(record)))


def findings_of(evidence: Evidence) -> Findings:
    """All that ``evidence`` says."""
    record, said = evidence.record, said_of(evidence)
    rows = tuple((str(t.number), t.state.name.lower()) for t in record.trials)
    history = Card(
        name="history",
        title="Every trial",
        sentence=f"{states_text(record) or 'No trials yet'}.",
        table=Table(("trial", "state"), rows),
    )
    return Findings(
        name=record.name,
        headline=f"{record.name}: what {several(len(record.trials), 'trial')} say",
        dated="",
        warnings=record.card.warnings,
        answer=tuple(sentence.text for sentence in said[1:3]),
        tiles=(Tile(str(len(record.trials)), "trials"),),
        said=said,
        history=history,
        sections=(Section("What mattered?", (_importance(evidence),)),),
    )


def _importance(evidence: Evidence) -> Card:
    name, title = "importance", "What mattered"
    if why := why_not_importances(evidence.record):
        return not_yet(name, title, NotYet(why))
    ranking = importances(evidence.record)

    def draw() -> go.Figure:
        figure = blank(x="share of the variance", y="")
        bar = go.Bar(x=[*ranking.values()], y=[*ranking], orientation="h", marker_color=BLUE)
        return figure.add_trace(bar)

    rows = tuple((name, f"{share:.2f}") for name, share in ranking.items())
    sentence = f"{next(iter(ranking))} explains most of the differences between complete trials."
    table = Table(("parameter", "importance"), rows)
    return Card(name=name, title=title, sentence=sentence, values=ranking, table=table, draw=draw)
