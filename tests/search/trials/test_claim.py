"""Which trial is run now: an interrupted one, a new one, or none."""

from dataclasses import replace
from typing import Any

import optuna
import pytest
from optuna.trial import FrozenTrial

from search.definition.domain import Value
from search.storage.attributes import Stored
from search.storage.binding import Binding
from search.storage.marks import store_binding
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.claim import New, claim, decide, others_elsewhere, others_here
from search.trials.limits import Limits
from search.trials.proposal import propose
from tests.search.records import (
    ALIVE,
    COMPLETE,
    DEAD,
    ELSEWHERE,
    FAIL,
    ME,
    PRUNED,
    WAITING,
    definition,
    record,
    running,
    trial,
)

C, P, F, W = (trial(state) for state in (COMPLETE, PRUNED, FAIL, WAITING))
MINE, OTHERS, LEFT, UNOWNED = running(ME), running(ALIVE), running(DEAD), running()
FAR = running(ELSEWHERE)
NONE, ONE = New(0), New(1)
TABLE: dict[str, tuple[list[FrozenTrial], dict[str, Any], set[int], int | New]] = {
    "in order, nothing runs": ([C] * 20, {"trials": 99, "ordered": True}, set(), ONE),
    "in order, one of the first runs": ([C, MINE], {"trials": 99, "ordered": True}, {1}, New(8)),
    "in order, a later one waits": ([C] * 9 + [MINE], {"trials": 99, "ordered": True}, {9}, NONE),
    "in order, so does a queued one": (
        [C] * 9 + [MINE, W],
        {"trials": 99, "ordered": True},
        {9},
        NONE,
    ),
    "in order, the first together": ([], {"trials": 99, "ordered": True}, set(), New(10)),
    "in order, fewer are missing": ([C, MINE], {"trials": 5, "ordered": True}, {1}, New(3)),
    "nothing is there": ([], {"trials": 1}, set(), ONE),
    "as many as are missing": ([C, P, F, MINE, OTHERS], {"trials": 9}, {3}, New(5)),
    "complete and pruned ones count": ([C, P, C], {"trials": 3}, set(), NONE),
    "more are there than asked for": ([C, P, C], {"trials": 2}, set(), NONE),
    "one is missing": ([C, P], {"trials": 3}, set(), ONE),
    "failed ones do not count": ([C, F, F], {"trials": 2}, set(), ONE),
    "a queued one comes before new ones": ([C, W], {"trials": 2}, set(), 1),
    "one that was left comes before a queued one": ([W, LEFT], {"trials": 2}, set(), 1),
    "enough, whatever is queued": ([C, W], {"trials": 1}, set(), NONE),
    "this run's count": ([C, MINE], {"trials": 2}, {1}, NONE),
    "this run's count, one is missing": ([C, MINE], {"trials": 3}, {1}, ONE),
    "an earlier run of this process left it": ([C, MINE], {"trials": 2}, set(), 1),
    "another run's count": ([C, OTHERS], {"trials": 2}, set(), NONE),
    "another run's count, one is missing": ([C, OTHERS], {"trials": 3}, set(), ONE),
    "its owner is dead": ([C, LEFT], {"trials": 2}, set(), 1),
    "another program's is left alone, and not counted": ([C, UNOWNED], {"trials": 2}, set(), ONE),
    "the first of two that were left": ([LEFT, C, LEFT], {"trials": 9}, set(), 0),
    "one that was left, one at work": ([OTHERS, LEFT], {"trials": 2}, set(), 1),
    "one at work is enough": ([OTHERS, LEFT], {"trials": 1}, set(), NONE),
    "enough without the one that was left": ([C, C, LEFT], {"trials": 2}, set(), NONE),
    "only what is allowed": ([W, LEFT, W], {"trials": 9, "only": {2}}, set(), 2),
    "one that was left, allowed": ([W, LEFT, W], {"trials": 9, "only": {1}}, set(), 1),
    "nothing is allowed, nor new ones": ([W, LEFT, C], {"trials": 9, "only": {2}}, set(), NONE),
    "another host's counts": ([C, FAR], {"trials": 2}, set(), NONE),
    "another host's counts, one is missing": ([C, FAR], {"trials": 3}, set(), ONE),
    "another host's is taken over": ([C, FAR], {"trials": 2, "take_over": True}, set(), 1),
    "this host's never is": ([C, OTHERS], {"trials": 2, "take_over": True}, set(), NONE),
}


@pytest.mark.parametrize(("trials", "limits", "mine", "expected"), TABLE.values(), ids=TABLE)
def test_what_is_run_next(
    trials: list[FrozenTrial], limits: dict[str, Any], mine: set[int], expected: int | New
) -> None:
    decided = decide(record(*trials), definition(), Limits(**limits), mine=mine)
    assert (decided.number if isinstance(decided, TrialRecord) else decided) == expected


ROWS = definition(space={}, enqueue=[{"cell": "gru"}, {"cell": "lstm"}])


def row(frozen: FrozenTrial) -> FrozenTrial:
    """It as a trial of ``ROWS``."""
    frozen.params, frozen.distributions = {"cell": "gru"}, {}
    frozen.distributions = trial(params={"cell": "gru"}, of=ROWS).distributions
    return frozen


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ([], New(2)),
        ([trial(COMPLETE)], ONE),
        ([trial(COMPLETE), trial(COMPLETE)], NONE),
        ([trial(FAIL), trial(COMPLETE)], NONE),
        ([trial(COMPLETE), running(DEAD)], 1),
        ([trial(COMPLETE), running(ALIVE)], NONE),
    ],
    ids=["none ran", "one ran", "all ran", "one failed", "one was left", "one is at work"],
)
def test_without_a_space_each_enqueued_configuration_runs_once(
    trials: list[FrozenTrial], expected: int | New
) -> None:
    made = record(*map(row, trials), of=ROWS)
    decided = decide(made, ROWS, Limits(trials=50), mine=set())
    assert (decided.number if isinstance(decided, TrialRecord) else decided) == expected


@pytest.mark.parametrize(("most", "expected"), [(3, 0), (2, NONE)])
def test_one_that_was_left_goes_on_only_if_the_rest_of_it_fits(
    most: int, expected: int | New
) -> None:
    asked: list[tuple[dict[str, Value], int]] = []

    def fits(params: dict[str, Value], done: int) -> bool:
        asked.append((params, done))
        return 5 - done <= most

    made = record(running(DEAD, losses=[1.0, 0.9]))
    decided = decide(made, definition(), Limits(trials=1, fits=fits), mine=set())
    assert (decided.number if isinstance(decided, TrialRecord) else decided) == expected
    assert asked == [({"cell": "gru", "lr": 0.01}, 2)]


def test_trials_of_other_runs_are_told_by_host() -> None:
    made = record(C, OTHERS, FAR, LEFT, FAR, UNOWNED, running(replace(ME, host="third")))
    assert others_here(made) == [1, 3]
    assert others_elsewhere(made) == {"elsewhere": 2, "third": 1}


@pytest.fixture
def study() -> optuna.Study:
    made = optuna.create_study(study_name="made")
    store_binding(made, Binding.of(definition(), "fingerprint"))
    return made


def test_a_claimed_trial_keeps_its_number_and_changes_its_owner(study: optuna.Study) -> None:
    study.add_trials([C, running(DEAD, losses=[1.0])])
    (claimed,) = claim(study, StudyRecord.of(study), definition(), Limits(trials=2), mine=set())
    assert claimed.record.number == claimed.handle.number == 1
    found = StudyRecord.of(study).trials[1]
    assert found.stored == Stored(owner=ME, curve=found.stored.curve)
    assert found.frozen.intermediate_values == {1: 1.0}
    assert claim(study, StudyRecord.of(study), definition(), Limits(trials=2), mine={1}) == []


def test_signs_of_life_are_read_only_where_others_run_trials(
    study: optuna.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[optuna.Study] = []

    def spy(of: optuna.Study) -> frozenset[int]:
        asked.append(of)
        return frozenset()

    monkeypatch.setattr("search.trials.claim.silent_trials", spy)
    study.add_trials([C, MINE])
    claim(study, StudyRecord.of(study), definition(), Limits(trials=1), mine={1})
    assert asked == []
    study.add_trial(FAR)
    claim(study, StudyRecord.of(study), definition(), Limits(trials=1), mine={1})
    assert asked == [study]


def test_nothing_is_read_again_of_what_this_run_has_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With two hundred workers that would be two hundred curves for each beginning."""

    def refuse(given: object) -> Stored:
        raise AssertionError(given)

    monkeypatch.setattr("search.storage.trial_record.from_attributes", refuse)
    made = record(*[running(ME, losses=[1.0])] * 12)
    assert decide(made, definition(), Limits(trials=13), mine=set(range(12))) == ONE
    assert propose(made, definition()).number == 12


def test_a_new_trial_is_whole_from_its_birth(study: optuna.Study) -> None:
    (claimed,) = claim(study, StudyRecord.of(study), definition(), Limits(trials=1), mine=set())
    (born,) = StudyRecord.of(study).trials
    assert set(born.params) == {"cell", "lr"}
    assert born.stored == Stored(owner=ME)
    assert (claimed.record.number, claimed.record.params) == (born.number, born.params)
    assert claimed.record.stored == born.stored


def test_nothing_is_stored_of_a_new_trial_that_does_not_fit(study: optuna.Study) -> None:
    limits = Limits(trials=1, fits=lambda _params, _done: False)
    assert claim(study, StudyRecord.of(study), definition(), limits, mine=set()) == []
    assert study.trials == []


def test_trials_that_begin_together_are_those_that_begin_one_by_one() -> None:
    born = []
    for most in (1, 4):
        made = optuna.create_study(study_name="made")
        store_binding(made, Binding.of(definition(), "fingerprint"))
        made.add_trials([trial(COMPLETE, [loss]) for loss in (3.0, 1.0, 2.0) * 5])
        mine: set[int] = set()
        while len(mine) < 8:
            limits = Limits(trials=23)
            begun = claim(made, StudyRecord.of(made), definition(), limits, mine=mine, most=most)
            assert len(begun) == most
            mine |= {each.record.number for each in begun}
        assert mine == set(range(15, 23))
        assert not claim(made, StudyRecord.of(made), definition(), limits, mine=mine, most=most)
        born.append([found.params for found in made.trials])
    assert born[0] == born[1]


def test_of_those_that_begin_together_none_that_does_not_fit_nor_one_behind_it(
    study: optuna.Study,
) -> None:
    asked: list[dict[str, Value]] = []

    def fits(params: dict[str, Value], _done: int) -> bool:
        asked.append(params)
        return len(asked) < 3

    limits = Limits(trials=9, fits=fits)
    begun = claim(study, StudyRecord.of(study), definition(), limits, mine=set(), most=5)
    assert [each.record.params for each in begun] == asked[:2] == [t.params for t in study.trials]
    assert len(asked) == 3


def test_one_that_repeats_another_begins_after_it(study: optuna.Study) -> None:
    one = definition(space={"cell": ["gru"]})
    for number in range(3):
        limits = Limits(trials=9)
        mine = set(range(number))
        (begun,) = claim(study, StudyRecord.of(study), one, limits, mine=mine, most=5)
        expected = Stored(owner=ME, repeat_of=0, repetition=number + 1)
        assert begun.record.stored == (expected if number else Stored(owner=ME))
