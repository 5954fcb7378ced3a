"""One trial: settings -> batches -> fit; every epoch is stored, and may be the last."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
import torch
from optuna.trial import TrialState

from data.preparation import Prepared
from model.checkpoint import TextClassifier, save
from model.classifier import RecurrentClassifier, build, parameter_count
from model.devices import device_name, resolve_precision
from model.settings import ModelSettings, TrainSettings
from model.training import Epoch, fit
from search.definition import Definition
from search.seeds import derive

OnEpoch = Callable[[Epoch], None]


@dataclass(frozen=True)
class Objective:
    """Trains a trial's configuration and tells the study how it went.

    Attributes:
        definition: the study's.
        prepared: its texts, already on ``device``.
        device: where to train.
        folder: of the study; its best classifier is kept in ``best/``.
        environment: stored with each trial: versions, commit, command line.
    """

    definition: Definition
    prepared: Prepared
    device: torch.device
    folder: Path
    environment: dict[str, Any]

    def run(self, trial: optuna.Trial, on_epoch: OnEpoch) -> None:
        """Run ``trial`` to its end, whatever that is: complete, pruned or failed.

        An exception that is the configuration's fault or bad luck makes the trial a failure
        with its reason; only an interrupt (``KeyboardInterrupt``) passes through.
        """
        try:
            state = self._train(trial, on_epoch)
        except Exception as error:
            failure = {"kind": _kind(error), "message": f"{type(error).__name__}: {error}"}
            trial.set_user_attr("failure", failure)
            trial.study.tell(trial, state=TrialState.FAIL)
            return
        best = trial.user_attrs["best_loss"] if state == TrialState.COMPLETE else None
        trial.study.tell(trial, best, state=state)

    def _train(self, trial: optuna.Trial, on_epoch: OnEpoch) -> TrialState:
        of_model, of_training = self.definition.settings(trial.params)
        size = self.prepared.vocabulary.size(of_model.vocab_threshold)
        seed = derive(self.definition.search.seed, trial.number, "training")
        classes = len(self.prepared.class_names)
        net = build(of_model, vocabulary_size=size, classes=classes, seed=seed).to(self.device)
        self._describe(trial, net, of_training)
        texts = [
            part.cut(size, of_model.max_length)
            for part in (self.prepared.train, self.prepared.validation)
        ]
        epochs = fit(net, texts[0], texts[1], of_training, seed)
        log = _Log(trial)
        for epoch in epochs:
            pruned = log.add(epoch) and epoch.number < of_training.epochs
            on_epoch(epoch)
            if pruned:
                epochs.close()
                return TrialState.PRUNED
        self._keep_if_best(trial, net, of_model)
        return TrialState.COMPLETE

    def _describe(
        self, trial: optuna.Trial, net: RecurrentClassifier, settings: TrainSettings
    ) -> None:
        trial.set_user_attr("parameters", parameter_count(net))
        trial.set_user_attr("vocabulary", net.embedding.num_embeddings)
        precision = resolve_precision(settings.precision, self.device)
        where = {"device": device_name(self.device), "precision": precision}
        trial.set_user_attr("environment", {**where, **self.environment})

    def _keep_if_best(
        self, trial: optuna.Trial, net: RecurrentClassifier, settings: ModelSettings
    ) -> None:
        complete = trial.study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        loss = trial.user_attrs["best_loss"]
        if all(other.value is not None and loss < other.value for other in complete):
            vocabulary = self.prepared.vocabulary.cut(settings.vocab_threshold)
            classifier = TextClassifier(net, vocabulary, self.prepared.class_names)
            save(self.folder / "best", classifier)


class _Log:
    """Writes a trial's epochs to the study, once each, also when a trial is begun again."""

    def __init__(self, trial: optuna.Trial) -> None:
        self.trial = trial
        self.curve: list[dict[str, float]] = []
        frozen = trial.study.get_trials(deepcopy=False)[trial.number]
        self.known = frozen.last_step or 0

    def add(self, epoch: Epoch) -> bool:
        """Store ``epoch``; say whether the trial should be pruned after it."""
        self.curve.append(epoch._asdict())
        if epoch.number < self.known:  # already judged, before this trial was interrupted
            return False
        best = min(self.curve, key=lambda row: row["validation_loss"])
        self.trial.set_user_attr("curve", self.curve)
        self.trial.set_user_attr("best_epoch", best["number"])
        self.trial.set_user_attr("best_loss", best["validation_loss"])
        self.trial.set_user_attr("accuracy", best["accuracy"])
        self.trial.set_user_attr("macro_f1", best["macro_f1"])
        self.trial.set_user_attr("seconds", sum(row["seconds"] for row in self.curve))
        if epoch.number > self.known:
            self.trial.report(epoch.validation_loss, epoch.number)
        return self.trial.should_prune()


def _kind(error: Exception) -> str:
    if isinstance(error, ArithmeticError):
        return "not finite"
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "can't allocate" in str(error):
        return "out of memory"
    return "error"
