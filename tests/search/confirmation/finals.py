"""``search.final`` as the tests call it, and what it left in the database."""

import optuna
from typer.testing import CliRunner

from search.final import app
from search.storage.record import StudyRecord
from tests.search.commands import (
    DATABASE,
)

OPTIONS = ("--configs", "2", "--seeds", "2")


def final(*arguments: str, expect: int = 0) -> str:
    """What it printed."""
    result = CliRunner().invoke(app, ["--study", "small", *OPTIONS, *arguments])
    assert result.exit_code == expect, result.output
    return result.output


def final_record() -> StudyRecord:
    return StudyRecord.of(optuna.load_study(study_name="small-final", storage=DATABASE))
