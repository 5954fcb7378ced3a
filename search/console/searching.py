"""A search as a person at a terminal has it: lines, and a live view."""

import time

import optuna
from rich.console import Console

from data.errors import several
from search.auditing import Audit, prepare_audit
from search.console.progress import Progress
from search.errors import SearchFailedError
from search.findings.text import objective_text
from search.job import Job
from search.preparing import prepare_job
from search.request import Request
from search.storage.database import storage_errors
from search.storage.home import shown
from search.storage.record import StudyRecord
from search.trials.claim import others_elsewhere
from search.trials.limits import Limits


def search(request: Request, *, plan_only: bool = False, quiet: bool = False) -> None:
    """Run the search that ``request`` asks for.

    Args:
        request: what is asked for.
        plan_only: only say what it would cost.
        quiet: print nothing but errors.
    """
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)  # its errors reach the user as ours
    console = Console(quiet=quiet, highlight=False, soft_wrap=True, markup=False)
    started = time.monotonic()
    job = prepare_job(request, console.print)
    with storage_errors(job.home.url):
        warned = [f"warning: {line}" for line in job.card.warnings]
        console.print(*job.notes, *job.card.lines, *warned, sep="\n")
        plan = job.plan() if plan_only or request.hours is not None else None
        limits = job.limits(plan, since=started)
        if plan:
            missing = max(limits.trials - job.finished, 0)
            lines = plan.lines(missing, job.placement.jobs, hours=request.hours)
            console.print(*lines, sep="\n")
        if not plan_only:
            _run(console, job, limits)


def _run(console: Console, job: Job, limits: Limits) -> None:
    """Search, and say at the end what came of it, also where too many trials failed."""
    study, note = job.open()
    for line in [*([note] if note else []), *_before(StudyRecord.of(study), limits)]:
        console.print(line)
    if (best := job.lost_best(study)) is not None:
        where = shown(job.home.best)
        console.print(f"the classifier of trial {best.number} is not in {where}: it trains again")
        again = job.rebuild_best(best)
        name = objective_text(StudyRecord.of(study).objective)
        console.print(f"it is there again: {name} {again.score:.4f}")
    if job.request.rebuild_best:
        return
    failure, warning, began = None, "", time.monotonic()
    with Progress(console, study, limits) as progress:
        try:
            warning = job.run(study, limits, progress)
        except SearchFailedError as error:
            failure = error  # said last, below what was found all the same
    taken = time.monotonic() - began
    from search.console import ended  # SciPy's statistics and plotly take a second

    if limits.ordered and (line := ended.idle(job, StudyRecord.of(study), taken)):
        console.print(line)
    if job.request.audit_pruning and failure is None:
        audit = prepare_audit(job, study, limits, since=began)
        if isinstance(audit, Audit):
            of_pruned, failure = _finish_pruned(console, audit)
            console.print(*ended.audited(audit, of_pruned), sep="\n")
        else:
            console.print(f"--audit-pruning: {audit}")
    lines = ended.lines(job.home, StudyRecord.of(study), warning)
    console.print("", *lines, sep="\n")
    if failure:
        raise failure


def _finish_pruned(console: Console, audit: Audit) -> tuple[StudyRecord, SearchFailedError | None]:
    """Run pruned trials to their end: their study, and why that could not be gone on."""
    console.print(f"--audit-pruning: {audit.line}")
    study, limits = audit.open()
    failure = None
    with Progress(console, study, limits) as progress:
        try:
            audit.job.run(study, limits, progress)
        except SearchFailedError as error:
            failure = error
    return StudyRecord.of(study), failure


def _before(record: StudyRecord, limits: Limits) -> list[str]:
    """What the study already has, if anything, and whether there is anything to do."""
    finished = len(record.finished)
    elsewhere = [
        f"{several(count, 'running trial belongs', 'running trials belong')} to {host} and "
        f"{'is' if count == 1 else 'are'} left alone; if nothing runs there, "
        f"--take-over goes on with {'it' if count == 1 else 'them'}"
        for host, count in others_elsewhere(record).items()
        if not limits.take_over
    ]
    others = [
        f"trial {trial.number} was put in by another program: it is left alone, and not counted"
        for trial in record.of_others
    ]
    elsewhere += others
    if finished >= limits.trials:
        there = f"{_all(limits.trials)} there already ({finished} finished)"
        return [f"{there}: nothing to do", *elsewhere]
    verb = "is" if finished == 1 else "are"
    of = f"{finished} of {limits.total} trials" if limits.total else several(finished, "trial")
    going_on = f"going on: {of} {verb} finished"
    return [*([going_on] if finished else []), *elsewhere]


def _all(trials: int) -> str:
    return "the one trial is" if trials == 1 else f"all {trials} trials are"
