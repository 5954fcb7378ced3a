"""A study of two in its storage."""

from pathlib import Path

import optuna
import pytest

from search.storage.database import make_database
from tests.search.records import ME, running, trial


@pytest.fixture(params=["in memory", "in a database"])
def study(request: pytest.FixtureRequest, tmp_path: Path) -> optuna.Study:
    """A second study of its storage: numbers of its trials are not their ids."""
    return _second(None if request.param == "in memory" else f"sqlite:///{tmp_path}/made.db")


@pytest.fixture
def shared(storage: str) -> tuple[optuna.Study, str]:
    """A study in a database, which other programs can open."""
    return _second(storage), storage


def _second(storage: str | None) -> optuna.Study:
    database = None if storage is None else make_database(storage)
    first = optuna.create_study(study_name="first", storage=database)
    first.add_trial(trial())
    made = optuna.create_study(study_name="made", storage=first._storage)
    made.add_trials([trial(), running(ME, [2.0, 1.0]), running(ME)])
    return made
