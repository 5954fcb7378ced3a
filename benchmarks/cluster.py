"""How many workers one coordinator bears: ``python -m benchmarks.cluster``.

Trainings are replaced by ones that sleep, through the workers' protocol, so that nothing but the
coordinator works: proposals, epochs, pruning, the database. A worker waits for the answer to its
epoch, and for its next trial; how long is what is measured.
"""

import heapq
import tempfile
import time
import uuid
from itertools import count
from pathlib import Path
from typing import Annotated

import numpy as np
import optuna
import psutil
import torch
import typer

from benchmarks.measure import Row, show
from benchmarks.scale import filled, made_up_losses
from model.epoch import Epoch
from search.storage.home import StudyHome
from search.storage.record import StudyRecord
from search.trials.limits import Limits
from search.trials.loop import Search
from search.trials.watcher import Silent
from search.workers.events import Begun, Ended, Event
from search.workers.task import Task

EPOCHS = 10
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Sleeping:
    """Workers whose epochs take a fixed time; see ``search.workers.protocol.Workers``."""

    def __init__(self, slots: int, seconds: float) -> None:
        self.slots, self.seconds = slots, seconds
        self.due: list[tuple[float, int, int, Event]] = []  # when, order, trial, what
        self.order = count()
        self.losses: dict[int, list[float]] = {}
        self.said: dict[int, tuple[float, Event]] = {}  # by trial: its last event, and when
        self.waits: list[float] = []  # seconds from an epoch to its answer

    def submit(self, task: Task) -> None:
        """See ``Workers``."""
        rng = np.random.default_rng(task.number)
        self.losses[task.number] = made_up_losses(rng, EPOCHS)
        where = {"device": "none", "precision": "float32"}
        self._say(task.number, Begun(0, "", 1, 1, where), later=0)
        self._train(task.number, 1)

    def _train(self, number: int, epoch: int) -> None:
        if epoch > EPOCHS:
            self._say(number, Ended(), later=0)
            return
        loss = self.losses[number][epoch - 1]
        event = Epoch(epoch, loss, loss, 0.5, 0.5, 0.001, self.seconds, loss)
        self._say(number, event, later=self.seconds)

    def _say(self, number: int, event: Event, *, later: float) -> None:
        due = time.perf_counter() + later
        heapq.heappush(self.due, (due, next(self.order), number, event))

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """See ``Workers``."""
        until = self.due[0][0] - time.perf_counter() if self.due else seconds or 0.0
        time.sleep(max(until if seconds is None else min(until, seconds), 0))
        heard = []
        while self.due and self.due[0][0] <= time.perf_counter():
            due, _, number, event = heapq.heappop(self.due)
            self.said[number] = (due, event)
            heard.append((number, event))
        return heard

    def answer(self, number: int, *, go_on: bool) -> None:
        """See ``Workers``."""
        due, event = self.said[number]
        self.waits.append(time.perf_counter() - due)
        assert isinstance(event, Epoch)
        if go_on:
            self._train(number, event.number + 1)

    def close(self) -> None:
        """See ``Workers``."""


@app.command()
def cluster(
    *,
    trials: Annotated[str, typer.Option(help="sizes of studies")] = "10,1000,10000",
    more: Annotated[int, typer.Option(min=1, help="trials that are run")] = 400,
    workers: Annotated[int, typer.Option(min=1)] = 200,
    epoch: Annotated[float, typer.Option(min=0, help="seconds of one")] = 1.0,
    storage: Annotated[str | None, typer.Option(help="a database URL; default: SQLite")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Run trials that sleep, on studies of several sizes."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with tempfile.TemporaryDirectory(dir=".", prefix=".scale-") as folder:
        rows = [
            _coordinated(Path(folder), int(size), more, Sleeping(workers, epoch), storage)
            for size in trials.split(",")
        ]
    title = f"{workers} workers, {EPOCHS} epochs of {epoch:g} s, {more} trials"
    show(title, rows, device=torch.device("cpu"), as_json=as_json)


def _coordinated(
    folder: Path, size: int, more: int, workers: Sleeping, storage: str | None
) -> Row:
    name = f"cluster-{uuid.uuid4().hex[:8]}"  # a database that is given has those of before
    home = StudyHome(name=name, url=storage or f"sqlite:///{folder}/{size}.db")
    study, objective = filled(folder, home, size, epochs=EPOCHS)
    limits, process = Limits(trials=size + more), psutil.Process()
    search = Search(study, objective, limits=limits, watcher=Silent())
    StudyRecord.of(study)  # a search has read it when it opened it
    began, busy = time.perf_counter(), time.process_time()
    search.run(workers)
    taken, busy = time.perf_counter() - began, time.process_time() - busy
    waits = 1000 * np.array(workers.waits)
    return {
        "trials": size,
        "database": storage.partition(":")[0] if storage else "sqlite",
        "epochs a second": len(waits) / taken,
        "trials a second": more / taken,
        "processor": f"{busy / taken:.0%}",
        "MB": process.memory_info().rss / 1e6,
        "wait, median ms": float(np.median(waits)),
        "wait, 99% ms": float(np.quantile(waits, 0.99)),
    }


if __name__ == "__main__":
    app()
