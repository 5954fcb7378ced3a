"""Training in this very process, one task at a time."""

from collections.abc import Generator

import torch

from data.preparation import Prepared
from model.memory import keep_freed_memory
from search.workers.events import LAST, Event
from search.workers.snapshots import SnapshotFolder
from search.workers.task import Task
from search.workers.training import run_task


class InProcess:
    """Trains an epoch with each ``wait``; see ``Workers``."""

    slots = 1

    def __init__(self, prepared: Prepared, device: str, snapshots: SnapshotFolder) -> None:
        """Train on ``prepared``, on ``device``."""
        keep_freed_memory()
        self.prepared = prepared
        self.device = torch.device(device)
        self.snapshots = snapshots
        self.number = -1
        self.events: Generator[Event] | None = None

    def submit(self, task: Task) -> None:
        """See ``Workers``."""
        self.number = task.number
        self.events = run_task(task, self.prepared, self.device, self.snapshots)

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """See ``Workers``; the time is not limited, since an epoch is trained in it."""
        if self.events is None:
            return []
        event = next(self.events)
        if isinstance(event, LAST):
            self.events = None
        return [(self.number, event)]

    def answer(self, number: int, *, go_on: bool) -> None:
        """See ``Workers``."""
        if not go_on:
            self.close()

    def close(self) -> None:
        """See ``Workers``."""
        if self.events:
            self.events.close()
        self.events = None
