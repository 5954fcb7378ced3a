"""The only file that touches Optuna's private names, each where nothing public does the same.

Optuna begins a trial only by asking a sampler, reads all trials to find one, and refuses new
choices for a parameter that it knows.
"""

import json
from collections.abc import Mapping
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, distribution_to_json, json_to_distribution
from optuna.storages._rdb import models
from optuna.trial import FrozenTrial
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session


def running_trial(study: optuna.Study, trial: FrozenTrial) -> optuna.Trial:
    """The handle of a stored, running ``trial``: it can be reported to, and told."""
    return optuna.Trial(study, trial._trial_id)


def trial_numbered(study: optuna.Study, number: int) -> optuna.Trial:
    """The handle of the running trial ``number``; one trial is read, not all of them."""
    trial_id = study._storage.get_trial_id_from_study_id_trial_number(study._study_id, number)
    return optuna.Trial(study, trial_id)


def last_epoch(trial: optuna.Trial) -> int:
    """The last epoch that was reported of ``trial``; 0: none."""
    return trial.study._storage.get_trial(trial._trial_id).last_step or 0


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
                if kind := kinds.get(str(row.param_name)):
                    before = json_to_distribution(str(row.distribution_json))
                    chosen = before.to_external_repr(float(row.param_value))
                    row.param_value = kind.to_internal_repr(chosen)
                    row.distribution_json = distribution_to_json(kind)
