"""What this program stores with a study itself; ``StudyRecord`` reads it."""

import uuid
from dataclasses import asdict

import optuna

from search.storage.attributes import Baseline, DataCard
from search.storage.binding import Binding
from search.storage.record import ASKED, BASELINE, CARD, DEFINITION, IDENTITY, StudyRecord


def store_binding(study: optuna.Study, binding: Binding) -> None:
    """Make ``study`` one of this program's, bound to ``binding``."""
    study.set_user_attr(DEFINITION, binding.table)


def identify(study: optuna.Study) -> str:
    """The identity of ``study``, which it has from now on."""
    identity = StudyRecord.of(study).identity
    if not identity:
        identity = uuid.uuid4().hex
        study.set_user_attr(IDENTITY, identity)
    return identity


def store_card(study: optuna.Study, card: DataCard) -> None:
    """Remember what was read, the first time."""
    if StudyRecord.of(study).card == DataCard():
        study.set_user_attr(CARD, asdict(card))


def store_baseline(study: optuna.Study, baseline: Baseline) -> None:
    """Remember what the nets have to beat."""
    study.set_user_attr(BASELINE, asdict(baseline))


def store_asked(study: optuna.Study, trials: int) -> None:
    """Remember the total of finished trials that is asked for."""
    study.set_user_attr(ASKED, trials)
