"""What all trials of a study have in common, and what each of them trains."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.class_names import Label, as_labels
from data.corpus import Corpus
from data.errors import several
from data.preparation import Prepared, Treatment, prepare
from data.pretrained import with_vectors
from data.vocabulary import Vocabulary
from model.criterion import Criterion
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


def check_precision(definition: Definition, device: str) -> None:
    """See that the nets of ``definition`` can be trained on ``device`` as precisely as it says.

    Raises:
        StudyError: they cannot.
    """
    asked = "bf16" in definition.values_of("precision") and "lstm" in definition.values_of("cell")
    if not asked:
        return
    from model.devices import device_name, has_bf16_lstm  # imports PyTorch

    if not has_bf16_lstm(device):
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
