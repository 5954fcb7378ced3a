"""Optuna's private side but for the trials that this process runs; see ``own_trial``.

Each name is touched where nothing public does the same: Optuna refuses new choices for a parameter
that it knows, and copies every trial of a study that is put into memory.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, distribution_to_json, json_to_distribution
from optuna.pruners import BasePruner
from optuna.storages._rdb import models
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session


def refuse_waiting(study: optuna.Study, waiting: FrozenTrial, attributes: dict[str, Any]) -> None:
    """End a queued trial as failed, with ``attributes`` that say why."""
    for name, value in attributes.items():
        study._storage.set_trial_user_attr(waiting._trial_id, name, value)
    for state in (TrialState.RUNNING, TrialState.FAIL):  # so that it has a beginning and an end
        study._storage.set_trial_state_values(waiting._trial_id, state)


def has_heartbeats(study: optuna.Study) -> bool:
    """Whether trials of ``study`` give signs of life; see ``open_database``."""
    backend = getattr(study._storage, "_backend", None)
    return backend is not None and backend.get_heartbeat_interval() is not None


def silent_trials(study: optuna.Study) -> frozenset[int]:
    """Running trials that gave a sign of life, but none for long."""
    if not has_heartbeats(study):
        return frozenset()
    ids = study._storage._get_stale_trial_ids(study._study_id)  # type: ignore[attr-defined]
    return frozenset(study._storage.get_trial_number_from_id(each) for each in ids)


def study_in_memory(
    name: str,
    directions: Sequence[StudyDirection],
    trials: Sequence[FrozenTrial],
    *,
    pruner: BasePruner,
) -> optuna.Study:
    """A study in memory with ``trials`` themselves: to be asked, not to be told.

    ``Study.add_trials`` checks and copies each, a second for ten thousand. What is stored with one
    of them here would stand in a copy: Optuna replaces a trial when it changes.

    Args:
        name: of the study.
        directions: of its objectives.
        trials: by number, from 0.
        pruner: of the study; some samplers look at it.
    """
    memory = optuna.storages.InMemoryStorage()
    study = optuna.create_study(
        storage=memory, study_name=name, directions=directions, pruner=pruner
    )
    memory._studies[study._study_id].trials.extend(trials)
    return study


def replace_choices(
    url: str, name: str, kinds: Mapping[str, BaseDistribution], *, attribute: tuple[str, Any]
) -> None:
    """Give the parameters of all stored trials new choices, which hold their values.

    Args:
        url: of the database.
        name: the study's.
        kinds: the distributions to store, by parameter.
        attribute: a name and a value to store with the study in the same transaction.
    """
    key, value = attribute
    with Session(create_engine(url, poolclass=NullPool)) as session, session.begin():
        study = models.StudyModel.find_or_raise_by_name(name, session)
        stored = models.StudyUserAttributeModel.find_by_study_and_key(study, key, session)
        assert stored is not None
        stored.value_json = json.dumps(value)
        for trial in session.query(models.TrialModel).filter_by(study_id=study.study_id):
            for row in models.TrialParamModel.where_trial_id(int(trial.trial_id), session):
                # A choice is stored as its place in the list: under a longer list it moves.
                if kind := kinds.get(str(row.param_name)):
                    before = json_to_distribution(str(row.distribution_json))
                    chosen = before.to_external_repr(float(row.param_value))
                    row.param_value = kind.to_internal_repr(chosen)
                    row.distribution_json = distribution_to_json(kind)
