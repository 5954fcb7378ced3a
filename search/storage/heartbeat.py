"""Signs of life of running trials, where other hosts share the database: Optuna's heartbeats.

On one host a dead process is known at once. Of another host nothing is known but that its trials
were heard of lately: one that was not is taken over.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import optuna
from sqlalchemy.exc import SQLAlchemyError

from search.storage.inside_optuna import has_heartbeats
from search.storage.own_trial import OwnTrial

BEAT = 30  # seconds between two
GRACE = 180  # seconds without one, after which a trial's host is taken to be dead


class Heartbeat:
    """Gives them for this run's trials, in a thread of its own; a context."""

    def __init__(self, study: optuna.Study, running: Callable[[], Sequence[OwnTrial]]) -> None:
        """Nothing is done where no other host can open the database.

        Args:
            study: that is searched.
            running: its trials that this process runs, now.
        """
        self.running = running
        self.is_needed = has_heartbeats(study)
        self.last = time.time()
        self.has_been_late = False
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._beat_on, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self.last = time.time()
        if self.is_needed:
            self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self.stopped.set()
        if self.is_needed:
            self.thread.join(BEAT)

    @property
    def was_late(self) -> bool:
        """Whether it was ever silent for so long that others may have taken its trials.

        It was where this process was stopped or asleep, or the database away.
        """
        self.has_been_late |= self.is_needed and time.time() - self.last > GRACE
        return self.has_been_late

    def _beat_on(self) -> None:
        while not self.stopped.wait(BEAT):
            # A database that is away now may be there for the next.
            with suppress(SQLAlchemyError, optuna.exceptions.OptunaError, OSError):
                for trial in self.running():
                    trial.beat()
                _ = self.was_late  # before it looks as if it never was
                self.last = time.time()
