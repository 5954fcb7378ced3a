"""The search itself: trials are begun, heard and ended until the study has enough of them."""

import time

import optuna
from optuna.trial import TrialState

from model.training import Epoch
from search.claim import Limits, claim, clear_up, count_finished, others_here
from search.failure import ADVICE, Failure
from search.interrupts import check_interrupt
from search.objective import Objective, RunningTrial
from search.progress import Progress
from search.strategy import make_pruner
from search.task import Begun, Event
from search.workers import Workers

IN_A_ROW = 3  # failures of one kind
POLL = 1.0  # seconds between looks at what other runs do


class SearchFailedError(Exception):
    """Failures that more trials would not mend; the message says which, and what to change."""


class Search:
    """One run on a study: keeps the workers busy and the study told."""

    def __init__(
        self,
        study: optuna.Study,
        objective: Objective,
        workers: Workers,
        limits: Limits,
        progress: Progress,
    ) -> None:
        """``study`` must be open for the definition of ``objective``."""
        study.pruner = make_pruner(objective.definition)
        study.sampler = optuna.samplers.RandomSampler()  # never asked: see search.proposal
        self.study = study
        self.objective = objective
        self.workers = workers
        self.limits = limits
        self.progress = progress
        self.running: dict[int, RunningTrial] = {}
        self.failures: list[str] = []
        self.in_a_row: list[str] = []
        self.started = time.monotonic()

    def run(self) -> None:
        """Run trials until the study has its total of finished ones.

        Raises:
            SearchFailedError: trials fail again and again.
            PlaceError: a state cannot be written.
        """
        self.objective.snapshots.mkdir(parents=True, exist_ok=True)
        with self.objective.lock():
            clear_up(self.study, self.objective.snapshots)
            if self.study.user_attrs.get("asked") != self.limits.trials:
                self.study.set_user_attr("asked", self.limits.trials)
        try:
            while self._begin_trials() or self._others_may_leave_some():
                waiting = len(self.running) < self.workers.slots
                for number, event in self.workers.wait(POLL if waiting else None):
                    self._hear(number, event)
                    check_interrupt()
        finally:
            self.workers.close()

    def _begin_trials(self) -> bool:
        """Fill the free slots; say whether anything runs now."""
        while len(self.running) < self.workers.slots and not self._timed_out():
            with self.objective.lock():
                trial = claim(
                    self.study, self.objective.definition, self.limits, mine=set(self.running)
                )
            if trial is None:
                break
            self.running[trial.number] = RunningTrial(trial, self.objective)
            self.progress.begin(trial.number)
            self.workers.begin(self.running[trial.number].task)
        return bool(self.running)

    def _others_may_leave_some(self) -> bool:
        """Whether trials are missing that another run has under way: it may fail or be killed."""
        if self._timed_out() or count_finished(self.study) >= self.limits.trials:
            return False
        if not others_here(self.study, set()):
            return False
        time.sleep(POLL)
        return True

    def _hear(self, number: int, event: Event) -> None:
        running = self.running[number]
        known = running.known
        go_on = running.hear(event)
        if isinstance(event, Begun):
            self.progress.resume(number, known, event)
        if isinstance(event, Epoch):
            self.progress.epoch(number, event)
            self.workers.answer(number, go_on=go_on)
        if not go_on:
            del self.running[number]
            frozen = self.study.get_trials(deepcopy=False)[number]
            self.progress.finish(frozen)
            self._count(event if frozen.state == TrialState.FAIL else None)

    def _count(self, failure: Event | None) -> None:
        if not isinstance(failure, Failure):
            self.in_a_row = []
            return
        self.failures.append(failure.kind)
        self.in_a_row.append(failure.kind)
        latest = self.in_a_row[-IN_A_ROW:]
        because = f"the last one: {failure.message}\nto change: {ADVICE[failure.kind]}"
        if len(latest) == IN_A_ROW and len(set(latest)) == 1:
            raise SearchFailedError(
                f"{IN_A_ROW} trials in a row failed ({failure.kind}); {because}"
            )
        if self.limits.failures is not None and len(self.failures) >= self.limits.failures:
            raise SearchFailedError(
                f"{len(self.failures)} trials failed, as many as --max-failures allows; {because}"
            )

    def _timed_out(self) -> bool:
        limit = self.limits.timeout
        return limit is not None and time.monotonic() - self.started >= limit
