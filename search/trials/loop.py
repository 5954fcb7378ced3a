"""The search itself: trials are begun, heard and ended until the study has enough of them."""

import time
from collections.abc import Callable, Sequence

import optuna
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import TrialState

from data.errors import several
from model.epoch import Epoch
from search.errors import SearchFailedError
from search.interrupts import check_interrupt, interruptible
from search.storage.heartbeat import Heartbeat
from search.storage.marks import store_asked
from search.storage.own_trial import store_together
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.claim import claim, others_here, refuse_illegal
from search.trials.limits import Limits
from search.trials.objective import Objective
from search.trials.proposal import Claimed
from search.trials.pruning import Comparison, make_pruner
from search.trials.running import RunningTrial
from search.trials.watcher import Watcher
from search.workers.events import ADVICE, Begun, Ended, Event, Failure
from search.workers.protocol import Workers

IN_A_ROW = 3  # failures of one kind
AT_ONCE = 4  # trials that are begun by one look at the study; what trains waits meanwhile
POLL = 1.0  # seconds between looks at what other runs do


class Search:
    """One run on a study: keeps the workers busy and the study told."""

    def __init__(
        self,
        study: optuna.Study,
        objective: Objective,
        *,
        limits: Limits,
        watcher: Watcher,
        beside: Callable[[], None] = lambda: None,
    ) -> None:
        """``study`` must be open for the definition of ``objective``.

        Args:
            study: to search.
            objective: of its trials.
            limits: of this run.
            watcher: is told of trials and epochs.
            beside: called whenever a training has begun, to look after what runs beside it.
        """
        study.pruner = make_pruner(objective.definition)
        study.sampler = optuna.samplers.RandomSampler()  # never asked: see trials.proposal
        self.study = study
        self.objective = objective
        self.limits = limits
        self.watcher = watcher
        self.beside = beside
        self.running: dict[int, RunningTrial] = {}
        self.others = Comparison(objective.definition, study)
        self.heartbeat = Heartbeat(study, lambda: [r.trial for r in tuple(self.running.values())])
        self.failures: list[str] = []
        self.in_a_row: list[str] = []
        self.next_look = 0.0  # for a trial to begin, where there was none
        self.started = time.monotonic()

    def run(self, workers: Workers) -> None:
        """Run trials until the study has its total of finished ones; then ``workers`` close.

        Raises:
            SearchFailedError: trials fail again and again.
            UnavailableError: a snapshot cannot be written.
        """
        self._prepare()
        try:
            with self.heartbeat:
                self._search(workers)
        finally:
            for running in self.running.values():
                running.trial.leave()
            workers.close()

    def _search(self, workers: Workers) -> None:
        while True:
            # What trains is heard between two beginnings: it waits for its answer.
            has_begun = self._begin(workers)
            if self.running:
                self._listen(workers, 0 if has_begun else POLL)
            elif has_begun:
                continue
            elif self._others_may_leave_some() or self._is_without_places(workers):
                with interruptible():
                    time.sleep(POLL)
            else:
                return

    def _prepare(self) -> None:
        snapshots = self.objective.snapshots
        snapshots.make()
        with self.objective.home.lock():
            record = StudyRecord.of(self.study)
            snapshots.keep_only({t.number for t in record.in_state(TrialState.RUNNING)})
            asked = self.limits.total or 0
            if record.asked != asked:
                store_asked(self.study, asked)

    def _begin(self, workers: Workers) -> bool:
        """Begin trials if there are free slots and trials to begin; whether to look for more."""
        free = workers.slots - len(self.running)
        if free <= 0 or self._timed_out() or time.monotonic() < self.next_look:
            return False
        refused, claimed = self._claim(min(free, AT_ONCE))
        for ended in refused:
            self.watcher.trial_ended(ended)
        for each in claimed:
            self.running[each.record.number] = RunningTrial(each, self.objective)
        for each in claimed:
            self.watcher.trial_claimed(each.record.number)
            with interruptible():  # a process may have to start
                workers.submit(self.running[each.record.number].task)
        if not (refused or claimed):
            self.next_look = time.monotonic() + POLL
        return bool(refused or claimed)

    def _claim(self, most: int) -> tuple[list[TrialRecord], list[Claimed]]:
        """The queued trials that cannot run, which have ended; else the trials to run now."""
        definition = self.objective.definition
        with self.objective.home.lock():
            record = StudyRecord.of(self.study)
            if refused := refuse_illegal(self.study, record, definition):
                return refused, []
            self.others = Comparison(definition, self.study, record)
            mine = set(self.running)
            return [], claim(self.study, record, definition, self.limits, mine=mine, most=most)

    def _listen(self, workers: Workers, seconds: float) -> None:
        """Hear what comes next; with a free slot for ``seconds`` only: others may leave trials."""
        has_free_slot = len(self.running) < workers.slots
        with interruptible():
            heard = workers.wait(seconds if has_free_slot else None)
        left = {n for n, _ in heard if self.heartbeat.was_late and self._was_taken(n)}
        taken = [self.running[number].take(event) for number, event in heard if number not in left]
        left |= store_together([told for told in taken if told is not None])
        if self.others.is_old:
            self.others = Comparison(self.objective.definition, self.study)
        ended: list[tuple[int, Event]] = []
        for number, event in heard:
            if number in left:
                self._leave(number, event, workers)
                continue
            try:
                go_on = self._judge(number, event)
            except UpdateFinishedTrialError:  # by who took it for this process' death
                self._leave(number, event, workers)
                left.add(number)
                continue
            if not go_on:
                ended.append((number, event))
            elif isinstance(event, Epoch):
                workers.answer(number, go_on=True)
        self._end(ended, workers)

    def _end(self, ended: Sequence[tuple[int, Event]], workers: Workers) -> None:
        """Store the ends of trials that were ``ended`` by their last events; then they are."""
        endings = [self.running[number].ending for number, _ in ended]
        left = store_together([ending for ending in endings if ending is not None])
        for number, event in ended:
            if number in left:
                self._leave(number, event, workers)
                continue
            if isinstance(event, Epoch):
                workers.answer(number, go_on=False)
            self._finish(number, event)
            check_interrupt()
        check_interrupt()

    def _was_taken(self, number: int) -> bool:
        """Whether another host took trial ``number`` while this process could not say a word."""
        self.running[number].trial.read_again()
        owner = TrialRecord(self.running[number].trial.frozen).stored.owner
        return owner is None or not owner.is_me

    def _leave(self, number: int, event: Event, workers: Workers) -> None:
        """Stop the training of a trial that is another host's now."""
        if isinstance(event, Epoch):
            workers.answer(number, go_on=False)
        if number in self.running and isinstance(event, (Epoch, Ended, Failure)):
            self.running.pop(number).trial.leave()
            self.next_look = 0.0

    def _judge(self, number: int, event: Event) -> bool:
        running = self.running[number]
        go_on = running.judge(event, self.others)
        if isinstance(event, Begun):
            self.watcher.training_begun(number, running.goes_on_after, event)
            self.beside()
        if isinstance(event, Epoch):
            self.watcher.epoch_ended(number, event)
        return go_on

    def _finish(self, number: int, event: Event) -> None:
        """Trial ``number`` has ended with ``event``."""
        trial = self.running.pop(number).finish()
        self.next_look = 0.0
        self.watcher.trial_ended(trial)
        if trial.state == TrialState.FAIL and isinstance(event, Failure):
            self._count(event)
        else:
            self.in_a_row = []

    def _count(self, failure: Failure) -> None:
        self.failures.append(failure.kind)
        self.in_a_row.append(failure.kind)
        latest = self.in_a_row[-IN_A_ROW:]
        because = f"the last one: {failure.message}\nto change: {ADVICE[failure.kind]}"
        if len(latest) == IN_A_ROW and len(set(latest)) == 1:
            raise SearchFailedError(
                f"{IN_A_ROW} trials in a row failed ({failure.kind}); {because}"
            )
        if self.limits.failures is not None and len(self.failures) >= self.limits.failures:
            failed = f"{several(len(self.failures), 'trial')} failed"
            raise SearchFailedError(f"{failed}, as many as --max-failures allows; {because}")

    def _others_may_leave_some(self) -> bool:
        """Whether trials are missing that another run has under way: it may fail or be killed."""
        record = StudyRecord.of(self.study)
        missing = len(record.finished) < self.limits.trials
        return missing and not self._timed_out() and bool(others_here(record))

    def _is_without_places(self, workers: Workers) -> bool:
        """Whether trials are missing and a cluster has no place for one now: nodes may come."""
        if workers.slots or self._timed_out():
            return False
        return len(StudyRecord.of(self.study).finished) < self.limits.trials

    def _timed_out(self) -> bool:
        limit, ends, now = self.limits.timeout, self.limits.ends, time.monotonic()
        return (limit is not None and now - self.started >= limit) or (
            ends is not None and now >= ends
        )
