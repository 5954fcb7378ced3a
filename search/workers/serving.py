"""The other end of ``processes``: what a worker's process does."""

import os
import signal
import threading
from collections.abc import Generator
from contextlib import closing, suppress
from multiprocessing import connection, parent_process
from pathlib import Path

import torch

from data.errors import DataError
from data.preparation import Prepared
from model.epoch import Epoch
from model.memory import keep_freed_memory
from search.errors import UnavailableError
from search.workers.events import Event, with_warnings
from search.workers.failure import explain
from search.workers.snapshots import SnapshotFolder
from search.workers.training import run_task


def serve(
    pipe: connection.Connection,
    texts: Path,
    device_text: str,
    shares: int,
    snapshots: SnapshotFolder,
) -> None:
    """A worker's life: tasks from ``pipe``, events into it, until the other end is closed.

    Args:
        pipe: to the search.
        texts: where ``Prepared.save`` wrote.
        device_text: where to train.
        shares: workers that share PyTorch's threads.
        snapshots: where the trainings' states are kept.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides
    threading.Thread(target=_die_with_parent, daemon=True).start()
    torch.set_num_threads(max(torch.get_num_threads() // shares, 1))
    keep_freed_memory()
    device = torch.device(device_text)
    prepared: Prepared | None = None
    # The other end's death is the end here: of the file, or a reset where it left events unread.
    with suppress(EOFError, ConnectionError):
        while True:
            task = pipe.recv()
            try:
                prepared = prepared or Prepared.load(texts)
                _tell(pipe, run_task(task, prepared, device, snapshots))
            except DataError as error:
                pipe.send(explain(error, epoch=1, device=device))
            except UnavailableError as error:
                pipe.send(error)


def _tell(pipe: connection.Connection, events: Generator[Event]) -> None:
    with closing(with_warnings(events)) as told:
        for event in told:
            pipe.send(event)
            if isinstance(event, Epoch) and not pipe.recv():
                return


def _die_with_parent() -> None:
    """A parent killed outright cannot stop its workers, which would go on in vain."""
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
