"""What a search that has ended says: what came of it, and what could be next."""

from search.api import evidence_of
from search.auditing import Audit
from search.findings.budget import budget_lines
from search.findings.cards.pruning import pruning_said
from search.findings.evidence import Evidence
from search.findings.pruning_audit import pruning_of
from search.findings.standing import next_commands, result_lines
from search.findings.verdict import first_said
from search.job import Job
from search.storage.home import StudyHome
from search.storage.record import StudyRecord


def lines(home: StudyHome, record: StudyRecord, warning: str) -> list[str]:
    """The results of a study, what they say, and the next commands.

    Args:
        home: of the study.
        record: of it.
        warning: of the run; "": there is none.
    """
    said = first_said(evidence_of(home, record))
    results = [*result_lines(record, home), *budget_lines(record), *said]
    results += [f"warning: {warning}"] if warning else []
    return [*results, "next:", *(f"  {command}" for command in next_commands(home))]


def audited(audit: Audit, record: StudyRecord) -> list[str]:
    """What pruned trials that were run to their end, in the study of ``record``, say."""
    evidence = Evidence(record=audit.source, home=audit.search.home, audit=record)
    return [said.text for said in pruning_said(pruning_of(evidence))]


def idle(job: Job, record: StudyRecord, seconds: float) -> str:
    """What --ordered cost: how long places to train stood empty in a run of so many seconds."""
    before = {trial.number for trial in job.before.finished} if job.before else set()
    ended = [t for t in record.finished if t.number not in before]
    busy = sum(trial.stored.seconds or 0.0 for trial in ended)
    if job.placement.jobs == 1 or not ended:
        return ""
    share = max(1 - busy / (job.placement.jobs * seconds), 0)
    return f"--ordered: of the time of {job.placement.jobs} places {share:.0%} was idle"
