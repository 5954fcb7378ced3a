"""What a study makes of a trial's training: every epoch is stored, and may be the last."""

import math
from dataclasses import replace
from typing import assert_never

from optuna.trial import TrialState

from model.criterion import best_of
from model.epoch import Epoch
from search.storage.attributes import Stored, to_attributes
from search.storage.own_trial import Told
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.objective import Objective
from search.trials.proposal import Claimed
from search.trials.pruning import Comparison
from search.workers.events import Begun, Ended, Event, Failure, Halved

NOTHING = Stored()


class RunningTrial:
    """Hears the events of a trial's training and tells the study, whatever was told before."""

    def __init__(self, claimed: Claimed, objective: Objective) -> None:
        self.trial = claimed.handle
        self.record = claimed.record
        self.objective = objective
        self.task = objective.task(self.record)
        self.curve: list[Epoch] = []
        self.known = self.record.frozen.last_step or 0
        self.goes_on_after = self.known  # epochs that were known when its training began
        self.ended = False
        self.ending: Told | None = None  # how it ended, where that is not stored yet

    def take(self, event: Event) -> Told | None:
        """What is to be stored of ``event`` before it is judged, if there is anything."""
        match event:
            case Begun():
                return self._begin(event)
            case Halved():
                return self._told(Stored(batch_parts=event.parts))
            case Epoch():
                return self._add(event)
            case Ended() | Failure():
                return None
            case _:
                assert_never(event)

    def judge(self, event: Event, others: Comparison) -> bool:
        """Say whether the training should go on after ``event``, which is stored.

        Where it should not, ``ending`` is to be stored, and then ``finish`` called.
        """
        match event:
            case Begun() | Halved():
                pass
            case Epoch():
                self._compare(event, others)
            case Ended():
                self._complete(others)
            case Failure():
                failure = replace(event, epoch=event.epoch or len(self.curve) + 1)
                self._end(TrialState.FAIL, told=Stored(failure=failure))
            case _:
                assert_never(event)
        return not self.ended

    def finish(self) -> TrialRecord:
        """Remove what is of no more use once the trial's end is stored; the trial as it ended."""
        self.objective.snapshots.remove(self.task.number)
        return replace(self.record, frozen=self.trial.frozen)

    def _told(self, stored: Stored, reported: tuple[float, int] | None = None) -> Told:
        return Told(self.trial, to_attributes(stored), reported)

    def _begin(self, event: Begun) -> Told:
        self.curve = []  # a new process sends all epochs again
        self.goes_on_after = self.known
        begun = Stored(
            weight_count=event.weight_count,
            vocabulary_size=event.vocabulary_size,
            environment={**event.where, **self.objective.environment},
        )
        return self._told(begun)

    def _add(self, epoch: Epoch) -> Told | None:
        self.curve.append(epoch)
        if epoch.number < self.known:  # already judged, before this trial was interrupted
            return None
        is_new = epoch.number > self.known
        self.known = epoch.number
        reported = (epoch.score, epoch.number) if is_new else None
        return self._told(Stored(curve=tuple(self.curve)), reported)

    def _compare(self, epoch: Epoch, others: Comparison) -> None:
        if epoch.number < self.known or epoch.number == self.task.train_settings.epochs:
            return
        limit = self.objective.trial_timeout
        if pruning := others.prunes(self.trial, self.curve):
            self._end(TrialState.PRUNED, told=Stored(pruning=pruning))
        elif limit is not None and sum(e.seconds for e in self.curve) >= limit:
            self._complete(others, Stored(ended_by=f"--trial-timeout {limit:g}"))

    def _complete(self, others: Comparison, told: Stored = NOTHING) -> None:
        from search.trials.keeping import keep, keep_best  # imports PyTorch

        best = self._best()
        state, _ = self.objective.snapshots.read(self.task)
        keep(self.objective, self.task, state, best)
        ending = self._end(TrialState.COMPLETE, best.score, told=told)
        if not self._leads(best.score, others.record):
            return
        with self.objective.home.lock():  # until it is the study's best one
            if self._leads(best.score):
                keep_best(self.objective, self.task, state["best_weights"], best)
            self.trial.store(ending.attributes, ending=ending.ending)
        self.ending = None

    def _end(
        self, state: TrialState, value: float | None = None, *, told: Stored = NOTHING
    ) -> Told:
        if self.curve:
            best = self._best()
            told = replace(
                told,
                best_epoch=best.number,
                best_loss=best.validation_loss,
                accuracy=best.accuracy,
                macro_f1=best.macro_f1,
                seconds=sum(epoch.seconds for epoch in self.curve),
            )
        if state == TrialState.PRUNED and math.isfinite(self.curve[-1].score):
            value = self.curve[-1].score  # as Optuna has it
        self.ended = True
        self.ending = Told(self.trial, to_attributes(told), ending=(state, value))
        return self.ending

    def _leads(self, score: float, record: StudyRecord | None = None) -> bool:
        """Whether the trial, complete with ``score``, would be the best one of ``record``.

        Equal accuracies are common, and trials do not end in the order of their numbers: of
        equals the one with the lowest number is best, as in the study's ranking.
        """
        best = (record or StudyRecord.of(self.trial.study)).best
        if best is None or best.value is None:
            return True
        is_first = score == best.value and self.task.number < best.number
        return is_first or self.task.criterion.is_better(score, best.value)

    def _best(self) -> Epoch:
        best = best_of(self.curve, maximize=self.task.criterion.maximize)
        assert best is not None
        return best
