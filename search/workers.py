"""Where trials train: in this process, or each in a process of its own.

Both take tasks and give events, one at a time, and neither opens the study. After an ``Epoch`` a
task waits for its answer: go on, or stop.
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from multiprocessing import connection, get_all_start_methods, get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

import torch

from data.files import DataError
from data.preparation import Prepared
from model.devices import device_name
from model.memory import keep_freed_memory
from model.training import Epoch
from search.definition import PlaceError
from search.failure import Failure, explain
from search.task import Ended, Event, Task, run_task

LAST = (Ended, Failure)
DEATHS = 2  # of workers in the same epoch of a trial make the trial a failure
# Workers are forked off a server that has imported all they need and computed nothing: they start
# at once and share its pages. A fork of this process would copy threads and CUDA by half.
METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
CONTEXT: Any = get_context(METHOD)
PRELOADED = ["search.workers", "torch._dynamo"]  # the second: an optimizer's first step needs it


class Workers(Protocol):
    """Trains up to ``slots`` tasks at once."""

    slots: int

    def begin(self, task: Task) -> None:
        """Start ``task``; there must be a free slot."""

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """The next events with their trials' numbers; none if there are none in ``seconds``.

        Raises:
            PlaceError: a state cannot be written.
        """

    def answer(self, number: int, *, go_on: bool) -> None:
        """After an ``Epoch`` of trial ``number``: train on, or stop and free the slot."""

    def close(self) -> None:
        """Stop all at once; what is under way is lost, what is on disk stays."""


class Here:
    """Trains one task at a time in this process, an epoch with each ``wait``."""

    slots = 1

    def __init__(self, prepared: Prepared, device: torch.device) -> None:
        """``prepared`` must lie on ``device``."""
        keep_freed_memory()
        self.prepared = prepared
        self.device = device
        self.number = -1
        self.events: Generator[Event] | None = None

    def begin(self, task: Task) -> None:
        """See ``Workers``."""
        self.number = task.number
        self.events = run_task(task, self.prepared, self.device)

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """See ``Workers``."""
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


class Processes:
    """Trains each task in a process of its own; the processes live on from task to task."""

    def __init__(self, texts: Path, devices: list[torch.device], threads: int) -> None:
        """One process for each of ``devices``.

        Args:
            texts: where ``Prepared.save`` wrote; the processes share its pages.
            devices: where to train; a GPU may stand there several times.
            threads: of each process.
        """
        if METHOD == "forkserver":
            CONTEXT.set_forkserver_preload(PRELOADED)
        self.slots = len(devices)
        self.workers = [_Worker(texts, device, threads) for device in devices]
        self.reached: Counter[int] = Counter()  # by trial, the last epoch heard of
        self.deaths: Counter[int] = Counter()  # and deaths since then

    def begin(self, task: Task) -> None:
        """See ``Workers``."""
        next(w for w in self.workers if w.task is None).begin(task)

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """See ``Workers``."""
        busy = {w.connection: w for w in self.workers if w.task is not None}
        ready = connection.wait(list(busy), seconds)
        return [heard for pipe in ready for heard in self._hear(busy[pipe])]

    def answer(self, number: int, *, go_on: bool) -> None:
        """See ``Workers``."""
        worker = next(w for w in self.workers if w.task is not None and w.task.number == number)
        worker.send(go_on)
        if not go_on:
            worker.task = None

    def close(self) -> None:
        """See ``Workers``."""
        for worker in self.workers:
            worker.kill()

    def _hear(self, worker: "_Worker") -> list[tuple[int, Event]]:
        task = worker.task
        assert task is not None
        try:
            event: Event | PlaceError = worker.connection.recv()
        except (EOFError, OSError):
            return self._after_death(worker, task)
        if isinstance(event, PlaceError):
            raise event
        if isinstance(event, Epoch) and event.number > self.reached[task.number]:
            self.reached[task.number] = event.number  # earlier ones come again after a death
            self.deaths[task.number] = 0
        if isinstance(event, LAST):
            worker.task = None
        return [(task.number, event)]

    def _after_death(self, worker: "_Worker", task: Task) -> list[tuple[int, Event]]:
        """Give the task to a new process; when that dies in the same epoch, give it up."""
        cause = worker.bury()
        self.deaths[task.number] += 1
        if self.deaths[task.number] < DEATHS:
            worker.begin(task)
            return []
        where = device_name(worker.device)
        message = f"its process died twice in the same epoch; the last time by {cause}"
        return [(task.number, Failure("worker died", message, (), 0, where, None))]


class _Worker:
    """A process, started when first needed and again when it died, and the task it has."""

    def __init__(self, texts: Path, device: torch.device, threads: int) -> None:
        self.arguments = (texts, str(device), threads)
        self.device = device
        self.task: Task | None = None
        self.process: BaseProcess | None = None

    def begin(self, task: Task) -> None:
        self.task = task
        if self.process is None:
            self.connection, theirs = CONTEXT.Pipe()
            process = CONTEXT.Process(target=serve, args=(theirs, *self.arguments), daemon=True)
            process.start()
            self.process = process  # not before: Ctrl-C may come while it starts
            theirs.close()
        self.send(task)

    def send(self, message: Task | bool) -> None:
        with suppress(OSError):  # it died; reading from it says so
            self.connection.send(message)

    def bury(self) -> str:
        """Forget the dead process and the task; what it died of."""
        assert self.process is not None
        self.process.join()
        code = self.process.exitcode
        self.connection.close()
        self.process, self.task = None, None
        if code is not None and code < 0:
            often = " (often the system's, for lack of memory)" if code == -signal.SIGKILL else ""
            return signal.Signals(-code).name + often
        return f"exit code {code}"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.bury()


def serve(pipe: connection.Connection, texts: Path, device: str, threads: int) -> None:
    """A worker's life: tasks from ``pipe``, events into it, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides
    threading.Thread(target=_die_with_parent, daemon=True).start()
    torch.set_num_threads(threads)
    keep_freed_memory()
    place = torch.device(device)
    prepared: Prepared | None = None
    while True:
        try:
            task = pipe.recv()
            prepared = prepared or Prepared.load(texts).to(place)
            _serve(pipe, run_task(task, prepared, place))
        except DataError as error:
            pipe.send(explain(error, epoch=1, device=place))
        except PlaceError as error:
            pipe.send(error)
        except (EOFError, BrokenPipeError):
            return


def _serve(pipe: connection.Connection, events: Generator[Event]) -> None:
    for event in events:
        pipe.send(event)
        if isinstance(event, Epoch) and not pipe.recv():
            events.close()
            return


def _die_with_parent() -> None:
    """A parent killed outright cannot stop its workers, which would go on in vain."""
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
