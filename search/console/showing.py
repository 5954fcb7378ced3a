"""What is printed of studies that are there: all of them, one, one of its trials, its report."""

import sys
import webbrowser

from rich.console import Console

from search.api import open_study
from search.console.tables import studies_table, trial_line
from search.definition.lookup import check_name
from search.findings.standing import standing_lines
from search.interrupts import interruptible
from search.storage.home import shown
from search.storage.studies import load_studies


def show_studies(storage: str) -> None:
    """Print a line for each study of ``storage``."""
    _console().print(studies_table(load_studies(storage)))


def show_study(name: str, storage: str) -> None:
    """Print all trials of the study ``name``, and how it stands."""
    study, console = open_study(name, storage), _console()
    for trial in study.record.trials:
        console.print(trial_line(trial))
    console.print(*standing_lines(study.record, study.home), sep="\n")


def show_why(number: int, name: str | None, storage: str) -> None:
    """Print why trial ``number`` of a study ended as it did."""
    _console().print(open_study(name, storage).why(number))


def show_report(name: str | None, storage: str, *, open_it: bool) -> None:
    """Write the report of a study and print where it is; ``open_it``: in a browser too."""
    study = open_study(name, storage)
    check_name(study.home.name)
    with interruptible():
        path = study.write_report()
        print(shown(path))
        if open_it and not webbrowser.open(path.resolve().as_uri()):
            print("no browser could be started: open the file above in one", file=sys.stderr)


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, markup=False)
