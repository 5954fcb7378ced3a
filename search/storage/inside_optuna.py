"""The only file that touches Optuna's private names, each where nothing public does the same.

Optuna begins a trial only by asking a sampler, does not say which trial it has added, and refuses
new choices for a parameter that it knows.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, distribution_to_json, json_to_distribution
from optuna.pruners import BasePruner
from optuna.samplers import BaseSampler
from optuna.storages._rdb import models
from optuna.storages._rdb.storage import _create_scoped_session
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import NullPool, create_engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

# Databases in which one statement inserts or replaces.
INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def running_trial(study: optuna.Study, trial: FrozenTrial) -> optuna.Trial:
    """The handle of a stored, running ``trial``: it can be reported to, and told."""
    return optuna.Trial(study, trial._trial_id)


def add_trial(study: optuna.Study, trial: FrozenTrial) -> optuna.Trial:
    """Store the running ``trial`` whole; its handle, whatever other programs store meanwhile."""
    trial_id = study._storage.create_new_trial(study._study_id, template_trial=trial)
    return optuna.Trial(study, trial_id)


def begin_waiting(
    study: optuna.Study, waiting: FrozenTrial, proposed: FrozenTrial, attributes: dict[str, Any]
) -> optuna.Trial | None:
    """Run a trial that was queued, with all its parameters at once.

    They are stored while it still waits: a process that is killed amid this leaves it waiting.

    Args:
        study: of the trial.
        waiting: the trial.
        proposed: its parameters and their distributions.
        attributes: to store with it, of this program.

    Returns:
        Its handle; ``None`` where another program was quicker.
    """
    storage, trial_id = study._storage, waiting._trial_id
    for name, kind in proposed.distributions.items():
        internal = kind.to_internal_repr(proposed.params[name])
        storage.set_trial_param(trial_id, name, internal, kind)
    for name, value in attributes.items():
        storage.set_trial_user_attr(trial_id, name, value)
    # The database itself lets one program only turn a waiting trial into a running one.
    if not storage.set_trial_state_values(trial_id, TrialState.RUNNING):
        for name in attributes:
            storage.set_trial_user_attr(trial_id, name, None)
        return None
    return optuna.Trial(study, trial_id)


def refuse_waiting(study: optuna.Study, waiting: FrozenTrial, attributes: dict[str, Any]) -> None:
    """End a queued trial as failed, with ``attributes`` that say why."""
    for name, value in attributes.items():
        study._storage.set_trial_user_attr(waiting._trial_id, name, value)
    for state in (TrialState.RUNNING, TrialState.FAIL):  # so that it has a beginning and an end
        study._storage.set_trial_state_values(waiting._trial_id, state)


def store_attributes(
    trial: optuna.Trial,
    attributes: Mapping[str, Any],
    *,
    reported: tuple[float, int] | None = None,
) -> None:
    """Store ``attributes`` with ``trial`` in one transaction; Optuna makes one of each.

    Args:
        trial: a running one.
        attributes: by name, what JSON can hold.
        reported: a value and its step, to report in the same transaction.
    """
    backend = getattr(trial.study._storage, "_backend", None)
    if backend is None:  # a study in memory has no transactions
        for name, value in attributes.items():
            trial.set_user_attr(name, value)
        if reported:
            trial.report(*reported)
        return
    trial_id, database = trial._trial_id, backend.engine.name
    model = models.TrialUserAttributeModel
    with _create_scoped_session(backend.scoped_session, True) as session:
        if database not in INSERTS:  # a database for which nobody has looked up how
            for name, value in attributes.items():
                backend._set_trial_attr_without_commit(session, model, trial_id, name, value)
            if reported:
                backend._set_trial_intermediate_value_without_commit(
                    session, trial_id, reported[1], reported[0]
                )
            return
        state = models.TrialModel.find_or_raise_by_id(trial_id, session).state
        backend.check_trial_is_updatable(trial_id, state)
        rows = [
            {"trial_id": trial_id, "key": name, "value_json": json.dumps(value)}
            for name, value in attributes.items()
        ]
        if rows:
            session.execute(_put(database, model, ("trial_id", "key")), rows)
        if reported:
            values = models.TrialIntermediateValueModel
            value, kind = values.intermediate_value_to_stored_repr(reported[0])
            row = {"trial_id": trial_id, "step": reported[1],
                   "intermediate_value": value, "intermediate_value_type": kind}  # fmt: skip
            session.execute(_put(database, values, ("trial_id", "step")), [row])


@cache
def _put(database: str, model: Any, found_by: tuple[str, ...]) -> Any:
    """A statement that stores rows of ``model`` in the place of those that are there.

    Optuna has two or three for each row. It is made once: to make it takes as long as to run it.
    """
    into = INSERTS[database](model.__table__)
    keys = (*found_by, *(column.name for column in model.__table__.primary_key))
    names = [column.name for column in model.__table__.columns if column.name not in keys]
    others = {name: into.excluded[name] for name in names}
    return into.on_conflict_do_update(index_elements=list(found_by), set_=others)


def end_trial(trial: optuna.Trial, state: TrialState, value: float | None) -> FrozenTrial:
    """End a running trial as ``Study.tell`` does, which reads it twice; the trial as it ended.

    Args:
        trial: to end.
        state: that it ends in.
        value: of a complete trial, and of a pruned one that has a score; a number.
    """
    study = trial.study
    study._thread_local.cached_all_trials = None
    values = None if value is None else [float(value)]
    study._storage.set_trial_state_values(trial._trial_id, state, values)
    return study._storage.get_trial(trial._trial_id)


def has_heartbeats(study: optuna.Study) -> bool:
    """Whether trials of ``study`` give signs of life; see ``open_database``."""
    backend = getattr(study._storage, "_backend", None)
    return backend is not None and backend.get_heartbeat_interval() is not None


def record_heartbeat(trial: optuna.Trial) -> None:
    """Say that ``trial`` is alive, where it gives signs of life."""
    if has_heartbeats(trial.study):
        trial.study._storage.record_heartbeat(trial._trial_id)  # type: ignore[attr-defined]


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
    sampler: BaseSampler,
    pruner: BasePruner,
) -> optuna.Study:
    """A study in memory with ``trials`` themselves: to be asked once, not to be told.

    ``Study.add_trials`` checks and copies each, a second for ten thousand. What is stored with one
    of them here would stand in a copy: Optuna replaces a trial when it changes.

    Args:
        name: of the study.
        directions: of its objectives.
        trials: by number, from 0.
        sampler: to be asked.
        pruner: of the study; some samplers look at it.
    """
    memory = optuna.storages.InMemoryStorage()
    study = optuna.create_study(
        storage=memory, study_name=name, directions=directions, sampler=sampler, pruner=pruner
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
