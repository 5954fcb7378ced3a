"""Where trials train: ``--gpu``, ``--jobs`` and ``--per-gpu`` become devices and workers."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from data.errors import several
from data.preparation import Prepared
from model.devices import DeviceError, device_name, find_device
from search.errors import StudyError
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
    """

    devices: tuple[torch.device, ...]
    note: str = ""

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
        """This process for one job, else a process for each, with the texts in a file."""
        if self.jobs == 1:
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


def place(
    gpus: tuple[int, ...] = (), *, jobs: int | None = None, per_gpu: int | None = None
) -> Placement:
    """Where trials train.

    Args:
        gpus: ``--gpu``, CUDA devices; none: the CPU.
        jobs: ``--jobs``, trials at once; ``None``: one, or as many as ``gpus`` hold.
        per_gpu: ``--per-gpu``, trials at once on each of them.

    Raises:
        StudyError: there is no such device, or there are too few of them.
    """
    if per_gpu is not None and not gpus:
        raise StudyError(f"--per-gpu {per_gpu}: say which GPUs with --gpu, as in --gpu 0,1")
    try:
        found = [find_device(gpu) for gpu in gpus]
    except DeviceError as error:
        raise StudyError(str(error)) from None
    has_cuda = torch.cuda.is_available()
    if not gpus or not has_cuda:
        note = "there is a CUDA device: --gpu 0 uses it" if has_cuda else ""
        if gpus:
            given = ",".join(map(str, gpus))
            note = f"--gpu {given}: there is no CUDA device here; going on with the CPU"
        return Placement((torch.device("cpu"),) * (jobs or 1), note)
    devices = tuple(found * (per_gpu or 1))
    if jobs and jobs > len(devices):
        raise StudyError(
            f"--jobs {jobs}: {several(len(found), 'GPU takes', 'GPUs take')} "
            f"{several(len(devices), 'trial')} at once; "
            f"raise --per-gpu, or leave --jobs out"
        )
    return Placement(devices[:jobs])
