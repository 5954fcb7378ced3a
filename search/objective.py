"""What a study makes of a trial's training: every epoch is stored, and may be the last."""

from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.trial import TrialState

from data.vocabulary import Vocabulary
from model.checkpoint import save
from model.training import Epoch
from search.definition import Definition
from search.failure import Failure
from search.lock import study_lock
from search.seeds import derive
from search.task import Begun, Ended, Event, Halved, Task, best_classifier

GIVEN_UP_AFTER = 10  # times --trial-timeout: an epoch that takes longer hangs


@dataclass(frozen=True)
class Objective:
    """What all trials of a study have in common.

    Attributes:
        definition: the study's.
        url: of its database.
        vocabulary: of its training texts.
        class_names: of its texts.
        texts: their fingerprint.
        folder: of the study; its best classifier is kept in ``best/``.
        environment: stored with each trial: versions, commit, command line.
        trial_timeout: seconds of training after which a trial ends with its best so far.
    """

    definition: Definition
    url: str
    vocabulary: Vocabulary
    class_names: tuple[str, ...]
    texts: str
    folder: Path
    environment: dict[str, Any]
    trial_timeout: float | None = None

    @property
    def snapshots(self) -> Path:
        """Where the states of running trials lie."""
        return self.folder / "running"

    def lock(self) -> AbstractContextManager[None]:
        """Hold it while trials are counted, begun or ended: other runs wait."""
        return study_lock(self.url, self.folder.name)

    def task(self, trial: optuna.Trial) -> Task:
        """The training of ``trial``."""
        of_model, of_training = self.definition.settings(trial.params)
        return Task(
            number=trial.number,
            of_model=of_model,
            of_training=of_training,
            seed=derive(self.definition.search.seed, trial.number, "training"),
            snapshot=self.snapshots / f"{trial.number}.pt",
            texts=self.texts,
            longest_epoch=(self.trial_timeout or float("inf")) * GIVEN_UP_AFTER,
        )


class RunningTrial:
    """Hears the events of a trial's training and tells the study, whatever was told before."""

    def __init__(self, trial: optuna.Trial, objective: Objective) -> None:
        self.trial = trial
        self.objective = objective
        self.task = objective.task(trial)
        self.curve: list[Epoch] = []
        self.known = trial.study._storage.get_trial(trial._trial_id).last_step or 0
        self.ended = False

    def hear(self, event: Event) -> bool:
        """Store ``event``; say whether the training should go on."""
        match event:
            case Begun():
                self._begin(event)
            case Halved():
                self.trial.set_user_attr("batch_parts", event.parts)
            case Epoch():
                self._add(event)
            case Ended():
                self._complete()
            case Failure():
                failure = asdict(replace(event, epoch=event.epoch or len(self.curve) + 1))
                self.trial.set_user_attr("failure", failure)
                self._end(TrialState.FAIL)
        return not self.ended

    def _begin(self, event: Begun) -> None:
        self.curve = []  # a new process sends all epochs again
        self.trial.set_user_attr("parameters", event.parameters)
        self.trial.set_user_attr("vocabulary", event.vocabulary)
        environment = {**event.where, **self.objective.environment}
        self.trial.set_user_attr("environment", environment)

    def _add(self, epoch: Epoch) -> None:
        self.curve.append(epoch)
        if epoch.number < self.known:  # already judged, before this trial was interrupted
            return
        self.trial.set_user_attr("curve", [e._asdict() for e in self.curve])
        if epoch.number > self.known:
            self.trial.report(epoch.validation_loss, epoch.number)
            self.known = epoch.number
        if epoch.number == self.task.of_training.epochs:
            return
        limit = self.objective.trial_timeout
        if self.trial.should_prune():
            self.trial.set_user_attr("pruned", self._verdict())
            self._end(TrialState.PRUNED)
        elif limit is not None and sum(e.seconds for e in self.curve) >= limit:
            self.trial.set_user_attr("ended_by", f"--trial-timeout {limit:g}")
            self._complete()

    def _verdict(self) -> dict[str, float]:
        """What the median rule compared, as ``optuna.pruners.MedianPruner`` does."""
        step = self.curve[-1].number
        complete = self.trial.study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        others = [t.intermediate_values[step] for t in complete if step in t.intermediate_values]
        verdict = {"epoch": step, "value": min(e.validation_loss for e in self.curve)}
        if self.objective.definition.search.pruner == "median" and others:
            verdict |= {"median": float(np.median(others)), "trials": len(others)}
        return verdict

    def _complete(self) -> None:
        loss = min(e.validation_loss for e in self.curve)
        with self.objective.lock():
            self._keep_if_best(loss)
            self._end(TrialState.COMPLETE, loss)

    def _keep_if_best(self, loss: float) -> None:
        complete = self.trial.study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        if not all(other.value is not None and loss < other.value for other in complete):
            return
        of_all = self.objective
        classifier = best_classifier(self.task, of_all.vocabulary, of_all.class_names)
        save(of_all.folder / "best", classifier)

    def _end(self, state: TrialState, value: float | None = None) -> None:
        if self.curve:
            best = min(self.curve, key=lambda epoch: epoch.validation_loss)
            self.trial.set_user_attr("best_epoch", best.number)
            self.trial.set_user_attr("best_loss", best.validation_loss)
            self.trial.set_user_attr("accuracy", best.accuracy)
            self.trial.set_user_attr("macro_f1", best.macro_f1)
            self.trial.set_user_attr("seconds", sum(e.seconds for e in self.curve))
        self.trial.study.tell(self.trial, value, state=state)
        self.task.snapshot.unlink(missing_ok=True)
        self.ended = True
