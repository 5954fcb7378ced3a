"""Pruners by name, and what the median rule compared."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.pruners import HyperbandPruner, MedianPruner, NopPruner
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial

from search.definition.tables import Definition
from search.storage.attributes import Pruning
from search.storage.own_trial import OwnTrial, add_trials
from search.trials.pruning import Comparison, longest, make_pruner
from tests.search.records import (
    COMPLETE,
    FAIL,
    ME,
    PRUNED,
    SPACE,
    definition,
    epochs,
    record,
    running,
    trial,
)


def complete(*losses: float) -> FrozenTrial:
    return trial(COMPLETE, losses)


TABLE: dict[str, tuple[list[FrozenTrial], list[float], Pruning]] = {
    "no other trial": ([], [3.0], Pruning(epoch=1, value=3.0)),
    "the lowest until then counts": (
        [complete(1.0, 2.0), complete(1.0, 6.0)],
        [5.0, 7.0],
        Pruning(epoch=2, value=5.0, median=4.0, trials=2),
    ),
    "it is the median, not the mean": (
        [complete(1.0), complete(2.0), complete(30.0)],
        [5.0],
        Pruning(epoch=1, value=5.0, median=2.0, trials=3),
    ),
    "the others' epoch of that number counts": (
        [complete(0.5, 2.0, 0.1)],
        [5.0, 3.0],
        Pruning(epoch=2, value=3.0, median=2.0, trials=1),
    ),
    "shorter trials have no such epoch": (
        [complete(1.0), complete(1.0, 2.0), complete(1.0, 8.0, 9.0)],
        [5.0, 6.0],
        Pruning(epoch=2, value=5.0, median=5.0, trials=2),
    ),
    "only shorter trials": ([complete(1.0)], [5.0, 6.0], Pruning(epoch=2, value=5.0)),
    "only complete ones count": (
        [complete(1.0, 2.0), trial(PRUNED, [9.0, 9.0]), trial(FAIL, [9.0, 9.0]),
         running(ME, [9.0, 9.0])],
        [5.0, 6.0],
        Pruning(epoch=2, value=5.0, median=2.0, trials=1),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("others", "losses", "expected"), TABLE.values(), ids=TABLE)
def test_what_was_compared(
    others: list[FrozenTrial], losses: list[float], expected: Pruning
) -> None:
    comparison = Comparison(definition(), optuna.create_study(), record(*others))
    assert comparison.compared(epochs(losses)) == expected


def test_of_hyperband_no_median_is_told() -> None:
    of = definition(search={"epochs": 5, "pruner": "hyperband"})
    comparison = Comparison(of, optuna.create_study(), record(complete(1.0)))
    assert comparison.compared(epochs([5.0])) == Pruning(epoch=1, value=5.0)


@pytest.mark.parametrize("objective", ["loss", "accuracy"])
def test_ends_exactly_what_the_pruner_would(objective: str) -> None:
    asked = definition(search={"epochs": 5, "objective": objective})
    rng, ended, pruner = np.random.default_rng(0), [], make_pruner(asked)
    direction = StudyDirection.MINIMIZE if objective == "loss" else StudyDirection.MAXIMIZE
    for others, last in itertools.product((9, 10, 11, 14), (1, 2, 3, 4)):
        for _ in range(10):
            curves = rng.random((others + 1, 5))
            curves[rng.random(curves.shape) < 0.15] = np.nan
            curves[1 + others // 2 :, last:] = np.nan if rng.random() < 0.2 else 0.5
            study = optuna.create_study(direction=direction)
            of_others = [complete(1.0) for _ in range(others)]
            for each, whole in zip(of_others, curves[1:], strict=True):
                each.intermediate_values = dict(enumerate(whole.tolist(), 1))
            study.add_trials(of_others)
            curve = list(curves[0, :last])
            handle = OwnTrial(study, running(ME, curve))
            says = Comparison(asked, study).prunes(handle, epochs(curve))
            assert bool(says) == pruner.prune(study, handle.frozen)
            ended.append(bool(says))
    assert 5 < sum(ended) < 80


@pytest.mark.parametrize(
    ("name", "kind"),
    [("median", MedianPruner), ("hyperband", HyperbandPruner), ("none", NopPruner)],
)
def test_pruners_go_by_their_names(name: str, kind: type[object]) -> None:
    assert type(make_pruner(definition(search={"pruner": name}))) is kind


@pytest.mark.parametrize(
    ("tables", "most"),
    [
        ({}, 5),
        ({"space": {**SPACE, "epochs": {"low": 2, "high": 9}}}, 9),
        ({"space": {**SPACE, "epochs": [8, 2, 4]}}, 8),
        ({"space": {**SPACE, "epochs": {"choices": [2, 4], "default": 2}}}, 4),
        ({"space": {}, "enqueue": [{"epochs": 3}, {"epochs": 7}, {"cell": "gru"}]}, 7),
        ({"space": {}, "enqueue": [{"epochs": 3}, {"cell": "gru"}]}, 5),
    ],
    ids=["fixed", "a range", "a choice", "a choice with a default", "enqueued", "enqueued less"],
)
def test_the_longest_trial_of_a_study(tables: dict[str, Any], most: int) -> None:
    assert longest(definition(**tables)) == most


def test_what_hyperband_stores_with_a_running_trial_is_known(tmp_path: Path) -> None:
    asked = definition(search={"epochs": 9, "pruner": "hyperband"})
    study = optuna.create_study(
        study_name="made", pruner=make_pruner(asked), storage=f"sqlite:///{tmp_path}/made.db"
    )
    handle = add_trials(study, [running(ME)])[0]
    for epoch in range(1, 6):
        handle.store({"curve": []}, reported=(1.0 - epoch / 10, epoch))
        assert Comparison(asked, study).prunes(handle, epochs([1.0])) is None
    rungs = study.trials[0].system_attrs
    assert rungs
    assert handle.frozen.system_attrs == rungs


class Counted:
    """A study in memory that counts how often its trials are read."""

    def __init__(self, of: Definition, trials: list[FrozenTrial]) -> None:
        self.study = optuna.create_study(pruner=make_pruner(of))
        self.study.add_trials(trials)
        self.reads = 0
        read = self.study._storage.get_all_trials

        def counted(*args: Any, **options: Any) -> list[FrozenTrial]:
            self.reads += 1
            return read(*args, **options)

        self.study._storage.get_all_trials = counted  # type: ignore[method-assign]


def test_one_look_at_the_others_judges_many_as_the_pruner_would() -> None:
    rng, asked = np.random.default_rng(0), definition()
    of_others = [trial(PRUNED, [9.0] * 5), trial(FAIL, [9.0] * 5), running(ME, [9.0] * 5)]
    counted = Counted(asked, [complete(*curve) for curve in rng.random((12, 5))] + of_others)
    comparison, plain = Comparison(asked, counted.study), make_pruner(asked)
    judged = [running(ME, list(curve[:last])) for curve in rng.random((20, 5)) for last in (1, 4)]
    says = []
    for number, found in enumerate(judged):
        found.number = number
        curve = epochs(list(found.intermediate_values.values()))
        says.append(comparison.prunes(OwnTrial(counted.study, found), curve))
    assert counted.reads == 1
    assert [bool(each) for each in says] == [plain.prune(counted.study, each) for each in judged]
    assert {each.trials for each in says if each} == {12}
    assert len([each for each in says if each]) > 3


def test_what_ended_over_a_second_ago_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    comparison = Comparison(definition(), optuna.create_study())
    assert not comparison.is_old
    monkeypatch.setattr("search.trials.pruning.LATEST", -1.0)
    assert comparison.is_old
