"""Where trials train: ``--gpu``, ``--jobs`` and ``--per-gpu`` become devices and workers."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from data.preparation import Prepared
from model.devices import device_name
from search.workers.in_process import InProcess
from search.workers.processes import Processes
from search.workers.protocol import Workers
from search.workers.snapshots import SnapshotFolder


@dataclass(frozen=True)
class Placement:
    """A device for each trial that trains at the same time.

    Attributes:
        devices: one or more; a GPU stands there once for each trial that it takes.
        note: what the user should know about them, or nothing.
        in_process: one trial at a time trains in this very process.
    """

    devices: tuple[torch.device, ...]
    note: str = ""
    in_process: bool = False

    @property
    def jobs(self) -> int:
        """Trials at once."""
        return len(self.devices)

    @property
    def name(self) -> str:
        """The device and how many trials it takes, for the user."""
        at_once = f"; {self.jobs} trials at once" if self.jobs > 1 else ""
        return f"{device_name(self.devices[0])}{at_once}"

    @contextmanager
    def workers(self, prepared: Prepared, snapshots: SnapshotFolder) -> Iterator[Workers]:
        """A process for each job, with the texts in a file, or this one."""
        if self.jobs == 1 and self.in_process:
            yield InProcess(prepared.to(self.devices[0]), self.devices[0], snapshots)
            return
        with tempfile.TemporaryDirectory(prefix="recurrent-search-") as folder:
            path = Path(folder, "texts.pt")
            prepared.save(path)
            yield Processes(path, self.devices, threads=self._threads(), snapshots=snapshots)

    @contextmanager
    def threads_of_one(self) -> Iterator[None]:
        """Compute here with as many threads as one of the workers has."""
        before = torch.get_num_threads()
        torch.set_num_threads(self._threads())
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def _threads(self) -> int:
        return max(torch.get_num_threads() // self.jobs, 1)
