"""What every place where trials train can do; the search knows nothing else of them."""

from typing import Protocol

from search.workers.events import Event
from search.workers.task import Task


class Workers(Protocol):
    """Trains up to ``slots`` tasks at once, and tells of them one event at a time."""

    slots: int

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
