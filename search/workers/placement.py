"""Where trials train: ``--gpu``, ``--jobs`` and ``--per-gpu`` become devices and workers."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.preparation import Prepared
from search.workers.processes import Processes
from search.workers.protocol import Workers
from search.workers.snapshots import SnapshotFolder


@dataclass(frozen=True)
class Placement:
    """A device for each trial that trains at the same time.

    Attributes:
        devices: one or more, as PyTorch names them; a GPU stands there once for each trial that
            it takes.
        note: what the user should know about them, or nothing.
        in_process: one trial at a time trains in this very process.
    """

    devices: tuple[str, ...]
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
        if (device := self.devices[0]) == "cpu":
            return f"CPU{at_once}"
        from model.devices import device_name  # imports PyTorch, as the GPU has done

        return f"{device_name(device)}{at_once}"

    @contextmanager
    def workers(self, prepared: Prepared, snapshots: SnapshotFolder) -> Iterator[Workers]:
        """A process for each job, with the texts in a file, or this one."""
        if self.jobs == 1 and self.in_process:
            from search.workers.in_process import InProcess  # imports PyTorch

            yield InProcess(prepared, self.devices[0], snapshots)
            return
        with tempfile.TemporaryDirectory(prefix="recurrent-search-") as folder:
            path = Path(folder, "texts.pkl")
            prepared.save(path)
            yield Processes(path, self.devices, snapshots=snapshots)
