"""What many workers tell at once is stored at once, and is what they would tell one by one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from benchmarks.cluster import EPOCHS, Sleeping
from benchmarks.scale import filled
from search.storage import own_trial
from search.storage.home import StudyHome
from search.storage.own_trial import Told
from search.storage.record import StudyRecord
from search.trials.limits import Limits
from search.trials.loop import Search
from search.trials.objective import Objective
from search.trials.watcher import Silent
from search.workers.task import Task
from tests.search.confirmation.planting import Nothing

Filled = tuple[optuna.Study, Objective]


@pytest.fixture
def there(tmp_path: Path) -> Filled:
    """A study of twelve trials, and what others of it have in common."""
    home = StudyHome(name="made", url=f"sqlite:///{tmp_path}/made.db")
    study, objective = filled(tmp_path, home, 12, epochs=EPOCHS)
    return study, replace(objective, snapshots=Nothing(tmp_path / "running"))


class Planned(Sleeping):
    """Trials whose losses are given, by number from 12, but for the first epoch."""

    def __init__(self, losses: Sequence[float]) -> None:
        super().__init__(len(losses), 0.0)
        self.planned = losses

    def submit(self, task: Task) -> None:
        """See ``Workers``."""
        super().submit(task)
        self.losses[task.number] = [self.planned[task.number - 12]] * EPOCHS


def run(there: Filled, workers: Sleeping, more: int) -> None:
    study, objective = there
    Search(study, objective, limits=Limits(trials=12 + more), watcher=Silent()).run(workers)


def test_trials_that_end_together_are_ended_together(
    there: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[int] = []

    def spy(told: Sequence[Told]) -> set[int]:
        ends.append(sum(each.ending is not None for each in told))
        return own_trial.store_together(told)

    monkeypatch.setattr("search.trials.loop.store_together", spy)
    run(there, Planned([0.35, 0.36, 2.0, 2.0]), 4)
    assert [of for of in ends if of] == [2, 2], "the worse ones by the median rule"
    found = StudyRecord.of(there[0]).trials[12:]
    assert [t.state for t in found] == [TrialState.COMPLETE] * 2 + [TrialState.PRUNED] * 2
    assert [t.value for t in found] == [0.35, 0.36, 2.0, 2.0]
    assert all(t.stored.best_epoch for t in found)
    assert [len(t.stored.curve) for t in found] == [EPOCHS, EPOCHS, 5, 5]


@pytest.mark.parametrize(
    ("losses", "expected"), [([0.02, 0.01], [12, 13]), ([0.01, 0.02], [12]), ([0.9, 0.9], [])]
)
def test_of_those_that_end_together_each_is_kept_that_is_then_the_best(
    there: Filled, losses: list[float], expected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    best = "search.trials.keeping.keep_best"
    monkeypatch.setattr(best, lambda _, task, *__: kept.append(task.number))
    run(there, Planned(losses), 2)
    assert kept == expected
