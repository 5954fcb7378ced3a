"""Optuna's private side is as this program needs it: a new version of Optuna fails here first."""

import inspect
from pathlib import Path

import optuna
import pytest
from optuna.distributions import CategoricalDistribution
from optuna.storages._rdb import models
from optuna.storages._rdb.storage import RDBStorage

from search.storage.inside_optuna import (
    add_trial,
    begin_waiting,
    refuse_waiting,
    replace_choices,
    running_trial,
    store_attributes,
    study_in_memory,
)
from tests.search.records import COMPLETE, ME, RUNNING, running, trial

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
    (optuna.Trial, "__init__", ("self", "study", "trial_id")),
    (RDBStorage, "_set_trial_intermediate_value_without_commit",
     ("self", "session", "trial_id", "step", "intermediate_value")),
    (RDBStorage, "_set_trial_attr_without_commit",
     ("self", "session", "model_cls", "trial_id", "key", "value")),
]  # fmt: skip
COLUMNS = [
    (models.StudyModel, {"study_id"}),
    (models.StudyUserAttributeModel, {"value_json"}),
    (models.TrialModel, {"trial_id", "study_id"}),
    (models.TrialParamModel, {"param_name", "param_value", "distribution_json"}),
]


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


def test_a_running_trial_can_be_reported_to_and_told(study: optuna.Study) -> None:
    frozen = study.trials[1]
    handle = running_trial(study, frozen)
    assert (handle.number, handle.params) == (1, frozen.params)
    assert handle.study.study_name == "made"
    handle.report(0.5, 3)
    handle.set_user_attr("new", [1])
    study.tell(handle, 0.5)
    ended = study.trials[1]
    assert (ended.state, ended.value, ended.last_step) == (COMPLETE, 0.5, 3)
    assert ended.user_attrs["new"] == [1]
    assert study.trials[2].state == RUNNING


def test_attributes_are_stored_together_or_not_at_all(study: optuna.Study) -> None:
    handle = running_trial(study, study.trials[1])
    store_attributes(handle, {"one": [1], "two": {"a": None}})
    found = study.trials[1].user_attrs
    assert (found["one"], found["two"]) == ([1], {"a": None})
    store_attributes(handle, {"one": 2}, reported=(0.25, 3))
    assert study.trials[1].user_attrs["one"] == 2
    assert study.trials[1].intermediate_values == {1: 2.0, 2: 1.0, 3: 0.25}
    if hasattr(study._storage, "_backend"):
        with pytest.raises(TypeError, match="not JSON serializable"):
            store_attributes(handle, {"one": 3, "three": object()}, reported=(0.5, 4))
        assert study.trials[1].user_attrs["one"] == 2
        assert study.trials[1].last_step == 3


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
        sampler=optuna.samplers.TPESampler(seed=3),
        pruner=optuna.pruners.NopPruner(),
    )
    asked = [study.ask(given[0].distributions) for study in (copies, memory)]
    assert asked[0].number == asked[1].number == 20
    assert asked[0].params == asked[1].params
    assert memory.get_trials(deepcopy=False)[3] is copies.get_trials(deepcopy=False)[3]


def test_an_added_trial_is_the_one_that_was_added(study: optuna.Study) -> None:
    study.enqueue_trial({"lr": 0.5})  # of another program, at the same moment
    handle = add_trial(study, running(ME))
    assert (handle.number, study.trials[4].state) == (4, RUNNING)


def test_a_queued_trial_begins_with_all_its_parameters_and_once(study: optuna.Study) -> None:
    study.enqueue_trial({"lr": 0.5})
    waiting, proposed = study.trials[3], trial(params={"cell": "lstm", "lr": 0.5})
    handle = begin_waiting(study, waiting, proposed, {"owner": "me"})
    assert handle is not None
    begun = study.trials[3]
    assert (begun.state, begun.params) == (RUNNING, proposed.params)
    assert begun.distributions == proposed.distributions
    assert begun.user_attrs["owner"] == "me"
    assert begin_waiting(study, waiting, proposed, {"owner": "another"}) is None


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
