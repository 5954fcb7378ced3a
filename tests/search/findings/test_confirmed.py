"""What a confirmation says of a search: by hand."""

from typing import Any

import pytest
from optuna.trial import FrozenTrial

from search.findings.card import NotYet
from search.findings.cards.confirmed import confirmed_card, confirmed_said
from search.findings.confirmed import Confirmed, confirmed_of
from search.findings.evidence import Evidence
from search.storage.attributes import Stored
from search.storage.home import StudyHome
from search.storage.record import StudyRecord
from tests.search.records import FAIL, RUNNING, foreign, record, trial

ONE, TWO, THREE = ({"cell": "gru", "lr": lr} for lr in (0.1, 0.2, 0.3))
SEARCHED = record(
    trial(losses=[0.30], params=ONE),
    trial(losses=[0.20], params=TWO),
    trial(losses=[0.35], params=THREE),
    trial(losses=[0.21], params=TWO),
)


def seeds(params: dict[str, Any], *losses: float) -> list[FrozenTrial]:
    return [
        trial(losses=[loss], params=params, stored=Stored(repetition=i, accuracy=0.9))
        for i, loss in enumerate(losses, 1)
    ]


def found(final: StudyRecord) -> Confirmed:
    values = confirmed_of(Evidence(record=SEARCHED, final=final))
    assert isinstance(values, Confirmed)
    return values


def test_searched_against_confirmed() -> None:
    """Of 0.3, 0.4 and 0.5 the mean is 0.4, half its interval 4.3027 * 0.1 / sqrt(3)."""
    values = found(record(*seeds(ONE, 0.31, 0.32, 0.33), *seeds(TWO, 0.3, 0.4, 0.5)))
    first, second = values.configurations
    assert (first.trial, first.place, first.searched) == (0, 2, 0.30)
    assert (second.trial, second.place, second.values) == (1, 1, (0.3, 0.4, 0.5))
    half = 4.3027 * 0.1 / 3**0.5
    assert second.mean == pytest.approx((0.4, 0.4 - half, 0.4 + half), abs=1e-4)
    assert values.shrinkage == pytest.approx((0.2, 0.2 - half, 0.2 + half), abs=1e-4)
    assert not values.order_held
    assert values.is_complete
    said = [each.text for each in confirmed_said(values)]
    assert said[0] == "Confirmed by 3 seeds: trial 0 has validation loss 0.32 ± 0.02."
    assert "no more than chance" in said[1]
    assert said[2].startswith("The order of the 2 configurations did not hold; none behind")


def test_a_lucky_winner_is_told() -> None:
    values = found(record(*seeds(TWO, 0.29, 0.3, 0.31)))
    assert values.order_held
    assert "too much" in confirmed_said(values)[1].text


def test_what_is_missing_is_counted() -> None:
    running = trial(RUNNING, params=ONE, stored=Stored(repetition=2))
    failed = trial(FAIL, params=TWO, stored=Stored(repetition=2))
    values = found(record(*seeds(ONE, 0.31), *seeds(TWO, 0.21), running, failed))
    assert values.missing == 2
    assert not values.is_complete
    assert values.seeds == 2
    assert confirmed_said(values)[-1].text == "2 trainings are not complete."


def test_without_the_searchs_best_nothing_is_said_of_its_luck() -> None:
    failed = trial(FAIL, params=TWO)
    values = found(record(*seeds(ONE, 0.31), failed))
    assert values.shrinkage is None
    assert confirmed_said(values)[0].text.startswith("Confirmed by 1 seed: trial 0 has")


@pytest.mark.parametrize(
    "final", [None, record(), record(trial(FAIL, params=TWO)), foreign(trial()), record(trial())]
)
def test_no_confirmation_is_said(final: StudyRecord | None) -> None:
    values = confirmed_of(Evidence(record=SEARCHED, final=final))
    assert isinstance(values, NotYet)
    assert confirmed_said(values) == []
    assert confirmed_card(values).sentence.startswith("Not shown: ")


def test_the_card_shows_all_of_them() -> None:
    card = confirmed_card(found(record(*seeds(ONE, 0.31, 0.32), *seeds(TWO, 0.3, 0.4))))
    assert card.table is not None
    assert [row[0] for row in card.table.rows] == ["0", "1"]
    figure = card.figure()
    assert figure is not None
    assert [trace.name for trace in figure.data][-3:] == ["searched", "each seed", "mean of seeds"]


def test_the_command_that_confirms_names_the_storage() -> None:
    home = StudyHome(name="made", url="sqlite:///elsewhere/s.db")
    values = confirmed_of(Evidence(record=SEARCHED, home=home))
    assert isinstance(values, NotYet)
    assert "--storage sqlite:///elsewhere/s.db does it" in values.reason


@pytest.mark.parametrize(
    ("second", "tied"),
    [((0.31, 0.32, 0.30), 1), ((0.36, 0.371, 0.365), 0)],
    ids=["equal", "worse in each seed"],
)
def test_configurations_are_compared_by_the_seeds_they_share(
    second: tuple[float, ...], tied: int
) -> None:
    runs = {0.01: (0.30, 0.31, 0.305), 0.02: second}
    again = [
        trial(losses=[value], params={"cell": "gru", "lr": lr}, stored=Stored(repetition=seed))
        for lr, values in runs.items()
        for seed, value in enumerate(values, 1)
    ]
    searched = [trial(losses=[0.3 + lr], params={"cell": "gru", "lr": lr}) for lr in runs]
    values = confirmed_of(Evidence(record=record(*searched), final=record(*again)))
    assert isinstance(values, Confirmed)
    assert values.tied == tied
    assert ("none behind" in confirmed_said(values)[2].text) == bool(tied)
