"""Rows of trials in Optuna's tables: many in one statement, where Optuna has some for each row."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from optuna.distributions import distribution_to_json
from optuna.exceptions import UpdateFinishedTrialError
from optuna.storages._rdb import models
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

# Databases in which one statement inserts or replaces.
INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
TRIALS: Any = models.TrialModel.__table__
# Each statement is made once: to make one takes as long as to run it.
STATE = select(TRIALS.c.state).where(TRIALS.c.trial_id == bindparam("id"))
END = (
    update(TRIALS)
    .where(TRIALS.c.trial_id == bindparam("id"), TRIALS.c.state == TrialState.RUNNING)
    .values(state=bindparam("to"), datetime_complete=bindparam("at"))
)
STUDY = (
    select(models.StudyModel.study_id)
    .where(models.StudyModel.study_id == bindparam("id"))
    .with_for_update()
)
EARLIER = select(func.count()).where(
    TRIALS.c.study_id == bindparam("study"), TRIALS.c.trial_id < bindparam("id")
)
NUMBER = update(TRIALS).where(TRIALS.c.trial_id == bindparam("id")).values(number=bindparam("to"))


def check_running(database: Connection, trial_id: int) -> None:
    """Raise ``UpdateFinishedTrialError`` where the trial has ended, as Optuna does."""
    if database.execute(STATE, {"id": trial_id}).scalar_one() != TrialState.RUNNING:
        raise UpdateFinishedTrialError(f"trial {trial_id} has ended")


def put_trial(database: Connection, study_id: int, trial: FrozenTrial) -> tuple[int, int]:
    """Store ``trial`` with its parameters and attributes; its id, and its number in the study."""
    # The study's row is locked, so that no two trials are counted at once.
    database.execute(STUDY, {"id": study_id})
    assert trial.datetime_start is not None
    row = {
        "study_id": study_id,
        "state": trial.state,
        "datetime_start": _utc(trial.datetime_start),
    }
    made = database.execute(TRIALS.insert(), row).inserted_primary_key
    assert made is not None
    kinds = trial.distributions
    params = (
        {
            "param_name": name,
            "param_value": kinds[name].to_internal_repr(value),
            "distribution_json": distribution_to_json(kinds[name]),
        }
        for name, value in trial.params.items()
    )
    _put(database, models.TrialParamModel, "param_name", made[0], params)
    put_attributes(database, made[0], trial.user_attrs)
    others = _attributes(trial.system_attrs)
    _put(database, models.TrialSystemAttributeModel, "key", made[0], others)
    number = database.execute(EARLIER, {"study": study_id, "id": made[0]}).scalar_one()
    database.execute(NUMBER, {"id": made[0], "to": number})
    return made[0], number


def put_attributes(database: Connection, trial_id: int, attributes: Mapping[str, Any]) -> None:
    """Store ``attributes``, which JSON can hold."""
    _put(database, models.TrialUserAttributeModel, "key", trial_id, _attributes(attributes))


def put_reported(database: Connection, trial_id: int, value: float, step: int) -> None:
    """Store the ``value`` of a ``step``."""
    model = models.TrialIntermediateValueModel
    stored, kind = model.intermediate_value_to_stored_repr(value)
    row = {"step": step, "intermediate_value": stored, "intermediate_value_type": kind}
    _put(database, model, "step", trial_id, [row])


def put_end(
    database: Connection, trial_id: int, state: TrialState, value: float | None, at: datetime
) -> None:
    """Store the ``state`` that a running trial ends in, what it is told with, and when."""
    if value is not None:
        stored, kind = models.TrialValueModel.value_to_stored_repr(value)
        row = {"objective": 0, "value": stored, "value_type": kind}
        _put(database, models.TrialValueModel, "objective", trial_id, [row])
    if not database.execute(END, {"id": trial_id, "to": state, "at": _utc(at)}).rowcount:
        raise UpdateFinishedTrialError(f"trial {trial_id} has ended")


def _attributes(given: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    return ({"key": key, "value_json": json.dumps(value)} for key, value in given.items())


def _put(
    database: Connection, model: Any, key: str, trial_id: int, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Store rows of a trial in the place of those that have the same ``key``."""
    if found := [{"trial_id": trial_id, **row} for row in rows]:
        database.execute(_statement(database.dialect.name, model, key), found)


@cache
def _statement(database: str, model: Any, key: str) -> Any:
    into = INSERTS[database](model.__table__)
    found_by = ("trial_id", key, *(column.name for column in model.__table__.primary_key))
    names = [column.name for column in model.__table__.columns if column.name not in found_by]
    changed = {name: into.excluded[name] for name in names}
    return into.on_conflict_do_update(index_elements=["trial_id", key], set_=changed)


def _utc(local: datetime) -> datetime:
    """As databases have it; trials have it in local time."""
    return local.astimezone(UTC).replace(tzinfo=None)
