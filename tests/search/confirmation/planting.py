"""Trainings that are replaced by a function of settings and seed, told as workers tell of them."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import optuna

from model.epoch import Epoch
from search.confirmation.ablating import Ablating, prepare_ablation
from search.errors import SearchFailedError
from search.request import AblationRequest
from search.trials.watcher import Silent
from search.workers.events import Begun, Ended, Event, Failure
from search.workers.placement import Placement
from search.workers.protocol import Workers
from search.workers.snapshots import SnapshotFolder
from search.workers.task import Task

Loss = Callable[[Task], float | list[float]]  # of the only epoch, or of each


@dataclass(frozen=True)
class Planted(Placement):
    """A place where nothing is trained."""

    loss: Loss = lambda task: 0.5
    noise: float = 0.002

    @contextmanager
    def workers(self, prepared: object, snapshots: object) -> Iterator[Workers]:
        """See ``Placement``."""
        yield PlantedWorkers(self.loss, self.noise)


class PlantedWorkers:
    """Tell of one epoch with the planted loss."""

    slots = 1

    def __init__(self, loss: Loss, noise: float) -> None:
        self.loss, self.noise = loss, noise
        self.events: list[tuple[int, Event]] = []

    def submit(self, task: Task) -> None:
        """See ``Workers``."""
        key = repr((task.seed, task.net_settings, task.train_settings))
        own = np.random.default_rng(zlib.crc32(key.encode())).standard_normal()
        of_seed = np.random.default_rng(task.seed).standard_normal()
        planted = self.loss(task)
        curve = planted if isinstance(planted, list) else [planted]
        losses = [loss + 0.02 * of_seed + self.noise * own for loss in curve]
        begun = Begun(0, "", 1, 1, {"device": "none", "precision": "float32"})
        ends: list[Event] = [*(_epoch(task, *of) for of in enumerate(losses, 1)), Ended()]
        if not np.isfinite(losses).all():
            ends = [Failure(kind="not finite", message="loss is nan", device="none")]
        self.events = [(task.number, event) for event in (begun, *ends)]

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """See ``Workers``."""
        return [self.events.pop(0)]

    def answer(self, number: int, *, go_on: bool) -> None:
        """See ``Workers``."""

    def close(self) -> None:
        """See ``Workers``."""


def _epoch(task: Task, number: int, loss: float) -> Epoch:
    score = 1 - loss if task.criterion.maximize else loss
    return Epoch(number, 1.0, loss, 1 - loss, 0.5, 0.001, 1.0, score)


class Nothing(SnapshotFolder):
    """Of trainings that never were."""

    def read(self, task: Task) -> tuple[dict[str, Any], list[Epoch]]:
        """A state without answers to the validation texts."""
        return {"best_weights": {}}, []


def with_planted(asked: AblationRequest, loss: Loss, noise: float) -> Ablating:
    """The ablation that is ``asked`` for, of which nothing will be trained."""
    ablating = prepare_ablation(asked)
    job = ablating.job
    nothing = Nothing(job.home.running)
    placement = Planted(job.placement.devices, loss=loss, noise=noise)
    objective = replace(job.objective, snapshots=nothing)
    return replace(ablating, job=replace(job, placement=placement, objective=objective))


def run_all(ablating: Ablating) -> optuna.Study:
    """Run what is missing, as the command does."""
    study = ablating.open()
    while (found := ablating.next(study)) is not None:
        with suppress(SearchFailedError):  # the next line knows better
            ablating.job.run(study, found[0], Silent())
        ablating.check_trained(study, found[0])
    return study
