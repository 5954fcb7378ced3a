"""Training on a Ray cluster: each training is a task there that streams its epochs back.

The process that owns the study owns the files too: a training's state comes back with its epoch,
and goes along where it goes on elsewhere. A node needs Ray and this program, no shared folder.
"""

import math
import platform
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import ray
import torch
from ray import ObjectRefGenerator
from ray.exceptions import (
    OutOfMemoryError,
    RayError,
    RayTaskError,
    TaskCancelledError,
    WorkerCrashedError,
)

from data.errors import several
from data.preparation import Prepared
from model.memory import keep_freed_memory
from search.errors import StudyError, UnavailableError
from search.workers.events import LAST, Event, Failure, Warned, with_warnings
from search.workers.nodes import (
    Nodes,
    Share,
    Versions,
    alive,
    cause_of,
    check_nodes,
    connect,
    slots,
    versions,
)
from search.workers.placement import Placement
from search.workers.protocol import Workers
from search.workers.snapshots import Carried, SnapshotFolder
from search.workers.task import Task
from search.workers.training import run_task
from search.workers.tries import Tries

LOOK = 5.0  # seconds after which nodes that came or went are noticed
MOVES = 10  # nodes that may die under one training
# The next epoch begins once the last one was heard: what is pruned loses hardly anything.
STREAMED = {
    "num_returns": "streaming", "max_retries": 0, "_generator_backpressure_num_objects": 1,
}  # fmt: skip


class Cluster:
    """Trains each task somewhere on the cluster; see ``Workers``."""

    def __init__(
        self, prepared: Prepared, snapshots: SnapshotFolder, *, share: Share, most: int | None
    ) -> None:
        """The cluster must be connected to.

        Args:
            prepared: the texts; a node gets them once, and its processes read the same memory.
            snapshots: where the trainings' states are kept, here.
            share: of a node, for each training.
            most: trainings at once; ``None``: as many as the cluster takes.
        """
        self.snapshots, self.share, self.most = snapshots, share, most
        self.texts = ray.put(prepared)
        self.tasks: dict[int, tuple[Task, ObjectRefGenerator]] = {}
        self.tries, self.moves = Tries(), Counter[int]()
        self.nodes = Nodes(check_nodes())
        self.looked, self.found = -math.inf, 0

    @property
    def slots(self) -> int:
        """See ``Workers``; nodes come and go, and each that comes is asked what it is."""
        if time.monotonic() - self.looked > LOOK:
            self.nodes.look()
            self.found, self.looked = self.nodes.slots(self.share), time.monotonic()
        return self.found if self.most is None else min(self.found, self.most)

    def submit(self, task: Task) -> None:
        """See ``Workers``."""
        state = self.snapshots.get(task.number)
        events = (
            ray.remote(_train)
            .options(**STREAMED, **self.share.options())
            .remote(task, state, self.texts, versions(), self.share)
        )
        self.tasks[task.number] = (task, events)

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """See ``Workers``; it comes back at times without one, to look at the nodes."""
        limit = LOOK if seconds is None else min(seconds, LOOK)
        if not self.tasks:
            time.sleep(limit)
            return []
        by = {events: number for number, (_, events) in self.tasks.items()}
        ray.wait(list(by), num_returns=1, timeout=limit, fetch_local=False)
        # What all have to tell by then is stored at once.
        ready, _ = ray.wait(list(by), num_returns=len(by), timeout=0, fetch_local=False)
        return [heard for events in ready for heard in self._hear(by[events])]

    def answer(self, number: int, *, go_on: bool) -> None:
        """See ``Workers``; a training goes on unless it is told not to."""
        if not go_on:
            _, events = self.tasks.pop(number)
            ray.cancel(events)

    def close(self) -> None:
        """See ``Workers``."""
        with suppress(RayError):  # a cluster that is gone has ended them
            for _, events in self.tasks.values():
                ray.cancel(events)
        self.tasks = {}

    def _hear(self, number: int) -> list[tuple[int, Event]]:
        task, events = self.tasks[number]
        try:
            event, state = ray.get(next(events))
        except StopIteration:
            return self._after_death(task, "it ended without a word")
        except RayTaskError as error:  # a node that cannot train, or has other versions
            return self._move(task, cause_of(error))
        except (WorkerCrashedError, OutOfMemoryError, TaskCancelledError) as error:
            return self._after_death(task, type(error).__name__)
        except RayError as error:  # its node is gone, or what was on it
            return self._move(task, type(error).__name__)
        if state is not None:
            self.snapshots.put(number, state)
        if isinstance(event, Warned):
            event.again()
            return []
        self.tries.heard(number, event)
        if isinstance(event, LAST):
            del self.tasks[number]
        return [(number, event)]

    def _move(self, task: Task, cause: str) -> list[tuple[int, Event]]:
        """Train it elsewhere, as often as nodes may die under one training.

        Raises:
            UnavailableError: that is not what is wrong.
        """
        self.moves[task.number] += 1
        if self.moves[task.number] > MOVES:
            raise UnavailableError(
                f"the cluster lost trial {task.number} {MOVES} times, the last time by {cause}"
            )
        self.submit(task)
        return []

    def _after_death(self, task: Task, cause: str) -> list[tuple[int, Event]]:
        """Train it again; where it killed its process twice in one epoch, give it up."""
        if self.tries.one_more(task.number):
            self.submit(task)
            return []
        del self.tasks[task.number]
        message = f"its process died twice in the same epoch; the last time by {cause}"
        return [(task.number, Failure(kind="worker died", message=message, device="a cluster's"))]


def _train(
    task: Task, state: bytes | None, prepared: Prepared, expected: Versions, share: Share
) -> Generator[tuple[Event | Warned, bytes | None]]:
    """The events of a training, each with the state that it left."""
    if (own := versions()) != expected:
        raise RuntimeError(f"{platform.node()} has {own}, and the search {expected}")
    torch.set_num_threads(max(share.cpus, 1))
    keep_freed_memory()
    device = torch.device("cuda" if share.gpus else "cpu")
    carried = Carried(state)
    for event in with_warnings(run_task(task, prepared, device, carried)):
        yield event, carried.take()


@dataclass(frozen=True, kw_only=True)
class OnCluster(Placement):
    """A Ray cluster as the place to train; see ``Placement``.

    Attributes:
        share: of a node, for each training.
        most: trainings at once; ``None``: as many as the cluster takes.
    """

    share: Share
    most: int | None

    @property
    def name(self) -> str:
        """The cluster and how many trials it takes, for the user."""
        nodes = several(len(alive()), "node")
        return f"Ray cluster of {nodes}; {several(self.jobs, 'trial')} at once"

    @contextmanager
    def workers(self, prepared: Prepared, snapshots: SnapshotFolder) -> Iterator[Workers]:
        """A task of the cluster for each trial."""
        try:
            yield Cluster(prepared, snapshots, share=self.share, most=self.most)
        except RayError as error:
            why = str(error).strip().partition("\n")[0]
            raise UnavailableError(f"the cluster cannot be used: {why}") from error


def place_on_cluster(
    address: str, device: str, *, jobs: int | None, per_gpu: int | None
) -> OnCluster:
    """Train on the Ray cluster at ``address``.

    Args:
        address: of it, or "auto".
        device: of this process, on which costs are measured.
        jobs: trials at once, at most.
        per_gpu: trials at once on each GPU; ``None``: they train on CPUs.

    Raises:
        StudyError: there is none, or no node of it has what a trial asks for.
    """
    connect(address)
    check_nodes()
    share = Share(gpus=1 / per_gpu) if per_gpu else Share()
    if not (count := slots(share)):
        what = "a GPU" if per_gpu else "a CPU"
        raise StudyError(f"--ray {address}: no node of the cluster has {what} for a trial")
    return OnCluster(devices=(device,) * min(count, jobs or count), share=share, most=jobs)
