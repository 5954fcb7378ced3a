"""Training in processes of their own, which live on from task to task.

After an ``Epoch`` a process waits for its answer: go on, or stop. A process that dies costs its
task a second try from the last snapshot; no process opens the study.
"""

import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from search.errors import UnavailableError
from search.interrupts import held
from search.workers.events import LAST, Event, Failure, Warned
from search.workers.server import process_context
from search.workers.snapshots import SnapshotFolder
from search.workers.task import Task
from search.workers.tries import Tries


class Processes:
    """Trains each task in a process of its own; see ``Workers``."""

    def __init__(
        self,
        texts: Path,
        devices: Sequence[str],
        *,
        snapshots: SnapshotFolder,
    ) -> None:
        """Have one process for each of ``devices``; it is started when it is first needed.

        Args:
            texts: where ``Prepared.save`` wrote; the processes share its pages.
            devices: where to train; a GPU may stand there several times. The processes share the
                threads that PyTorch has.
            snapshots: where the trainings' states are kept.
        """
        context = process_context()
        self.slots = len(devices)
        self.workers = [
            _Worker(context, (texts, device, len(devices), snapshots)) for device in devices
        ]
        self.tries = Tries()

    def submit(self, task: Task) -> None:
        """See ``Workers``."""
        next(w for w in self.workers if w.task is None).submit(task)

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
            event: Event | Warned | UnavailableError = worker.connection.recv()
        except (EOFError, OSError):
            return self._after_death(worker, task)
        if isinstance(event, UnavailableError):
            raise event
        if isinstance(event, Warned):
            event.again()
            return []
        self.tries.heard(task.number, event)
        if isinstance(event, LAST):
            worker.task = None
        if isinstance(event, Failure) and event.kind == "out of memory":
            worker.kill()  # PyTorch's kernels would fail in it from then on
        return [(task.number, event)]

    def _after_death(self, worker: "_Worker", task: Task) -> list[tuple[int, Event]]:
        """Give the task to a new process; when that dies in the same epoch, give it up."""
        cause = worker.bury()
        if self.tries.one_more(task.number):
            worker.submit(task)
            return []
        message = f"its process died twice in the same epoch; the last time by {cause}"
        _, device, _, _ = worker.arguments
        return [(task.number, Failure(kind="worker died", message=message, device=device))]


class _Worker:
    """A process, started when first needed and again when it died, and the task it has."""

    def __init__(
        self,
        context: Any,
        arguments: tuple[Path, str, int, SnapshotFolder],
    ) -> None:
        self.context = context
        self.arguments = arguments
        self.task: Task | None = None
        self.process: BaseProcess | None = None

    def submit(self, task: Task) -> None:
        self.task = task
        if self.process is None:
            self.connection, theirs = self.context.Pipe()
            process = self.context.Process(
                target=_serve, args=(theirs, *self.arguments), daemon=True
            )
            with held():  # half a start makes the server complain
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


def _serve(*arguments: Any) -> None:
    from search.workers.serving import serve  # PyTorch is imported in that process, not in this

    serve(*arguments)
