"""What all trials of a study have in common, and what each of them trains."""

from dataclasses import dataclass
from typing import Any

from data.corpus import Corpus
from data.errors import several
from data.preparation import Prepared, prepare
from data.vocabulary import Vocabulary
from model.checkpoint import save
from model.criterion import Criterion
from model.prediction import TextClassifier
from search.definition.criteria import find_criterion
from search.definition.tables import Definition
from search.errors import StudyError
from search.storage.environment import describe
from search.storage.home import StudyHome
from search.storage.record import TrialRecord
from search.trials.seeds import derive
from search.workers.snapshots import SnapshotFolder
from search.workers.task import Task

GIVEN_UP_AFTER = 10  # times --trial-timeout: an epoch that takes longer hangs


@dataclass(frozen=True, kw_only=True)
class Objective:
    """What all trials of a study have in common.

    Attributes:
        definition: of the study.
        home: of the study.
        vocabulary: of its training texts, all words.
        class_names: of its texts.
        criterion: what it is searched for.
        fingerprint: of its texts.
        snapshots: of its running trials.
        environment: stored with each trial: versions, commit, command line.
        trial_timeout: seconds of training after which a trial ends with its best so far.
    """

    definition: Definition
    home: StudyHome
    vocabulary: Vocabulary
    class_names: tuple[str, ...]
    criterion: Criterion
    fingerprint: str
    snapshots: SnapshotFolder
    environment: dict[str, Any]
    trial_timeout: float | None = None

    def task(self, trial: TrialRecord) -> Task:
        """The training of ``trial``."""
        net_settings, train_settings = self.definition.settings(trial.params)
        return Task(
            number=trial.number,
            net_settings=net_settings,
            train_settings=train_settings,
            seed=derive(self.definition.search.seed, trial.number, "training"),
            fingerprint=self.fingerprint,
            longest_epoch=(self.trial_timeout or float("inf")) * GIVEN_UP_AFTER,
            criterion=self.criterion,
        )

    def keep_best(self, task: Task) -> None:
        """Put the classifier of the task's best epoch so far in the place of the study's best.

        Raises:
            FileNotFoundError, SnapshotError: there is no snapshot of it, or it is of no use.
        """
        state, _ = self.snapshots.read(task)
        words = self.vocabulary.cut(task.net_settings.vocab_threshold)
        classifier = TextClassifier.from_weights(
            state["best_weights"], task.net_settings, words, self.class_names
        )
        save(self.home.best, classifier)


def make_objective(
    corpus: Corpus, definition: Definition, home: StudyHome, *, trial_timeout: float | None = None
) -> tuple[Objective, Prepared]:
    """Make the texts ready, and all that the trials on them have in common.

    Args:
        corpus: the texts as they were loaded.
        definition: of the study.
        home: of the study.
        trial_timeout: seconds after which a trial ends; ``None``: never.

    Raises:
        DataError: the texts cannot be split as the definition says.
        StudyError: the study is searched for the F1 of a class that is not there.
    """
    criterion = find_criterion(definition.search.objective, corpus.class_names)
    table = definition.data
    prepared = prepare(
        corpus, share=table.validation, examples=table.examples, seed=definition.search.seed
    )
    _check_present(criterion, prepared, definition.search.objective)
    objective = Objective(
        definition=definition,
        home=home,
        vocabulary=prepared.vocabulary,
        class_names=prepared.class_names,
        criterion=criterion,
        fingerprint=corpus.fingerprint,
        snapshots=SnapshotFolder(home.running),
        environment=describe(),
        trial_timeout=trial_timeout,
    )
    return objective, prepared


def _check_present(criterion: Criterion, prepared: Prepared, objective: str) -> None:
    """See that the F1 of a class can be another than 0."""
    number = criterion.class_number
    if number is not None and not (prepared.validation.labels == number).any():
        raise StudyError(
            f"objective {objective}: none of the "
            f"{several(len(prepared.validation), 'validation text')} is of this class; "
            "without any its F1 is always 0"
        )
