"""What every place where trials train can do; the search knows nothing else of them."""

from typing import TYPE_CHECKING, Any, Protocol

from model.epoch import Epoch
from search.workers.events import Event
from search.workers.task import Task

if TYPE_CHECKING:  # PyTorch takes a second to import
    from model.training import Trainer


class States(Protocol):
    """Where a training keeps its state after each epoch, and finds it again."""

    def write(self, task: Task, trainer: "Trainer", curve: list[Epoch]) -> None:
        """Keep the state of the task's ``trainer`` after the epochs of ``curve``.

        Raises:
            UnavailableError: it cannot be kept.
        """

    def read(self, task: Task) -> tuple[dict[str, Any], list[Epoch]]:
        """The trainer's state, and its epochs up to then.

        Raises:
            FileNotFoundError, SnapshotError: there is none, or it is of no use.
        """

    def path(self, number: int) -> object:
        """What to call the state of trial ``number``."""


class Workers(Protocol):
    """Trains up to ``slots`` tasks at once, and tells of them one event at a time."""

    @property
    def slots(self) -> int:
        """Trainings that it takes at once."""

    def submit(self, task: Task) -> None:
        """Start ``task``; there must be a free slot."""

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """The next events with their trials' numbers; none if there are none in ``seconds``.

        Raises:
            UnavailableError: a snapshot cannot be written.
        """

    def answer(self, number: int, *, go_on: bool) -> None:
        """After an ``Epoch`` of trial ``number``: train on, or stop and free the slot."""

    def close(self) -> None:
        """Stop all at once; what is under way is lost, what is on disk stays."""
