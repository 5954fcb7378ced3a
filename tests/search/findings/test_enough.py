"""Whether a search was long enough: the curve is Dodge's, the advice fits planted studies."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product

import numpy as np
import pytest
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from search.findings.card import NotYet
from search.findings.cards.enough import enough_card, enough_said
from search.findings.enough import Enough, enough_of, expected_least, searched_hours
from search.findings.evidence import Evidence
from search.storage.record import StudyRecord
from tests.search.records import COMPLETE, FAIL, PRUNED, definition, foreign, record, trial

START = datetime(2026, 11, 1)
HOUR = timedelta(hours=1)
ACCURACY = definition(search={"epochs": 5, "seed": 7, "objective": "accuracy"})


def at(frozen: FrozenTrial, start: float, hours: float = 0.5) -> FrozenTrial:
    frozen.datetime_start = START + start * HOUR
    frozen.datetime_complete = START + (start + hours) * HOUR
    return frozen


def of(values: Sequence[float], state: TrialState = COMPLETE) -> list[FrozenTrial]:
    """Trials one after the other, two an hour."""
    return [at(trial(state, [value]), number / 2) for number, value in enumerate(values)]


def found(*trials: FrozenTrial) -> Enough:
    enough = enough_of(Evidence(record=record(*trials)))
    assert isinstance(enough, Enough), enough
    return enough


FALLING = [1.0 - 0.02 * number for number in range(30)]
FLAT = [0.3, 0.2, *(0.201 + 0.001 * (number % 7) for number in range(58))]


@pytest.mark.parametrize("draws", [1, 2, 3, 4])
def test_the_expected_best_is_the_mean_over_all_ways_to_draw(draws: int) -> None:
    values = np.array([0.1, 0.4, 0.4, 0.9])
    every = [min(drawn) for drawn in product(values, repeat=draws)]
    assert expected_least(values, np.array([draws])) == pytest.approx(np.mean(every))


def test_the_expected_best_is_that_of_simulated_searches() -> None:
    rng = np.random.default_rng(3)
    values = np.sort(rng.normal(size=40))
    drawn = rng.choice(values, (20_000, 25)).min(axis=1)
    error = 4 * drawn.std() / np.sqrt(len(drawn))
    assert expected_least(values, np.array([25.0]))[0] == pytest.approx(drawn.mean(), abs=error)


def test_a_study_that_still_gains_goes_on_and_one_that_is_flat_stops() -> None:
    gains, flat = found(*of(FALLING)), found(*of(FLAT))
    assert gains.last_ten == pytest.approx(0.2)
    assert not gains.stop
    assert flat.last_ten == 0
    assert flat.stop
    assert flat.next_ten.value < flat.noise.value


def test_what_is_said() -> None:
    flat = enough_said(found(*of(FLAT)))
    assert flat[0].text.startswith("Enough? The last ten trials bought nothing; the next hour")
    assert flat[0].text.endswith(": stop.")
    gains = enough_said(found(*of(FALLING)))
    assert "The last ten trials bought 0.2000 of 0.4200" in gains[0].text
    assert gains[0].text.endswith(": go on.")


def test_trials_that_took_no_time_have_no_hours() -> None:
    """As another program adds them, all at once."""
    enough = found(*(at(trial(COMPLETE, [value]), 0, 0) for value in FLAT))
    assert enough.hours is None
    assert enough.next_hour is None
    assert "the next ten trials would buy" in enough_said(enough)[0].text


def test_hours_count_trials_that_ran_at_once_once_and_pauses_not_at_all() -> None:
    study = record(
        at(trial(), 0, 1), at(trial(), 0.5, 1), at(trial(FAIL), 1.5, 0.5), at(trial(), 9, 1)
    )
    ended = [study.trials[number] for number in (0, 1, 3)]
    assert searched_hours(study, ended) == pytest.approx([1, 1.5, 3])


def test_trials_are_in_the_order_in_which_they_ended() -> None:
    """The best one began first and ended last: the last ten trials have it."""
    trials = [at(trial(COMPLETE, [0.1]), 0, 99), *of([0.5] * 20)]
    assert found(*trials).last_ten == pytest.approx(0.4)


def test_two_workers_buy_twice_as_much_an_hour() -> None:
    one = found(*of(FLAT))
    paired = [at(trial(COMPLETE, [v]), number // 2 / 2) for number, v in enumerate(FLAT)]
    two = found(*paired)
    assert one.hours == pytest.approx(30)
    assert two.hours == pytest.approx(15)
    assert one.next_hour is not None
    assert two.next_hour is not None
    assert two.next_hour.value > 1.5 * one.next_hour.value


def test_a_pruned_trial_is_a_draw_of_its_best_epoch_and_never_the_best() -> None:
    pruned = at(trial(PRUNED, [0.15, 0.9]), 40)
    with_it = found(*of(FLAT), pruned)
    assert with_it.best == 0.2
    assert with_it.steps[-1].expected.value < found(*of(FLAT)).steps[-1].expected.value


def test_a_loss_that_is_no_number_is_as_bad_as_the_worst() -> None:
    enough = found(*of([*FLAT, float("inf")]))
    assert np.isfinite([step.expected.value for step in enough.steps]).all()


def test_for_accuracy_more_is_better() -> None:
    values = [1 - value for value in FALLING]
    trials = [at(trial(COMPLETE, [v], of=ACCURACY), n / 2) for n, v in enumerate(values)]
    study = record(*trials, of=ACCURACY, direction=StudyDirection.MAXIMIZE)
    enough = enough_of(Evidence(record=study))
    assert isinstance(enough, Enough)
    assert enough.best == pytest.approx(0.58)
    assert enough.last_ten == pytest.approx(0.2)
    expected = [step.expected for step in enough.steps]
    assert expected[0].value < expected[-1].value
    assert all(ends.low <= ends.value <= ends.high for ends in expected)


TWO = (StudyDirection.MINIMIZE, StudyDirection.MINIMIZE)


@pytest.mark.parametrize(
    ("study", "why"),
    [
        (record(), "0 trials are finished, 15 more are needed to tell"),
        (record(*of([0.5] * 14)), "14 trials are finished, 1 more is needed to tell"),
        (record(*of([0.5] * 20, FAIL)), "0 trials are finished"),
        (record(*of([0.5] * 20, PRUNED)), "no trial was complete before the last ten"),
        (foreign(directions=TWO), "several objectives"),
    ],
)
def test_why_nothing_can_be_told(study: StudyRecord, why: str) -> None:
    enough = enough_of(Evidence(record=study))
    assert isinstance(enough, NotYet)
    assert why in enough.reason
    (said,) = enough_said(enough)
    assert said.text == f"Whether it was enough cannot be said yet: {enough.reason}."
    assert enough_card(Evidence(record=study)).figure() is None


def test_the_card_has_a_row_for_each_step_of_the_best_and_the_same_bytes_twice() -> None:
    evidence = Evidence(record=record(*of(FLAT)))
    card = enough_card(evidence)
    assert card.table is not None
    assert {len(row) for row in card.table.rows} == {len(card.table.heads)}
    assert [row[2] for row in card.table.rows][:2] == ["0.3000", "0.2000"]
    figures = [enough_card(evidence).figure() for _ in range(2)]
    assert figures[0] is not None
    assert figures[1] is not None
    assert figures[0].to_json() == figures[1].to_json()


def test_another_programs_study_is_told_of_too() -> None:
    enough = enough_of(Evidence(record=foreign(*of(FALLING))))
    assert isinstance(enough, Enough)
    assert not enough.stop


@pytest.mark.filterwarnings("error")
def test_trials_before_the_first_complete_one_have_no_best() -> None:
    first = [at(trial(PRUNED, [0.9]), number / 2) for number in range(3)]
    later = [at(trial(COMPLETE, [0.5]), number / 2) for number in range(3, 20)]
    bests = {step.trials: step.best for step in found(*first, *later).steps}
    assert [bests[each] for each in (1, 2, 3, 4)] == [None, None, None, 0.5]
