"""The search command as the tests call it, and what it left in the database."""

import os
from pathlib import Path

import optuna
from optuna.trial import FrozenTrial
from typer.testing import CliRunner, Result

from search.run import app

ROOT = Path(__file__).parents[2]
SMALL = ("--study", "small.toml")


def search(*arguments: str, expect: int = 0) -> Result:
    result = CliRunner().invoke(app, [*SMALL, *arguments])
    assert result.exit_code == expect, result.output
    return result


def trials(name: str = "small") -> list[FrozenTrial]:
    study = optuna.load_study(study_name=name, storage="sqlite:///studies/studies.db")
    return study.get_trials()


def facts(trial: FrozenTrial) -> tuple[object, ...]:
    """What must not depend on when or how often the search was interrupted."""
    curve = [{k: v for k, v in row.items() if k != "seconds"} for row in trial.user_attrs["curve"]]
    return trial.number, trial.state, trial.params, trial.value, trial.intermediate_values, curve


def python_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
