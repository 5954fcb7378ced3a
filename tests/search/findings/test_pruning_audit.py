"""What pruning saved, and how many winners it may have ended."""

import math
from dataclasses import replace
from itertools import combinations

import pytest
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from search.findings.card import NotYet
from search.findings.cards.pruning import pruning_card, pruning_said
from search.findings.evidence import Evidence
from search.findings.pruning_audit import PruningAudit, pruning_of, share_of_all
from search.storage.attributes import Stored
from search.storage.record import StudyRecord
from search.workers.events import Failure
from tests.search.records import (
    COMPLETE,
    FAIL,
    PRUNED,
    RUNNING,
    WAITING,
    definition,
    foreign,
    record,
    trial,
)

LR = [{"cell": "gru", "lr": 0.01 * number} for number in range(1, 9)]
# Best 0.3; five leaders 0.01 apart, so that chance is their spread of 0.0158.
COMPLETED = [trial(COMPLETE, [0.9, 0.8, 0.7, 0.6, 0.3 + 0.01 * n], params=LR[n]) for n in range(5)]
ENDED_EARLY = [trial(PRUNED, [0.9, 0.85]), trial(PRUNED, [0.9, 0.8, 0.7])]
NAN = Stored(failure=Failure(kind="not finite", message="nan", device="cpu"))
BUG = Stored(failure=Failure(kind="bug", message="?", device="cpu"))


def finished(
    number: int,
    losses: list[float],
    state: TrialState = COMPLETE,
    stored: Stored | None = None,
) -> FrozenTrial:
    return trial(state, losses, stored=replace(stored or Stored(), finishes=number))


def found(*audited: FrozenTrial) -> PruningAudit:
    audit = record(*audited) if audited else None
    study = record(*COMPLETED, *ENDED_EARLY)
    values = pruning_of(Evidence(record=study, audit=audit))
    assert isinstance(values, PruningAudit), values
    return values


def test_what_was_saved() -> None:
    values = found()
    assert values.saved_epochs == 3 + 2
    assert values.saved_share == pytest.approx(5 / 35)
    assert values.saved_hours == pytest.approx(5 * 2 / 3600)
    said = [sentence.text for sentence in pruning_said(values)]
    assert said[0] == "Pruning saved 14% of the epochs (5 epochs; 10 s of training)."
    assert "none of 2 pruned trials has been run to its end" in said[1]


@pytest.mark.parametrize(
    ("audited", "won", "led"),
    [
        (finished(5, [0.9, 0.85, 0.2]), [5], [5]),
        (finished(5, [0.9, 0.85, 0.32]), [], [5]),
        (finished(5, [0.9, 0.85, 0.4]), [], []),
        (finished(5, [0.9, 0.85], FAIL, NAN), [], []),
    ],
)
def test_what_the_finished_ones_became(
    audited: FrozenTrial, won: list[int], led: list[int]
) -> None:
    values = found(audited)
    assert [trial.number for trial in values.finished] == [5]
    assert [trial.number for trial in values.trials if trial.won] == won
    assert [trial.number for trial in values.trials if trial.led] == led
    assert values.finished[0].repeats
    assert values.winners is not None
    assert values.winners.value == len(won)


@pytest.mark.parametrize("state", [RUNNING, WAITING])
def test_what_has_not_ended_is_not_counted(state: TrialState) -> None:
    assert found(finished(5, [0.9], state)).finished == ()


def test_an_error_says_nothing_of_the_trial() -> None:
    assert found(finished(5, [0.9], FAIL, BUG)).finished == ()


def test_other_first_epochs_are_said() -> None:
    values = found(finished(5, [0.9, 0.86, 0.5]))
    assert not values.finished[0].repeats
    card = pruning_card(
        Evidence(record=record(*COMPLETED, *ENDED_EARLY), audit=record(finished(5, [0.8, 0.5])))
    )
    assert card.table is not None
    assert "trained otherwise" in card.table.rows[0][-1]


def test_the_sentences_of_an_audit() -> None:
    one = pruning_said(found(finished(5, [0.9, 0.85, 0.5])))[1].text
    assert one.startswith("1 of 2 pruned trials was finished: none beat the best (so of all that")
    both = pruning_said(found(finished(5, [0.9, 0.85, 0.5]), finished(6, [0.9, 0.8, 0.7, 0.1])))
    assert both[1].text.startswith("All 2 pruned trials were finished: 1 beat the best, 1 came")


@pytest.mark.parametrize(("hits", "drawn", "population"), [(0, 5, 18), (2, 4, 9), (3, 3, 8)])
def test_the_interval_holds_what_a_lot_may_show(hits: int, drawn: int, population: int) -> None:
    """Against all ways to draw: the tails of each number of winners, counted."""
    possible = []
    for winners in range(population + 1):
        lots = [
            sum(number < winners for number in lot)
            for lot in combinations(range(population), drawn)
        ]
        at_least = sum(h >= hits for h in lots) / len(lots)
        at_most = sum(h <= hits for h in lots) / len(lots)
        if min(at_least, at_most) > 0.025:
            possible.append(winners / population)
    found = share_of_all(hits, drawn, population)
    assert found == pytest.approx((hits / drawn, possible[0], possible[-1]))


def test_once_all_are_finished_nothing_is_uncertain() -> None:
    assert share_of_all(3, 12, 12) == (0.25, 0.25, 0.25)


def test_for_accuracy_more_is_better() -> None:
    accuracy = definition(search={"epochs": 3, "seed": 7, "objective": "accuracy"})
    best, early = trial(COMPLETE, [0.9], of=accuracy), trial(PRUNED, [0.5], of=accuracy)
    up = StudyDirection.MAXIMIZE
    study = record(best, early, of=accuracy, direction=up)
    for value, won in ((0.95, True), (0.6, False)):
        again = trial(COMPLETE, [value], of=accuracy, stored=Stored(finishes=1))
        values = pruning_of(Evidence(record=study, audit=record(again, of=accuracy, direction=up)))
        assert isinstance(values, PruningAudit)
        assert values.trials[0].won == won


@pytest.mark.parametrize(
    ("study", "why"),
    [
        (record(), "no trial is finished yet"),
        (record(*COMPLETED), "no trial was pruned"),
        (foreign(trial()), "another program"),
    ],
)
def test_why_nothing_can_be_told(study: StudyRecord, why: str) -> None:
    values = pruning_of(Evidence(record=study))
    assert isinstance(values, NotYet)
    assert why in values.reason
    assert pruning_said(values) == []
    assert pruning_card(Evidence(record=study)).figure() is None


def test_all_pruned_still_says_what_was_saved() -> None:
    values = pruning_of(
        Evidence(record=record(*ENDED_EARLY), audit=record(finished(0, [0.9, 0.85, 0.2])))
    )
    assert isinstance(values, PruningAudit)
    assert values.best is None
    assert values.trials[0].won


def test_the_figure_has_a_point_for_each_end() -> None:
    study = record(*COMPLETED, *ENDED_EARLY)
    audit = record(finished(6, [0.9, 0.8, 0.7, 0.35]), finished(5, [0.9], FAIL, NAN))
    figure = pruning_card(Evidence(record=study, audit=audit)).figure()
    assert figure is not None
    points = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}
    assert points["when pruned"] == ([5, 6], [0.85, 0.7])
    assert points["run to the end"] == ([6], [0.35])
    assert not any(math.isnan(y) for y in points["the best trial"][1])


@pytest.mark.parametrize(
    ("ended", "said"),
    [(ENDED_EARLY[:1], "the one pruned trial has not been run"),
     (ENDED_EARLY[:2], "none of 2 pruned trials has been run")],
)  # fmt: skip
def test_a_pruned_trial_that_was_not_finished(ended: list[FrozenTrial], said: str) -> None:
    values = pruning_of(Evidence(record=record(*COMPLETED, *ended)))
    assert said in pruning_said(values)[1].text


def test_the_best_trial_is_a_line_beside_a_single_pruned_one() -> None:
    figure = pruning_card(Evidence(record=record(*COMPLETED, ENDED_EARLY[0]))).figure()
    assert figure is not None
    (best,) = (trace for trace in figure.data if trace.name == "the best trial")
    assert best.x[0] < 5 < best.x[1]
