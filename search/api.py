"""Searches and studies for a script or a notebook: what the commands do, without a terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import optuna

from search.auditing import Audit, prepare_audit
from search.definition.lookup import ABLATION, AUDIT, FINAL
from search.findings.cards.comparison import compared
from search.findings.evidence import Evidence
from search.findings.importance import importances
from search.findings.page import write_report
from search.findings.sections import Findings, findings_of
from search.findings.why import why
from search.preparing import prepare_job
from search.request import Request
from search.storage.database import storage_errors
from search.storage.home import StudyHome
from search.storage.reading import find_record, load_study
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.storage.urls import DEFAULT_STORAGE
from search.trials.watcher import Silent, Watcher

__all__ = ["Findings", "Request", "Silent", "Study", "Watcher", "open_study", "search"]


def search(watcher: Watcher | None = None, **asked: Any) -> "Study":
    """Search, or go on with a search, in this process; Ctrl-C leaves a study that goes on.

    Args:
        watcher: is told of trials and epochs; default: nobody.
        asked: what ``search.run`` takes, as the fields of ``Request``: ``study="demo"``,
            ``trials=20``, ``options={"epochs": 3}`` ... ``in_process=False``: the trials train in
            processes, even one at a time, which a script must guard as ``multiprocessing`` says.

    Returns:
        The study with all its trials.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
        SearchFailedError: trials fail again and again.
        UnavailableError: a disk or the database cannot be used; the same call goes on.
    """
    started = time.monotonic()
    with _quiet():
        job = prepare_job(Request(**{"in_process": True, **asked}))
        with storage_errors(job.home.url):
            plan = job.plan() if job.request.hours is not None else None
            limits = job.limits(plan, since=started)
            study, _ = job.open()
            if (best := job.lost_best(study)) is not None:
                job.rebuild_best(best)
            began = time.monotonic()
            job.run(study, limits, watcher or Silent())
            if job.request.audit_pruning:
                audit = prepare_audit(job, study, limits, since=began)
                if isinstance(audit, Audit):
                    audit.job.run(*audit.open(), watcher or Silent())
    return open_study(job.home.name, job.home.url)


def open_study(
    name: str | None = None, storage: str = DEFAULT_STORAGE, *, option: str = "--study"
) -> "Study":
    """A study that is there: ``name``, or without one the study begun last.

    Args:
        name: of the study.
        storage: its database.
        option: the command's that named it, for the message.

    Raises:
        StudyError: there is no such study; the message lists what there is.
        UnavailableError: the database cannot be used.
    """
    with _quiet():
        return Study(*load_study(name, storage, option=option))


def evidence_of(home: StudyHome, record: StudyRecord) -> Evidence:
    """What a report works from: ``record``, the study's files, and the studies beside it.

    Raises:
        UnavailableError: the database cannot be used.
    """
    return Evidence(
        record=record,
        home=home,
        final=_beside(home, record, FINAL),
        audit=_beside(home, record, AUDIT),
        ablation=_beside(home, record, ABLATION),
    )


def _beside(home: StudyHome, record: StudyRecord, ending: str) -> StudyRecord | None:
    """The study of the same texts that is called like this one and the ``ending``, if any."""
    found = find_record(replace(home, name=record.name + ending))
    if found is None or found.binding is None or record.binding is None:
        return None
    texts = [binding.table["data"]["fingerprint"] for binding in (found.binding, record.binding)]
    return found if texts[0] == texts[1] else None


@dataclass(frozen=True)
class Study:
    """A study as it was when it was opened.

    Attributes:
        home: where it lives: database, folder, best classifier, report.
        record: what it remembers: all trials, those complete ranked from the best.
    """

    home: StudyHome
    record: StudyRecord

    @property
    def best(self) -> TrialRecord | None:
        """The best complete trial."""
        return self.record.best

    def importances(self) -> dict[str, float]:
        """How much of the trials' differences each parameter explains, largest first."""
        with _quiet():
            return importances(self.record)

    def why(self, number: int) -> str:
        """Why trial ``number`` ended as it did, in a paragraph.

        Raises:
            StudyError: there is no such trial, or another program made the study.
        """
        return why(self.record, number)

    def findings(self, compare: "Study | None" = None) -> Findings:
        """All that the study says: ``findings.importance.figure()``, ``.values``, ``.table``.

        Args:
            compare: another study of the same texts, which it is compared with.

        Raises:
            StudyError: the two cannot be compared.
            UnavailableError: the database cannot be used.
        """
        with _quiet():
            evidence = evidence_of(self.home, self.record)
            if compare is None:
                return findings_of(evidence)
            return compared(evidence, evidence_of(compare.home, compare.record))

    def write_report(self, path: Path | None = None, *, compare: "Study | None" = None) -> Path:
        """Write the report to ``path``, by default into the study's folder; where it is."""
        findings = self.findings(compare)
        with _quiet():
            return write_report(findings, path or self.home.report)


@contextmanager
def _quiet() -> Iterator[None]:
    """Optuna says nothing inside: what matters of its messages is raised as ours."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
