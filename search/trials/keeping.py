"""What is kept of a training that has ended: its classifier, what it said of the texts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from torch import Tensor

from model.checkpoint import save
from model.epoch import Epoch
from model.prediction import TextClassifier
from model.settings import TRAINER_VERSION
from search.trials.objective import Objective
from search.workers.task import Task


def keep_best(
    objective: Objective, task: Task, weights: Mapping[str, Tensor], scores: Epoch
) -> None:
    """Put a classifier in the place of the study's best; hold the study's lock.

    Args:
        objective: of the study.
        task: its training.
        weights: of its best epoch.
        scores: of that epoch.
    """
    save(objective.home.best, classifier_of(objective, task, weights, scores))


def keep(objective: Objective, task: Task, state: Mapping[str, Any], scores: Epoch) -> None:
    """Keep what a complete training said of the validation texts, and its net if asked to.

    Args:
        objective: of the study.
        task: the training.
        state: of its trainer.
        scores: of its best epoch.
    """
    said = state.get("best_probabilities")
    if said is not None:  # a training that an earlier version began has none
        path = objective.home.probabilities(task.number)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            np.save(file, said.numpy())
        draft.replace(path)
    if objective.keeps_nets:
        classifier = classifier_of(objective, task, state["best_weights"], scores)
        save(objective.home.net(task.number), classifier)


def classifier_of(
    objective: Objective, task: Task, weights: Mapping[str, Tensor], scores: Epoch
) -> TextClassifier:
    """The net of ``task`` with all it needs to read a text; ``keep_best`` has the rest."""
    settings = task.net_settings
    words = objective.vocabularies[settings.tokens].cut(settings.vocab_threshold)
    classifier = TextClassifier.from_weights(weights, settings, words, objective.classes)
    about = {
        "study": objective.home.name,
        "trial": task.number,
        "dataset": objective.dataset,
        "fingerprint": objective.fingerprint,
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        "trainer_version": TRAINER_VERSION,
        "settings": task.train_settings.model_dump(),
        "seed": task.seed,
        "epoch": scores.number,
        "validation_loss": scores.validation_loss,
        "accuracy": scores.accuracy,
        "macro_f1": scores.macro_f1,
    }
    return replace(classifier, about=about)
