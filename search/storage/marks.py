"""What this program stores with a study and its trials; ``StudyRecord`` reads it."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace

import optuna
from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.definition.domain import Value
from search.definition.steps import Asked, Steps
from search.storage import own_trial
from search.storage.attributes import Baseline, DataCard, Opening, Stored, to_attributes
from search.storage.binding import Binding
from search.storage.own_trial import OwnTrial, add_trials
from search.storage.record import (
    ABLATION,
    ASKED,
    BASELINE,
    CARD,
    DEFINITION,
    IDENTITY,
    OPENINGS,
    StudyRecord,
)
from search.storage.trial_record import TrialRecord


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


def store_openings(study: optuna.Study, openings: Sequence[Opening]) -> None:
    """Remember all looks at test rows, the last one's scores too."""
    study.set_user_attr(OPENINGS, [asdict(opening) for opening in openings])


def store_ablation(study: optuna.Study, asked: Asked) -> None:
    """Remember what an ablation asks."""
    stored = asked.to_store() if isinstance(asked, Steps) else asdict(asked)
    study.set_user_attr(ABLATION, stored)


def store_asked(study: optuna.Study, trials: int) -> None:
    """Remember the total of finished trials that is asked for."""
    study.set_user_attr(ASKED, trials)


def store(trial: OwnTrial, stored: Stored) -> None:
    """Store with ``trial``, a running one, what is not a default, in place of what stood there."""
    trial.store(to_attributes(stored))


def queue(study: optuna.Study, params: dict[str, Value], *, repetition: int) -> None:
    """Put a trial of ``params`` into the queue of ``study``; it is their how-manieth, from 1."""
    queue_as(study, params, Stored(repetition=repetition))


def queue_as(study: optuna.Study, params: dict[str, Value], stored: Stored) -> None:
    """Put a trial of ``params`` into the queue of ``study``, of which ``stored`` is known."""
    waiting = create_trial(state=TrialState.WAITING, system_attrs={"fixed_params": params})
    for name, value in to_attributes(replace(stored, queued=True)).items():
        waiting.set_user_attr(name, value)
    study.add_trial(waiting)


def add_copy(
    study: optuna.Study,
    trial: TrialRecord,
    params: dict[str, Value],
    distributions: dict[str, BaseDistribution],
    stored: Stored,
) -> None:
    """Add a complete ``trial`` of another study, as ``params`` of this one.

    Args:
        study: that gets it.
        trial: of the other one.
        params: the same configuration in this study's space.
        distributions: of them.
        stored: what is known of the copy.
    """
    copied = create_trial(
        state=TrialState.COMPLETE,
        value=trial.value,
        params=params,
        distributions=distributions,
        intermediate_values=trial.frozen.intermediate_values,
    )
    for name, value in to_attributes(stored).items():
        copied.set_user_attr(name, value)
    study.add_trial(copied)


def begin(
    study: optuna.Study, proposed: Sequence[FrozenTrial], stored: Sequence[Stored]
) -> list[OwnTrial]:
    """Store new running trials, one at least, whole and together.

    Args:
        study: of the trials.
        proposed: their parameters, the distributions, and what the sampler remembers.
        stored: what this program knows of each from the beginning.

    Returns:
        Their handles.
    """
    trials = []
    for each, known in zip(proposed, stored, strict=True):
        trial = create_trial(
            state=TrialState.RUNNING,
            params=each.params,
            distributions=each.distributions,
            system_attrs=each.system_attrs,
        )
        for name, value in to_attributes(known).items():
            trial.set_user_attr(name, value)
        trials.append(trial)
    return add_trials(study, trials)


def begin_waiting(
    study: optuna.Study, waiting: TrialRecord, proposed: FrozenTrial, stored: Stored
) -> OwnTrial | None:
    """Run a trial that was queued.

    Args:
        study: of the trial.
        waiting: it.
        proposed: its parameters and their distributions.
        stored: what this program knows of it from the beginning.

    Returns:
        Its handle; ``None`` where another program took it at the same moment.
    """
    attributes = to_attributes(stored)
    return own_trial.begin_waiting(study, waiting.frozen, proposed, attributes)
