"""All that a report says, put together: the first screen, and cards below questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from data.errors import several
from search.findings.card import Card, NotYet, Said, Tile
from search.findings.cards.ablation import ablation_card
from search.findings.cards.classes import classes_cards
from search.findings.cards.conclusion import conclusion_card
from search.findings.cards.confirmed import confirmed_card
from search.findings.cards.convergence import convergence_card
from search.findings.cards.effects import effects_card
from search.findings.cards.enough import enough_card
from search.findings.cards.failures import failures_card
from search.findings.cards.history import history_card
from search.findings.cards.importance import importance_card
from search.findings.cards.leaders import leaders_card
from search.findings.cards.listed import listed_cards
from search.findings.cards.pruning import pruning_card
from search.findings.cards.repeat import repeat_card
from search.findings.cards.texts import texts_card
from search.findings.cards.trials import trials_card
from search.findings.classes import classes_of
from search.findings.clock import clock_of
from search.findings.evidence import Evidence
from search.findings.leaders import Leaders
from search.findings.listed import Listed
from search.findings.text import hours_text
from search.findings.verdict import Known, answer_of, said_of, tiles_of
from search.storage.record import StudyRecord


class Section(NamedTuple):
    """A question, and the cards that answer it."""

    question: str
    cards: tuple[Card, ...]


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
        """All of them, in the page's order."""
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


def findings_of(evidence: Evidence) -> Findings:
    """All that the report of a study says."""
    record, known = evidence.record, Known.of(evidence)
    count = len(evidence.of_trainings.record.trials)
    trials = several(count, "trial")
    say = "says" if count == 1 else "say"
    return Findings(
        name=record.name,
        headline=f"{record.name}: what {trials}{' of its ablation' * known.is_of_ablation} {say}",
        dated=_dated(evidence.of_trainings.record),
        warnings=record.card.warnings,
        answer=answer_of(record, known),
        tiles=tiles_of(evidence, known),
        said=said_of(known),
        history=history_card(evidence.of_trainings, band=_band(known.leaders)),
        sections=_sections(evidence, known),
    )


def _sections(evidence: Evidence, known: Known) -> tuple[Section, ...]:
    mattered = (
        importance_card(known.importance),
        effects_card(known.importance),
        *_ablation_cards(known),
    )
    trained = evidence.of_trainings
    wrong = (*classes_cards(classes_of(trained)), failures_card(trained))
    rest = (
        Section("Did training converge?", (convergence_card(trained),)),
        Section("What went wrong?", wrong),
        Section("What is in the data?", (texts_card(evidence),)),
        Section("All trials", (trials_card(trained),)),
        Section("How to repeat this", (repeat_card(evidence),)),
    )
    conclusion = _conclusion(evidence, known)
    if known.is_of_ablation:
        return (*conclusion, Section("What mattered?", _ablation_cards(known)), *rest)
    return (
        *conclusion,
        Section("What should I use?", (leaders_card(known.leaders),)),
        Section("What mattered?", mattered),
        Section("How sure is it?", (confirmed_card(known.confirmed),)),
        Section("Was it enough?", (enough_card(evidence),)),
        rest[0],
        Section("Was pruning fair?", (pruning_card(evidence),)),
        *rest[1:],
    )


def _conclusion(evidence: Evidence, known: Known) -> tuple[Section, ...]:
    """Of a study with an ablation."""
    if isinstance(known.ablation, NotYet):
        return ()
    use = " ".join(answer_of(evidence.record, known))
    card = conclusion_card(evidence, known.ablation, use)
    return (Section("What is the conclusion?", (card,)),)


def _ablation_cards(known: Known) -> tuple[Card, ...]:
    if isinstance(known.ablation, Listed):
        return listed_cards(known.ablation)
    return (ablation_card(known.ablation),)


def _band(leaders: Leaders | NotYet) -> tuple[float, float] | None:
    """The scores that cannot be told from the best one."""
    if isinstance(leaders, NotYet) or len(leaders.group) < 2:
        return None
    values = [leaders.of(number).value for number in leaders.group]
    return min(values), max(values)


def _dated(record: StudyRecord) -> str:
    clock = clock_of(record)
    took = f" · {hours_text(clock.hours)}" if clock.hours else ""
    return f"{clock.ended:%Y-%m-%d}{took}" if clock.ended else ""
