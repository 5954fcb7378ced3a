"""A study's report in each of its forms: a page, text, data, images."""

import os
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from search.api import Study, open_study
from search.console.streams import nobody_reads, say, standard_output
from search.definition.lookup import check_name
from search.errors import StudyError, UnavailableError
from search.findings.images import check_folder, write_images
from search.findings.markdown import markdown_of
from search.findings.page import write_report
from search.findings.plain import json_of
from search.findings.sections import Findings
from search.findings.verdict import FIRST
from search.interrupts import interruptible
from search.prediction.paths import check_path
from search.storage.home import shown
from search.storage.urls import DEFAULT_STORAGE


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Options of the command.

    Attributes:
        study: name; ``None``: the one begun last.
        storage: its database.
        compare: another study's name, in the same database.
        output: where the page goes; ``None``: into the study's folder.
        open_it: show the page in the browser.
        markdown: print text in place of the page.
        as_json: print data in place of the page.
        png: folder for the figures, in place of the page.
    """

    study: str | None = None
    storage: str = DEFAULT_STORAGE
    compare: str | None = None
    output: Path | None = None
    open_it: bool = False
    markdown: bool = False
    as_json: bool = False
    png: Path | None = None

    def check(self) -> None:
        """See whether the options go together, before any work.

        Raises:
            StudyError, DataError: two do not, or a place is not possible.
            UnavailableError: a place cannot be written to.
        """
        forms = {
            "--markdown": self.markdown,
            "--json": self.as_json,
            "--png": self.png is not None,
        }
        asked = [option for option, is_asked in forms.items() if is_asked]
        if len(asked) > 1:
            raise StudyError(f"{asked[0]} and {asked[1]} are two forms of a report: ask for one")
        of_page = {"--open": self.open_it, "--output": self.output is not None}
        for option, is_asked in of_page.items():
            if is_asked and asked:
                raise StudyError(f"{option} goes with the page, which {asked[0]} does not write")
        for option, path in (("--output", self.output), ("--png", self.png)):
            if path is not None:
                check_path(option, path)
        if self.png is not None:
            check_folder(self.png)
        if self.output is not None:
            _check_page(self.output)


def report(asked: Asked) -> None:
    """Write or print the report that is asked for."""
    asked.check()
    study = open_study(asked.study, asked.storage)
    other = None
    if asked.compare is not None:
        other = open_study(asked.compare, asked.storage, option="--compare")
    if asked.markdown or asked.as_json:
        _print(study.findings(other), json_of if asked.as_json else markdown_of)
    elif asked.png is not None:
        _draw(study.findings(other), asked.png)
    else:
        _write_page(study, other, asked)


def _print(findings: Findings, form: Callable[[Findings], str]) -> None:
    """Print the findings and nothing else to standard output."""
    output = standard_output()
    with interruptible():
        text = form(findings)
        try:
            output.write(f"{text.rstrip()}\n")
            output.flush()
        except BrokenPipeError:
            nobody_reads()
        except OSError as error:
            reason = error.strerror or error
            raise UnavailableError(f"standard output cannot be written: {reason}") from None


def _draw(findings: Findings, folder: Path) -> None:
    """Write all figures, and say which."""
    with interruptible():
        files = write_images(findings.cards, folder)
    if not files:
        say(f"no figure can be drawn of the study {findings.name} yet: nothing is written")
    for file in files:
        print(shown(file))


def _write_page(study: Study, other: Study | None, asked: Asked) -> None:
    """Write the page, print where it is and what it says first; in a browser too, if asked."""
    if asked.output is None:
        check_name(study.home.name)
    findings = study.findings(other)
    place = asked.output or study.home.report
    with interruptible():
        try:
            path = write_report(findings, place)
        except OSError as error:
            reason = error.strerror or error
            raise UnavailableError(f"{shown(place)} cannot be written: {reason}") from None
        print(shown(path), *(sentence.text for sentence in findings.said[:FIRST]), sep="\n")
        if asked.open_it and not webbrowser.open(path.resolve().as_uri()):
            say("no browser could be started: open the file above in one")


def _check_page(output: Path) -> None:
    """Find out before any work whether the page can be written; a page that is there may go."""
    if output.exists() and not output.is_file():
        raise StudyError(f"--output {output} is no ordinary file")
    folder = output.resolve().parent
    if not folder.is_dir():
        raise UnavailableError(f"--output {output}: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise UnavailableError(f"--output {output}: its folder cannot be written to")
