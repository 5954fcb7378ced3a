"""A study as values: its best, its counts, what was stored; of another program's only Optuna's."""

from dataclasses import replace
from pathlib import Path

import optuna
import pytest
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, create_trial

from search.storage.attributes import Stored, to_attributes
from search.storage.binding import Binding
from search.storage.marks import begin, store, store_binding
from search.storage.own_trial import OwnTrial
from search.storage.record import StudyRecord
from tests.search.records import (
    ALIVE,
    COMPLETE,
    DEAD,
    ELSEWHERE,
    FAIL,
    ME,
    PRUNED,
    RUNNING,
    WAITING,
    definition,
    epochs,
    foreign,
    record,
    running,
    trial,
)

LOW, HIGH = StudyDirection.MINIMIZE, StudyDirection.MAXIMIZE
MIXED = [
    trial(COMPLETE, [3.0]),
    trial(PRUNED, [0.5]),
    trial(COMPLETE, [2.0, 1.0, 4.0]),
    trial(FAIL),
    running(ME, [0.25]),
    trial(COMPLETE, [2.0]),
]


def test_only_what_has_changed_is_read_again(tmp_path: Path) -> None:
    study = optuna.create_study(storage=f"sqlite:///{tmp_path}/made.db", study_name="made")
    store_binding(study, Binding.of(definition(), "fingerprint"))
    study.add_trials([trial(COMPLETE, [3.0]), running(ME)])
    before = StudyRecord.of(study).trials
    begun = OwnTrial(study, before[1].frozen)
    begun.store(to_attributes(Stored(curve=epochs([2.0]))), reported=(2.0, 1))
    amid = StudyRecord.of(study).trials
    assert amid[0] is before[0]
    assert amid[1].stored.curve == epochs([2.0])
    begun.store({}, ending=(COMPLETE, 2.0))
    other = optuna.load_study(study_name="made", storage=f"sqlite:///{tmp_path}/made.db")
    other.add_trial(trial(COMPLETE, [1.0]))
    after = StudyRecord.of(study)
    assert after.trials[0] is before[0]
    assert [found.value for found in after.ranking] == [1.0, 2.0, 3.0]
    assert StudyRecord.of(other).trials[0] is not before[0]


@pytest.mark.parametrize(
    ("trials", "direction", "ranking"),
    [
        (MIXED, LOW, [2, 5, 0]),
        (MIXED, HIGH, [0, 5, 2]),
        ([trial(COMPLETE, [loss]) for loss in (2.0, 1.0, 1.0)], LOW, [1, 2, 0]),
        ([trial(COMPLETE, [loss]) for loss in (-1.0, 1.0, 1.0)], HIGH, [1, 2, 0]),
        ([trial(COMPLETE, [loss]) for loss in (float("inf"), -2.0, 1.0)], LOW, [1, 2, 0]),
        ([trial(PRUNED), trial(FAIL), running(ME, [1.0])], LOW, []),
        ([], LOW, []),
    ],
    ids=["lower is better", "higher is better", "equals by number", "equals of the highest",
         "infinite and negative", "none complete", "no trials"],
)  # fmt: skip
def test_complete_trials_are_ranked_best_first(
    trials: list[FrozenTrial], direction: StudyDirection, ranking: list[int]
) -> None:
    for made in (record(*trials, direction=direction), foreign(*trials, directions=[direction])):
        assert [found.number for found in made.ranking] == ranking
        assert (made.best.number if made.best else None) == (ranking[0] if ranking else None)


def test_several_objectives_have_no_best() -> None:
    two = [create_trial(values=[1.0, 2.0]), create_trial(values=[2.0, 1.0])]
    made = foreign(*two, directions=[LOW, HIGH])
    assert made.directions == (LOW, HIGH)
    assert made.ranking == ()
    assert made.best is None
    assert made.counts() == {COMPLETE: 2}
    assert len(made.trials) == 2


def test_trials_without_a_value_come_last() -> None:
    made = record(running(ME), trial(COMPLETE, [9.0]), trial(FAIL), direction=HIGH)
    assert [t.number for t in sorted(made.trials, key=made.sort_key)] == [1, 0, 2]


def test_trials_are_counted_by_state_and_finished_ones_for_the_total() -> None:
    made = record(*MIXED, trial(WAITING))
    assert made.counts() == {RUNNING: 1, COMPLETE: 3, PRUNED: 1, FAIL: 1, WAITING: 1}
    assert list(made.counts()) == sorted(made.counts(), key=lambda state: state.value)
    assert [found.number for found in made.finished] == [0, 1, 2, 5]
    assert [found.number for found in made.in_state(FAIL, RUNNING)] == [3, 4]
    assert record().counts() == {}


def test_those_are_alive_whose_owner_may_be_at_work() -> None:
    owners = (ME, ALIVE, DEAD, ELSEWHERE, None, replace(ME, boot="another"))
    done = trial(COMPLETE, stored=Stored(owner=ALIVE))
    made = record(done, *map(running, owners))
    assert [found.number for found in made.alive] == [1, 2, 4]


def test_the_best_epoch_is_the_one_with_the_lowest_loss() -> None:
    made = record(trial(COMPLETE, [3.0, 1.0, 2.0]), running(ME))
    assert made.trials[0].best_epoch == epochs([3.0, 1.0])[1]
    assert made.trials[1].best_epoch is None


@pytest.mark.parametrize("odd", ["a text", 3, None, [], {"kind": "odd"}, {"owner": {}}], ids=repr)
def test_attributes_of_another_program_may_be_anything(odd: object) -> None:
    names = ("failure", "curve", "owner", "pruned", "parameters", "best_loss", "repeat_of")
    attributes = dict.fromkeys(names, odd)
    made = foreign(
        create_trial(value=1.0, user_attrs=attributes),
        create_trial(state=RUNNING, user_attrs=attributes),
    )
    assert not made.is_ours
    assert made.asked == 0
    assert [found.stored for found in made.trials] == [Stored(), Stored()]
    assert made.trials[0].best_epoch is None
    assert made.alive == ()
    assert made.best is made.trials[0]


def test_another_programs_study_may_have_an_asked_of_its_own() -> None:
    study = optuna.create_study()
    study.set_user_attr("asked", "for what")
    assert StudyRecord.of(study).asked == 0


def test_what_is_stored_later_adds_to_what_stood_there() -> None:
    study = optuna.create_study()
    study.add_trial(running(ME))
    handle = OwnTrial(study, study.trials[0])
    for part in (
        Stored(curve=epochs([2.0])),
        Stored(batch_parts=2),
        Stored(owner=ALIVE, curve=epochs([2.0, 1.0])),
    ):
        store(handle, part)
    found = record(*study.trials).trials[0]
    assert found.stored == Stored(owner=ALIVE, batch_parts=2, curve=epochs([2.0, 1.0]))


def test_a_proposed_trial_is_born_whole_and_running() -> None:
    proposed = trial(RUNNING, params={"cell": "lstm", "lr": 0.5})
    proposed.system_attrs = {"of the sampler": 1}
    study = optuna.create_study()
    study.set_user_attr("definition", {})
    study.add_trial(trial())
    begin(study, [proposed], [Stored(owner=ME)])
    found = StudyRecord.of(study).trials[1]
    assert (found.number, found.state, found.value) == (1, RUNNING, None)
    assert found.params == proposed.params
    assert found.frozen.distributions == proposed.distributions
    assert found.frozen.system_attrs == {"of the sampler": 1}
    assert found.stored == Stored(owner=ME)
    assert found.frozen.datetime_start is not None


def test_a_wider_space_fills_in_what_older_trials_lack() -> None:
    wider = definition(
        space={
            "cell": ["gru", "lstm", "rnn"],
            "lr": {"low": 1e-5, "high": 1.0, "log": True},
            "layers": {"low": 1, "high": 3, "default": 1},
        }
    )
    younger = trial(params={"cell": "rnn", "lr": 0.5, "layers": 2}, of=wider)
    made = record(trial(), younger, of=wider)
    assert made.trials[0].params == {"cell": "gru", "lr": 0.01, "layers": 1}
    assert [found.filled_in for found in made.trials] == [("layers",), ()]
    completed = made.trials[0].in_space_of_now()
    assert completed.params == made.trials[0].params
    assert completed.distributions == younger.distributions
    assert set(made.trials[0].frozen.params) == {"cell", "lr"}, "stored as it was"
    same = record(trial())
    assert same.trials[0].in_space_of_now() is same.trials[0].frozen
