"""Cards that only tell: failures, texts, how to repeat a study."""

from dataclasses import replace

import pytest

from search.findings.card import Card
from search.findings.cards.failures import failures_card
from search.findings.cards.repeat import repeat_card
from search.findings.cards.texts import texts_card
from search.findings.evidence import Evidence
from search.storage.attributes import DataCard, Stored
from search.storage.home import StudyHome
from search.workers.events import Failure
from tests.search.findings.searched import searched
from tests.search.records import FAIL, foreign, record, trial

HOME = StudyHome(name="made", url="sqlite:///studies/studies.db")


def failed(kind: str = "bug") -> Stored:
    return Stored(failure=Failure(kind=kind, message="m", device="CPU", traceback=("at 1", "x")))  # type: ignore[arg-type]


def rows(card: Card) -> tuple[tuple[str, ...], ...]:
    return card.table.rows if card.table else ()


def test_failures_are_counted_by_kind_and_the_latest_told_in_full() -> None:
    kinds = ["data"] * 5 + ["bug"] * 20
    study = record(trial(), *(trial(FAIL, stored=failed(kind)) for kind in kinds))
    card = failures_card(Evidence(record=study))
    assert card.sentence == "25 of 26 trials failed: 20 bug, 5 data. The latest 20 are below."
    assert rows(card) == (("bug", "20"), ("data", "5"))
    assert [text.head for text in card.texts] == [f"trial {n}" for n in range(6, 26)]
    assert card.texts[0].text.endswith("m\n  at 1\n  x")


@pytest.mark.parametrize(
    ("study", "said"),
    [
        (record(trial()), "No trial failed."),
        (record(trial(FAIL)), "1 of 1 trial failed: 1 for a reason that is not stored."),
        (foreign(), "No trial failed."),
    ],
)
def test_few_failures(study: object, said: str) -> None:
    card = failures_card(Evidence(record=study))  # type: ignore[arg-type]
    assert card.sentence == said
    assert card.texts == ()


def test_what_was_read_is_told_line_by_line_and_warnings_first() -> None:
    known = DataCard(
        lines=("news.csv: 12 rows", "2 classes: 'a' 6, 'b' 6", "a long line of its own: no name"),
        warnings=("half of the rows repeat",),
    )
    card = texts_card(Evidence(record=replace(record(), card=known)))
    assert card.sentence == "news.csv: 12 rows."
    assert rows(card) == (
        ("warning", "half of the rows repeat"),
        ("2 classes", "'a' 6, 'b' 6"),
        ("a long line of its own", "no name"),
    )
    assert "does not say" in texts_card(Evidence(record=record())).sentence


def test_a_study_is_repeated_by_the_command_that_was_typed() -> None:
    typed = {"command": "python -m search.run --study made --gpu 0", "device": "CPU"}
    study = record(trial(stored=Stored(environment=typed)), asked=5)
    card = repeat_card(Evidence(record=study, home=HOME))
    commands = card.texts[0].text.splitlines()
    assert commands[:3] == [
        typed["command"],
        "python -m search.final --study made",
        "python -m search.predict --study made 'Markets fell.'",
    ]
    assert '"seed": 7' in card.texts[1].text
    assert '"device": "CPU"' in card.texts[2].text
    assert "ran on CPU." in card.sentence


def test_an_ablation_has_its_command_and_alone_no_other_but_looking() -> None:
    typed = {"command": "python -m search.ablate --study made --from defaults", "device": "CPU"}
    ablation = record(trial(stored=Stored(environment=typed)))
    beside = Evidence(record=record(trial()), home=HOME, ablation=ablation)
    assert typed["command"] in repeat_card(beside).texts[0].text.splitlines()[3:]
    alone = repeat_card(Evidence(record=record(), home=HOME, ablation=ablation))
    first, second, *_ = alone.texts[0].text.splitlines()
    assert (first, second[:23]) == (typed["command"], "python -m search.report")
    assert "ran on CPU." in alone.sentence


def test_without_one_the_command_is_made_up() -> None:
    commands = repeat_card(searched(3)).texts[0].text.splitlines()
    storage = "--storage sqlite:////tmp/agnews.db"
    assert commands[0] == f"python -m search.run --study agnews --trials 3 {storage}"
    assert repeat_card(Evidence(record=foreign())).texts == ()
