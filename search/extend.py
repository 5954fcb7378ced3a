"""Widening the space of a study that has trials: they stay, as trials of the wider space."""

import json
from typing import Any

from search.binding import bound_definition
from search.definition import Definition, StudyError
from search.domain import Choice, Range, Value, options
from search.space import distributions

WAYS = "--extend-space takes a wider range, more choices, or a new parameter with a default"


def check_extension(stored: dict[str, Any], bound: dict[str, Any]) -> None:
    """See that ``bound`` only widens the space that is stored.

    Raises:
        StudyError: it does something else; the message says what.
    """
    before, now = (bound_definition(table) for table in (stored, bound))
    if not before.space:
        raise StudyError(f"a study without [space] cannot be extended; {WAYS}")
    for name in before.space:
        if name not in now.space:
            raise StudyError(f"[space] {name}: was searched and is gone; {WAYS}")
        _check_wider(name, before.space[name], now.space[name])
    for name, domain in now.space.items():
        if name not in before.space:
            _check_new(name, domain, before)
    same = {"space": {}, "fixed": {k: v for k, v in now.fixed.items() if k not in now.space}}
    kept = {k: v for k, v in before.fixed.items() if k not in now.space}
    if before.model_dump() | same | {"fixed": kept} != now.model_dump() | same:
        raise StudyError(f"more than [space] differs; {WAYS}")


def extend_study(url: str, name: str, bound: dict[str, Any]) -> None:
    """Put ``bound`` in the place of the stored definition, in one transaction.

    Optuna refuses new choices for a parameter it knows, and new parameters of finished trials,
    so its tables are written to: each trial's parameters get the new distributions, and the
    default where the parameter is new.
    """
    from optuna.storages._rdb import models
    from sqlalchemy import NullPool, create_engine
    from sqlalchemy.orm import Session

    kinds = distributions(bound_definition(bound))
    defaults = {k: _default(v) for k, v in bound_definition(bound).space.items()}
    with Session(create_engine(url, poolclass=NullPool)) as session, session.begin():
        study = models.StudyModel.find_or_raise_by_name(name, session)
        attribute = models.StudyUserAttributeModel.find_by_study_and_key(
            study, "definition", session
        )
        assert attribute is not None
        attribute.value_json = json.dumps(bound)
        for trial in session.query(models.TrialModel).filter_by(study_id=study.study_id):
            _extend_trial(session, int(trial.trial_id), kinds, defaults)


def _extend_trial(
    session: Any, trial_id: int, kinds: dict[str, Any], defaults: dict[str, Value | None]
) -> None:
    from optuna.distributions import distribution_to_json, json_to_distribution
    from optuna.storages._rdb import models

    rows = {str(p.param_name): p for p in models.TrialParamModel.where_trial_id(trial_id, session)}
    for name, kind in kinds.items():
        row = rows.get(name)
        if row is None:
            value = defaults[name]
            row = models.TrialParamModel(trial_id=trial_id, param_name=name)
            session.add(row)
        else:
            old = json_to_distribution(str(row.distribution_json))
            value = old.to_external_repr(float(row.param_value))
        row.param_value = kind.to_internal_repr(value)
        row.distribution_json = distribution_to_json(kind)


def _check_wider(name: str, before: Any, now: Any) -> None:
    if isinstance(before, Range) != isinstance(now, Range):
        raise StudyError(f"[space] {name}: a range cannot become a choice, nor the reverse")
    if not isinstance(before, Range):
        lost = [value for value in options(before) or [] if value not in (options(now) or [])]
        if lost:
            raise StudyError(f"[space] {name}: {lost[0]!r} was a choice and is gone; {WAYS}")
        return
    if (before.log, before.step) != (now.log, now.step):
        raise StudyError(f"[space] {name}: step and log cannot change; {WAYS}")
    if now.low > before.low or now.high < before.high:
        raise StudyError(
            f"[space] {name}: {now.low} to {now.high} does not hold {before.low} to "
            f"{before.high}; {WAYS}"
        )
    steps = (before.low - now.low) / (now.step or 1)
    if now.step and abs(steps - round(steps)) > 1e-9:
        raise StudyError(f"[space] {name}: from {now.low}, steps of {now.step} miss {before.low}")


def _check_new(name: str, domain: Any, before: Definition) -> None:
    of_model, of_training = before.settings({})
    used = {**of_model.model_dump(), **of_training.model_dump()}[name]
    default = _default(domain)
    if default is None:
        raise StudyError(f"[space] {name}: new, so it needs a default, which stands for the old "
                         f"trials: default = {json.dumps(used)}")  # fmt: skip
    if default != used:
        raise StudyError(f"[space] {name}: the old trials ran with {json.dumps(used)}, so that "
                         f"must be its default, not {json.dumps(default)}")  # fmt: skip


def _default(domain: Any) -> Value | None:
    return domain.default if isinstance(domain, Choice | Range) else None
