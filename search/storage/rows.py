"""Rows of trials in Optuna's tables: many in one statement, where Optuna has some for each row."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any

from optuna.distributions import distribution_to_json
from optuna.storages._rdb import models
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

# Databases in which one statement inserts or replaces.
INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
TRIALS: Any = models.TrialModel.__table__
# Each statement is made once: to make one takes as long as to run it.
STILL_RUNNING = select(TRIALS.c.trial_id).where(
    TRIALS.c.trial_id.in_(bindparam("ids", expanding=True)),
    TRIALS.c.state == TrialState.RUNNING,
)
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


def still_running(database: Connection, trial_ids: Collection[int]) -> set[int]:
    """Those of the trials that nobody has ended."""
    if not trial_ids:
        return set()
    return set(database.execute(STILL_RUNNING, {"ids": sorted(trial_ids)}).scalars())


def put_trials(
    database: Connection, study_id: int, trials: Sequence[FrozenTrial]
) -> list[tuple[int, int]]:
    """Store ``trials``, one at least, with their parameters and attributes.

    Returns:
        The id of each, and its number in the study.
    """
    # The study's row is locked, so that nobody else counts its trials meanwhile.
    database.execute(STUDY, {"id": study_id})
    ids = [_put_row(database, study_id, trial) for trial in trials]
    params = chain.from_iterable(map(_params, ids, trials))
    _put(database, models.TrialParamModel, "param_name", params)
    put_attributes(database, zip(ids, (trial.user_attrs for trial in trials), strict=True))
    remembered = zip(ids, (trial.system_attrs for trial in trials), strict=True)
    of_system = chain.from_iterable(_attributes(*of_one) for of_one in remembered)
    _put(database, models.TrialSystemAttributeModel, "key", of_system)
    first = database.execute(EARLIER, {"study": study_id, "id": ids[0]}).scalar_one()
    numbered = [(trial_id, first + place) for place, trial_id in enumerate(ids)]
    database.execute(NUMBER, [{"id": trial_id, "to": number} for trial_id, number in numbered])
    return numbered


def _put_row(database: Connection, study_id: int, trial: FrozenTrial) -> int:
    assert trial.datetime_start is not None
    row = {
        "study_id": study_id,
        "state": trial.state,
        "datetime_start": _utc(trial.datetime_start),
    }
    made = database.execute(TRIALS.insert(), row).inserted_primary_key
    assert made is not None
    trial_id: int = made[0]
    return trial_id


def _params(trial_id: int, trial: FrozenTrial) -> Iterable[dict[str, Any]]:
    kinds = trial.distributions
    return (
        {
            "trial_id": trial_id,
            "param_name": name,
            "param_value": kinds[name].to_internal_repr(value),
            "distribution_json": distribution_to_json(kinds[name]),
        }
        for name, value in trial.params.items()
    )


def put_beats(database: Connection, trial_ids: Iterable[int]) -> None:
    """Store the first signs of life of trials."""
    rows = [{"trial_id": trial_id} for trial_id in trial_ids]
    database.execute(models.TrialHeartbeatModel.__table__.insert(), rows)


def put_attributes(
    database: Connection, attributes: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Store attributes, which JSON can hold, each with the trial of an id."""
    rows = chain.from_iterable(_attributes(*of_one) for of_one in attributes)
    _put(database, models.TrialUserAttributeModel, "key", rows)


def put_reported(database: Connection, reported: Iterable[tuple[int, float, int]]) -> None:
    """Store what was reported: a trial's id, the value of a step, the step."""
    model = models.TrialIntermediateValueModel
    rows = []
    for trial_id, value, step in reported:
        stored, kind = model.intermediate_value_to_stored_repr(value)
        of_step = {"intermediate_value": stored, "intermediate_value_type": kind}
        rows.append({"trial_id": trial_id, "step": step, **of_step})
    _put(database, model, "step", rows)


def put_ends(
    database: Connection, endings: Mapping[int, tuple[TrialState, float | None]], at: datetime
) -> set[int]:
    """Store what running trials end in, by id: a state, and what they are told with.

    Args:
        database: a transaction of it.
        endings: by trial id.
        at: when they end, in local time.

    Returns:
        Ids of those that were running; nothing is stored with the others.
    """
    ended, model, rows = set(), models.TrialValueModel, []
    for trial_id, (state, value) in endings.items():
        if database.execute(END, {"id": trial_id, "to": state, "at": _utc(at)}).rowcount:
            ended.add(trial_id)
            if value is not None:
                stored, kind = model.value_to_stored_repr(value)
                told = {"objective": 0, "value": stored, "value_type": kind}
                rows.append({"trial_id": trial_id, **told})
    _put(database, model, "objective", rows)
    return ended


def _attributes(trial_id: int, given: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    return (
        {"trial_id": trial_id, "key": key, "value_json": json.dumps(value)}
        for key, value in given.items()
    )


def _put(database: Connection, model: Any, key: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store rows in the place of those of the same trial that have the same ``key``."""
    if found := list(rows):
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
