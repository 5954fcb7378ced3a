"""What all trials of a study have in common, and what each of them trains."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import torch
from torch import Tensor

from data.corpus import Corpus
from data.errors import several
from data.preparation import Prepared, Treatment, prepare
from data.pretrained import with_vectors
from data.vocabulary import Vocabulary
from model.checkpoint import save
from model.criterion import Criterion
from model.devices import device_name, has_bf16_lstm
from model.epoch import Epoch
from model.prediction import Label, TextClassifier, as_labels
from model.settings import TRAINER_VERSION
from search.definition.criteria import find_criterion
from search.definition.settling import kinds
from search.definition.starts import Files
from search.definition.tables import Definition
from search.errors import StudyError
from search.storage.environment import describe
from search.storage.home import StudyHome
from search.storage.trial_record import TrialRecord
from search.trials.seeds import training_seed
from search.workers.snapshots import SnapshotFolder
from search.workers.task import Task

GIVEN_UP_AFTER = 10  # times --trial-timeout: an epoch that takes longer hangs
SHARE = 0.05  # of the training rows that validate, where nothing else is said


@dataclass(frozen=True, kw_only=True)
class Objective:
    """What all trials of a study have in common.

    Attributes:
        definition: of the study, settled.
        home: of the study.
        vocabularies: of its training texts, all words, by kind of tokens.
        classes: the labels of its texts, of their own type.
        criterion: what it is searched for.
        fingerprint: of its texts.
        dataset: the texts as the user named them.
        snapshots: of its running trials.
        environment: stored with each trial: versions, commit, command line.
        trial_timeout: seconds of training after which a trial ends with its best so far.
        keeps_nets: every complete trial's classifier is kept, not the best one's alone.
    """

    definition: Definition
    home: StudyHome
    vocabularies: Mapping[str, Vocabulary]
    classes: tuple[Label, ...]
    criterion: Criterion
    fingerprint: str
    dataset: str
    snapshots: SnapshotFolder
    environment: dict[str, Any]
    trial_timeout: float | None = None
    keeps_nets: bool = False

    def task(self, trial: TrialRecord) -> Task:
        """The training of ``trial``."""
        net_settings, train_settings = self.definition.settings(trial.params)
        return Task(
            number=trial.number,
            net_settings=net_settings,
            train_settings=train_settings,
            seed=training_seed(self.definition.search, trial),
            fingerprint=self.fingerprint,
            longest_epoch=(self.trial_timeout or float("inf")) * GIVEN_UP_AFTER,
            criterion=self.criterion,
        )

    def keep_best(self, task: Task, weights: Mapping[str, Tensor], scores: Epoch) -> None:
        """Put a classifier in the place of the study's best; hold the study's lock.

        Args:
            task: its training.
            weights: of its best epoch.
            scores: of that epoch.
        """
        save(self.home.best, self.classifier(task, weights, scores))

    def keep(self, task: Task, state: Mapping[str, Any], scores: Epoch) -> None:
        """Keep what a complete training said of the validation texts, and its net if asked to.

        Args:
            task: the training.
            state: of its trainer.
            scores: of its best epoch.
        """
        said = state.get("best_probabilities")
        if said is not None:  # a training that an earlier version began has none
            path = self.home.probabilities(task.number)
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".draft")
            with draft.open("wb") as file:
                np.save(file, said.numpy())
            draft.replace(path)
        if self.keeps_nets:
            classifier = self.classifier(task, state["best_weights"], scores)
            save(self.home.net(task.number), classifier)

    def classifier(
        self, task: Task, weights: Mapping[str, Tensor], scores: Epoch
    ) -> TextClassifier:
        """The net of ``task`` with all it needs to read a text; ``keep_best`` has the rest."""
        settings = task.net_settings
        words = self.vocabularies[settings.tokens].cut(settings.vocab_threshold)
        classifier = TextClassifier.from_weights(weights, settings, words, self.classes)
        about = {
            "study": self.home.name,
            "trial": task.number,
            "dataset": self.dataset,
            "fingerprint": self.fingerprint,
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


def check_precision(definition: Definition, device: torch.device) -> None:
    """See that the nets of ``definition`` can be trained on ``device`` as precisely as it says.

    Raises:
        StudyError: they cannot.
    """
    asked = "bf16" in definition.values_of("precision") and "lstm" in definition.values_of("cell")
    if asked and not has_bf16_lstm(device):
        raise StudyError(
            f"precision bf16: {device_name(device)} has no bf16 for an LSTM; "
            "choose float32, or auto, which takes bf16 where there is one"
        )


def prepare_for(
    definition: Definition,
    corpus: Corpus,
    vectors: Files | None = None,
    *,
    all_train: bool = False,
) -> Prepared:
    """Split, rank and encode ``corpus`` as the settled ``definition`` says.

    Args:
        definition: of the study, settled.
        corpus: the texts as they were loaded.
        vectors: files of word vectors that trials start from, by their names in ``definition``.
        all_train: the validation texts are trained on too.

    Raises:
        DataError: that cannot be, or a file is broken.
    """
    table = definition.data
    treatment = Treatment(
        kinds=kinds(definition),
        repeats=table.repeats or "together",
        exact=table.share == "exact",
        all_train=all_train,
    )
    prepared = prepare(
        corpus,
        share=table.validation if isinstance(table.validation, float) else SHARE,
        examples=table.examples,
        seed=definition.search.seed,
        treatment=treatment,
    )
    return with_vectors(prepared, vectors or {})


def make_objective(
    corpus: Corpus,
    prepared: Prepared,
    definition: Definition,
    home: StudyHome,
    *,
    trial_timeout: float | None = None,
) -> Objective:
    """All that the trials of a study have in common.

    Args:
        corpus: the texts as they were loaded.
        prepared: the same, ready.
        definition: of the study, settled.
        home: of the study.
        trial_timeout: seconds after which a trial ends; ``None``: never.

    Raises:
        StudyError: the study is searched for the F1 of a class that is not there.
    """
    criterion = find_criterion(definition.search.objective, corpus.class_names)
    _check_present(criterion, prepared, definition.search.objective)
    return Objective(
        definition=definition,
        home=home,
        vocabularies={kind: prepared.of(kind).vocabulary for kind in kinds(definition)},
        classes=as_labels(prepared.class_names, corpus.label_type),
        criterion=criterion,
        fingerprint=corpus.fingerprint,
        dataset=definition.data.dataset,
        snapshots=SnapshotFolder(home.running),
        environment=describe(),
        trial_timeout=trial_timeout,
    )


def _check_present(criterion: Criterion, prepared: Prepared, objective: str) -> None:
    """See that the F1 of a class can be another than 0."""
    number = criterion.class_number
    if number is not None and not (prepared.validation.labels == number).any():
        raise StudyError(
            f"objective {objective}: none of the "
            f"{several(len(prepared.validation), 'validation text')} is of this class; "
            "without any its F1 is always 0"
        )
