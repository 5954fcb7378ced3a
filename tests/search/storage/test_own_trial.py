"""What a process knows of its own trials is what is stored, and of others' trials it reads all."""

import math
import time
from collections.abc import Iterator

import numpy as np
import optuna
import pytest
from optuna.exceptions import UpdateFinishedTrialError

from search.storage.own_trial import OwnTrial, Told, add_trials, begin_waiting, store_together
from tests.search.records import COMPLETE, FAIL, ME, PRUNED, RUNNING, WAITING, running, trial
from tests.search.storage.stored import as_stored


def test_a_running_trial_can_be_reported_to_and_ended(study: optuna.Study) -> None:
    handle = OwnTrial(study, study.trials[1])
    assert handle.number == 1
    handle.store({"new": [1]}, reported=(0.5, 3))
    handle.store({"last": True}, ending=(COMPLETE, 0.5))
    ended = study.trials[1]
    assert (ended.state, ended.value, ended.last_step) == (COMPLETE, 0.5, 3)
    assert (ended.user_attrs["new"], ended.user_attrs["last"]) == ([1], True)
    assert ended.datetime_complete is not None
    assert handle.frozen == ended
    assert study.trials[2].state == RUNNING


def test_attributes_are_stored_together_or_not_at_all(study: optuna.Study) -> None:
    handle = OwnTrial(study, study.trials[1])
    handle.store({"one": [1], "two": {"a": None}})
    found = study.trials[1].user_attrs
    assert (found["one"], found["two"]) == ([1], {"a": None})
    handle.store({"one": 2}, reported=(0.25, 3))
    assert study.trials[1].user_attrs["one"] == 2
    assert study.trials[1].intermediate_values == {1: 2.0, 2: 1.0, 3: 0.25}
    if hasattr(study._storage, "_backend"):
        with pytest.raises(TypeError, match="not JSON serializable"):
            handle.store({"one": 3, "three": object()}, reported=(0.5, 4))
        assert study.trials[1].user_attrs["one"] == 2
        assert study.trials[1].last_step == 3


def test_an_added_trial_is_the_one_that_was_added(study: optuna.Study) -> None:
    study.enqueue_trial({"lr": 0.5})  # of another program, at the same moment
    given = running(ME)
    given.system_attrs = {"of the sampler": [1]}
    (handle,) = add_trials(study, [given])
    made = study.trials[4]
    assert (handle.number, made.number, made.state) == (4, 4, RUNNING)
    assert (made.params, made.distributions) == (given.params, given.distributions)
    assert (made.user_attrs, made.system_attrs) == (given.user_attrs, given.system_attrs)
    assert made.datetime_start == given.datetime_start
    assert handle.frozen == made


def test_a_queued_trial_begins_with_all_its_parameters_and_once(study: optuna.Study) -> None:
    study.enqueue_trial({"lr": 0.5})
    waiting, proposed = study.trials[3], trial(params={"cell": "lstm", "lr": 0.5})
    handle = begin_waiting(study, waiting, proposed, {"owner": "me"})
    assert handle is not None
    begun = study.trials[3]
    assert (begun.state, begun.params) == (RUNNING, proposed.params)
    assert begun.distributions == proposed.distributions
    assert begun.user_attrs["owner"] == "me"
    assert handle.frozen == begun
    assert begin_waiting(study, waiting, proposed, {"owner": "another"}) is None


@pytest.fixture
def in_kolkata(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where local time is not the databases'."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Kolkata")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize("value", [0.1, 1e-300, math.inf, -math.inf])
def test_what_is_known_of_it_is_what_is_stored(
    in_kolkata: None, shared: tuple[optuna.Study, str], value: float
) -> None:
    study, storage = shared
    handle = add_trials(study, [running(ME)])[0]
    given = [math.nan, math.inf, -math.inf, value]
    for step, reported in enumerate(given, 1):
        handle.store(
            {"tuple": (1, 2), "of": {"none": None}, "step": step}, reported=(reported, step)
        )
    handle.store({"text": "é", "step": 5}, ending=(COMPLETE, value))
    found = as_stored(storage)[3]
    steps = found.intermediate_values.pop(1), handle.frozen.intermediate_values.pop(1)
    assert all(map(math.isnan, steps))  # unlike itself
    assert found == handle.frozen
    assert found.user_attrs["tuple"] == [1, 2]
    assert found.value == value


def test_who_ended_it_first_has_ended_it(shared: tuple[optuna.Study, str]) -> None:
    study, storage = shared
    handle = OwnTrial(study, study.trials[1])
    optuna.load_study(study_name="made", storage=storage).tell(1, 0.25)
    with pytest.raises(UpdateFinishedTrialError):
        handle.store({"late": 1}, reported=(0.5, 3))
    with pytest.raises(UpdateFinishedTrialError):
        handle.store({"late": 1}, ending=(FAIL, None))
    handle.leave()
    found = study.get_trials()[1]
    assert (found.state, found.value, found.last_step) == (COMPLETE, 0.25, 2)
    assert "late" not in found.user_attrs


def test_it_can_be_read_again(shared: tuple[optuna.Study, str]) -> None:
    study, storage = shared
    handle = OwnTrial(study, study.trials[1])
    other = optuna.load_study(study_name="made", storage=storage)
    other._storage.set_trial_user_attr(handle.frozen._trial_id, "owner", "another")
    other._storage.set_trial_system_attr(handle.frozen._trial_id, "rung", 1)
    assert "owner" not in study.get_trials()[1].system_attrs
    handle.read_again()
    assert study.get_trials()[1].user_attrs["owner"] == "another"
    handle.store({"more": 1})
    assert handle.frozen == as_stored(storage)[1]


@pytest.mark.parametrize("seed", range(6))
def test_nothing_of_what_others_do_is_missed(shared: tuple[optuna.Study, str], seed: int) -> None:
    """Two programs and a study made at random: each sees after each step what is stored."""
    rng = np.random.default_rng(seed)
    mine, storage = shared
    other = optuna.load_study(study_name="made", storage=storage)
    handles: dict[optuna.Study, list[OwnTrial]] = {mine: [], other: []}
    steps = 0
    for _ in range(60):
        study = (mine, other)[rng.integers(2)]
        match rng.integers(7):
            case 0 | 1:
                if rng.random() < 0.7:  # under the study's lock it has just been read
                    study.get_trials(deepcopy=False)
                handles[study].append(add_trials(study, [running(ME)])[0])
            case 2 if handles[study]:
                steps += 1
                some = rng.integers(len(handles[study]), size=3)
                chosen = {n: handles[study][n] for n in some}.values()
                store_together([Told(each, {"step": steps}, (1.0, steps)) for each in chosen])
            case 3 if handles[study]:
                ending = handles[study].pop(rng.integers(len(handles[study])))
                state = (COMPLETE, PRUNED, FAIL)[rng.integers(3)]
                ending.store({"step": -1}, ending=(state, 0.5))
            case 4:
                study.add_trial(trial((COMPLETE, WAITING, RUNNING)[rng.integers(3)]))
            case 5:
                waiting = study.get_trials(states=(WAITING,))
                proposed = trial(params={"cell": "lstm", "lr": 0.5})
                if waiting and (begun := begin_waiting(study, waiting[0], proposed, {"a": 1})):
                    handles[study].append(begun)
            case 6:  # by Optuna's own ask and tell
                study.tell(study.ask(), 0.25)
        if rng.random() < 0.6:
            assert (mine, other)[rng.integers(2)].get_trials() == as_stored(storage)
    assert mine.get_trials() == other.get_trials() == as_stored(storage)
    assert [found.number for found in as_stored(storage)] == list(range(len(as_stored(storage))))
