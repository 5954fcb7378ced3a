"""Optuna's private side is as this program needs it: a new version of Optuna fails here first."""

import inspect
from pathlib import Path

import optuna
import pytest
from optuna.distributions import CategoricalDistribution
from optuna.storages._cached_storage import _CachedStorage
from optuna.storages._rdb import models

from search.storage.inside_optuna import refuse_waiting, replace_choices, study_in_memory
from tests.search.records import COMPLETE, ME, running, trial

NEEDED = [
    (models.StudyModel, "find_or_raise_by_name", ("study_name", "session")),
    (models.StudyUserAttributeModel, "find_by_study_and_key", ("study", "key", "session")),
    (models.TrialParamModel, "where_trial_id", ("trial_id", "session")),
    (optuna.storages.BaseStorage, "create_new_trial", ("self", "study_id", "template_trial")),
    (optuna.storages.BaseStorage, "set_trial_param",
     ("self", "trial_id", "param_name", "param_value_internal", "distribution")),
    (optuna.storages.BaseStorage, "set_trial_user_attr", ("self", "trial_id", "key", "value")),
    (optuna.storages.BaseStorage, "set_trial_state_values", ("self", "trial_id", "state")),
    (optuna.storages.BaseStorage, "get_trial", ("self", "trial_id")),
    (optuna.storages.BaseStorage, "set_trial_intermediate_value",
     ("self", "trial_id", "step", "intermediate_value")),
    (_CachedStorage, "_add_trials_to_cache", ("self", "study_id", "trials")),
    (models.TrialValueModel, "value_to_stored_repr", ("value",)),
    (models.TrialIntermediateValueModel, "intermediate_value_to_stored_repr", ("value",)),
]  # fmt: skip
COLUMNS = [
    (models.StudyModel, {"study_id"}),
    (models.StudyUserAttributeModel, {"value_json"}),
    (models.TrialModel,
     {"trial_id", "study_id", "number", "state", "datetime_start", "datetime_complete"}),
    (models.TrialParamModel, {"trial_id", "param_name", "param_value", "distribution_json"}),
    (models.TrialUserAttributeModel, {"trial_id", "key", "value_json"}),
    (models.TrialSystemAttributeModel, {"trial_id", "key", "value_json"}),
    (models.TrialValueModel, {"trial_id", "objective", "value", "value_type"}),
    (models.TrialIntermediateValueModel,
     {"trial_id", "step", "intermediate_value", "intermediate_value_type"}),
]  # fmt: skip


@pytest.fixture(params=["in memory", "in a database"])
def study(request: pytest.FixtureRequest, tmp_path: Path) -> optuna.Study:
    """A second study of its storage: numbers of its trials are not their ids."""
    storage = None if request.param == "in memory" else f"sqlite:///{tmp_path}/made.db"
    first = optuna.create_study(study_name="first", storage=storage)
    first.add_trial(trial())
    made = optuna.create_study(study_name="made", storage=first._storage)
    made.add_trials([trial(), running(ME, [2.0, 1.0]), running(ME)])
    return made


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    NEEDED,
    ids=[f"{owner.__name__}.{name}" for owner, name, _ in NEEDED],
)
def test_what_is_called_takes_what_it_is_given(
    owner: type, name: str, parameters: tuple[str, ...]
) -> None:
    assert hasattr(owner, name), f"Optuna {optuna.__version__}: {owner.__name__}.{name} is gone"
    taken = list(inspect.signature(getattr(owner, name)).parameters.values())
    names = [parameter.name for parameter in taken]
    told = f"Optuna {optuna.__version__}: {owner.__name__}.{name} takes {names}"
    assert names[: len(parameters)] == list(parameters), told
    more = [p.name for p in taken[len(parameters) :] if p.default is inspect.Parameter.empty]
    assert not more, f"{told}, and needs {more} too"


@pytest.mark.parametrize(
    ("table", "columns"), COLUMNS, ids=[table.__name__ for table, _ in COLUMNS]
)
def test_tables_have_the_columns(table: type[models.BaseModel], columns: set[str]) -> None:
    there = set(table.__table__.columns.keys())
    assert columns <= there, f"Optuna {optuna.__version__}: {table.__name__} has {sorted(there)}"


def test_studies_and_trials_know_their_ids_and_storage(study: optuna.Study) -> None:
    assert isinstance(study._study_id, int)
    assert isinstance(study._storage, optuna.storages.BaseStorage)
    assert [isinstance(found._trial_id, int) for found in study.trials] == [True] * 3


def test_a_study_in_memory_is_asked_on_the_trials_themselves() -> None:
    """And what it proposes is what it would of copies."""
    given = [
        trial(COMPLETE, [float(n % 7)], params={"cell": "gru", "lr": 10 ** -(n / 8)})
        for n in range(20)
    ]
    copies = optuna.create_study(study_name="made", sampler=optuna.samplers.TPESampler(seed=3))
    copies.add_trials(given)
    memory = study_in_memory(
        "made",
        [optuna.study.StudyDirection.MINIMIZE],
        copies.get_trials(deepcopy=False),
        pruner=optuna.pruners.NopPruner(),
    )
    memory.sampler = optuna.samplers.TPESampler(seed=3)
    asked = [study.ask(given[0].distributions) for study in (copies, memory)]
    assert asked[0].number == asked[1].number == 20
    assert asked[0].params == asked[1].params
    assert memory.get_trials(deepcopy=False)[3] is copies.get_trials(deepcopy=False)[3]


def test_a_queued_trial_that_is_refused_has_failed(study: optuna.Study) -> None:
    study.enqueue_trial({"lr": 0.5})
    refuse_waiting(study, study.trials[3], {"why": "no"})
    refused = study.trials[3]
    assert (refused.state.name, refused.user_attrs["why"]) == ("FAIL", "no")
    assert refused.datetime_start is not None, "else no other study takes a copy of it"


def test_choices_are_replaced_and_trials_keep_their_values(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/made.db"
    for name in ("other", "made"):
        made = optuna.create_study(study_name=name, storage=url)
        made.set_user_attr("definition", {"old": True})
        made.add_trials([trial(params={"cell": cell, "lr": 0.5}) for cell in ("gru", "lstm")])
    wider = CategoricalDistribution(("rnn", "lstm", "gru"))
    replace_choices(url, "made", {"cell": wider}, attribute=("definition", {"old": False}))
    made, other = (optuna.load_study(study_name=name, storage=url) for name in ("made", "other"))
    assert [found.params for found in made.trials] == [found.params for found in other.trials]
    assert [found.distributions["cell"] for found in made.trials] == [wider] * 2
    assert made.trials[0].distributions["lr"] == other.trials[0].distributions["lr"]
    assert made.user_attrs == {"definition": {"old": False}}
    assert other.trials[0].distributions["cell"] == CategoricalDistribution(("gru", "lstm"))
    assert other.user_attrs == {"definition": {"old": True}}
    assert made.ask({"cell": wider}).params["cell"] in wider.choices
