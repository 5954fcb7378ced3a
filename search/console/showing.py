"""What is printed of studies that are there: all of them, one, one of its trials."""

from rich.console import Console

from search.api import evidence_of, open_study
from search.console.tables import studies_table, trial_line
from search.findings.standing import standing_lines
from search.findings.verdict import first_said
from search.storage.reading import load_studies


def show_studies(storage: str) -> None:
    """Print a line for each study of ``storage``."""
    _console().print(studies_table(load_studies(storage)))


def show_study(name: str, storage: str) -> None:
    """Print all trials of the study ``name``, and how it stands."""
    study, console = open_study(name, storage), _console()
    for trial in study.record.trials:
        console.print(trial_line(trial))
    said = first_said(evidence_of(study.home, study.record))
    console.print(*standing_lines(study.record, study.home), *said, sep="\n")


def show_why(number: int, name: str | None, storage: str) -> None:
    """Print why trial ``number`` of a study ended as it did."""
    _console().print(open_study(name, storage).why(number))


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, markup=False)
