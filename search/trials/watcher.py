"""Whoever watches a search: a terminal, a notebook, or nobody."""

from typing import Protocol

from model.epoch import Epoch
from search.storage.trial_record import TrialRecord
from search.workers.events import Begun


class Watcher(Protocol):
    """Is told of trials and epochs, in the search's own thread; what it raises ends the search."""

    def trial_claimed(self, number: int) -> None:
        """Trial ``number`` is this run's now; called before its training is submitted."""

    def training_begun(self, number: int, known: int, begun: Begun) -> None:
        """Its net is built; called again where a worker that died is replaced.

        Args:
            number: of the trial.
            known: epochs of it that the study has.
            begun: how many of them need not be trained again.
        """

    def epoch_ended(self, number: int, epoch: Epoch) -> None:
        """Its ``epoch`` is stored; called before the training of the next one goes on."""

    def trial_ended(self, trial: TrialRecord) -> None:
        """``trial`` is complete, pruned or failed, and will not be told of again."""


class Silent:
    """A ``Watcher`` that says nothing."""

    def trial_claimed(self, number: int) -> None:
        """See ``Watcher``."""

    def training_begun(self, number: int, known: int, begun: Begun) -> None:
        """See ``Watcher``."""

    def epoch_ended(self, number: int, epoch: Epoch) -> None:
        """See ``Watcher``."""

    def trial_ended(self, trial: TrialRecord) -> None:
        """See ``Watcher``."""
