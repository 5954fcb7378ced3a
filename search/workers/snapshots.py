"""Where the snapshots of running trainings lie: a file each, in one folder.

A worker writes and reads them; the study's side takes the best weights from them and removes
them. Both are handed this object, and neither knows a path: a worker elsewhere needs another
object with the same methods, and nothing else.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.epoch import Epoch
from model.snapshot import put_whole, read_snapshot, save_snapshot, write_snapshot
from search.errors import UnavailableError
from search.workers.task import Task

if TYPE_CHECKING:  # PyTorch takes a second to import
    from model.training import Trainer


@dataclass(frozen=True)
class SnapshotFolder:
    """Snapshots by the number of their trial."""

    folder: Path

    def make(self) -> None:
        """Make the folder, where it is not there yet."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, task: Task, trainer: "Trainer", curve: list[Epoch]) -> None:
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

    def put(self, number: int, content: bytes) -> None:
        """Keep the state of trial ``number`` as it came from elsewhere.

        Raises:
            UnavailableError: it cannot be written.
        """
        path = self.path(number)
        try:
            with put_whole(path) as file:
                file.write(content)
        except OSError as error:
            raise UnavailableError(f"{path}: cannot be written: {error.strerror}") from None

    def get(self, number: int) -> bytes | None:
        """It, as it is kept; ``None``: there is none."""
        try:
            return self.path(number).read_bytes()
        except FileNotFoundError:
            return None

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


@dataclass
class Carried:
    """A training's state where its folder is not: see ``SnapshotFolder``.

    Attributes:
        state: that came along; ``None``: it begins anew.
        taken: that goes back.
    """

    state: bytes | None
    taken: bytes | None = None

    def write(self, task: Task, trainer: "Trainer", curve: list[Epoch]) -> None:
        """Have it ready for the way back."""
        buffer = io.BytesIO()
        save_snapshot(buffer, task.identity(), trainer, curve)
        self.taken = buffer.getvalue()

    def read(self, task: Task) -> tuple[dict[str, Any], list[Epoch]]:
        """What came along."""
        if self.state is None:
            raise FileNotFoundError
        return read_snapshot(io.BytesIO(self.state), task.identity())

    def path(self, number: int) -> str:
        """What to call it."""
        return f"of trial {number}"

    def take(self) -> bytes | None:
        """What is on its way back, once."""
        taken, self.taken = self.taken, None
        return taken
