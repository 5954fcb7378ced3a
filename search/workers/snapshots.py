"""Where the snapshots of running trainings lie: a file each, in one folder.

A worker writes and reads them; the study's side takes the best weights from them and removes
them. Both are handed this object, and neither knows a path: a worker elsewhere needs another
object with the same methods, and nothing else.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.epoch import Epoch
from model.snapshot import read_snapshot, write_snapshot
from model.training import Trainer
from search.errors import UnavailableError
from search.workers.task import Task


@dataclass(frozen=True)
class SnapshotFolder:
    """Snapshots by the number of their trial."""

    folder: Path

    def make(self) -> None:
        """Make the folder, where it is not there yet."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, task: Task, trainer: Trainer, curve: list[Epoch]) -> None:
        """Keep the state of the task's ``trainer`` after the epochs of ``curve``.

        Raises:
            UnavailableError: it cannot be written.
        """
        path = self.path(task.number)
        try:
            write_snapshot(path, task.identity(), trainer, curve)
        except OSError as error:
            raise UnavailableError(f"{path}: cannot be written: {error.strerror}") from None

    def read(self, task: Task) -> tuple[dict[str, Any], list[Epoch]]:
        """The trainer's state, and its epochs up to then.

        Raises:
            FileNotFoundError, SnapshotError: there is none, or it is of no use.
        """
        return read_snapshot(self.path(task.number), task.identity())

    def remove(self, number: int) -> None:
        """Forget trial ``number``, which has ended."""
        self.path(number).unlink(missing_ok=True)

    def keep_only(self, numbers: set[int]) -> None:
        """Forget all trials but ``numbers``: a kill may come between a trial's end and this."""
        needed = {str(number) for number in numbers}
        for path in self.folder.glob("*"):
            if path.stem not in needed:
                path.unlink(missing_ok=True)

    def path(self, number: int) -> Path:
        """The file of trial ``number``, for messages."""
        return self.folder / f"{number}.pt"
