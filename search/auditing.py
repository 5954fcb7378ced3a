"""Was pruning fair: some pruned trials of a search, drawn at random, are run to their end.

They are trials of a second study, NAME-audit, in the same storage, which prunes nothing: each is
queued with the seed of the pruned trial that it repeats, so that its first epochs are that one's
again, and run by the same loop as any others. No trial of the search knows of them.
"""

import time
from dataclasses import dataclass

import optuna
from optuna.trial import TrialState

from data.errors import several
from search.definition.lookup import AUDIT
from search.definition.tables import Definition
from search.job import Job
from search.storage.attributes import Stored
from search.storage.marks import queue_as
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.limits import Limits
from search.trials.seeds import derive

ENDED = (TrialState.COMPLETE, TrialState.FAIL)


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Pruned trials that are to be finished.

    Attributes:
        search: the job of the search.
        source: its study.
        job: of the audit's study.
        chosen: trials of ``source``.
        spent: seconds of ``--timeout`` that the search took.
    """

    search: Job
    source: StudyRecord
    job: Job
    chosen: tuple[TrialRecord, ...]
    spent: float

    @property
    def line(self) -> str:
        """What will be done, for the user."""
        of = len(_pruned(self.source))
        there = kept(self.job.before) if self.job.before else []
        complete = {t.stored.finishes for t in there if t.state in ENDED}
        left = sum(trial.number not in complete for trial in self.chosen)
        which = f"{len(self.chosen)} of {several(of, 'pruned trial')}"
        name = self.job.home.name
        if not left:
            return f"{which} were run to their end in {name}: nothing to do"
        return f"{which} are run to their end in {name}, with their own seeds; {left} to go"

    def open(self) -> tuple[optuna.Study, Limits]:
        """The audit's study with all that is missing in its queue, and how far the run goes."""
        study, _ = self.job.open()
        self.job.take_baseline(study, self.source)
        with self.job.home.lock():
            there = {t.stored.finishes for t in kept(StudyRecord.of(study))}
            for trial in self.chosen:
                if trial.number not in there:
                    queue_as(study, trial.params, self._stored(trial))
            record = StudyRecord.of(study)
        return study, self._limits(record)

    def _stored(self, trial: TrialRecord) -> Stored:
        seed = self.search.objective.task(trial).seed
        repetition = trial.stored.repetition
        return Stored(repetition=repetition, seed=seed, finishes=trial.number)

    def _limits(self, record: StudyRecord) -> Limits:
        """As those of a confirmation: what a larger audit left behind waits for that one."""
        chosen = {trial.number for trial in self.chosen}
        wanted = {
            t.number
            for t in record.trials
            if t.stored.finishes in chosen and t.state != TrialState.FAIL
        }
        others = sum(trial.number not in wanted for trial in record.finished)
        asked = self.search.request
        return Limits(
            trials=others + len(wanted),
            timeout=None if asked.timeout is None else asked.timeout - self.spent,
            failures=asked.max_failures,
            take_over=asked.take_over,
            only=wanted,
        )


def prepare_audit(
    search: Job, study: optuna.Study, limits: Limits, *, since: float
) -> Audit | str:
    """What ``--audit-pruning`` asks for, once ``study`` has been searched; or why it is not done.

    Args:
        search: the job of the search.
        study: of it.
        limits: of the search.
        since: when it began, on the monotonic clock.
    """
    source = StudyRecord.of(study)
    if limits.total is not None and len(source.finished) < limits.total:
        return "pruned trials are finished once the search has all its trials"
    job = search.beside(AUDIT, audit_definition(search.objective.definition))
    chosen = draw(source, job.before, search.request.audit_pruning)
    if not chosen:
        return "no trial was pruned: there is none to finish"
    spent = time.monotonic() - since
    return Audit(search=search, source=source, job=job, chosen=tuple(chosen), spent=spent)


def audit_definition(definition: Definition) -> Definition:
    """That of the audit's study: nothing is pruned, and each trial is given its seed."""
    search = definition.search.model_copy(update={"pruner": "none", "seeds": "given"})
    rows = [] if definition.space else definition.enqueue  # that say what a space would
    return definition.model_copy(update={"search": search, "enqueue": rows})


def draw(source: StudyRecord, audit: StudyRecord | None, count: int) -> list[TrialRecord]:
    """So many pruned trials of ``source``, or all: those of the ``audit`` first, others by lot.

    Each trial's lot depends on the study's seed and its number, so that a larger count adds to a
    smaller one's.
    """
    there = {t.stored.finishes for t in kept(audit)} if audit else set()
    seed = source.binding.definition.search.seed if source.binding else 0
    lots = {t.number: derive(seed, t.number, "audit") for t in _pruned(source)}
    return sorted(_pruned(source), key=lambda t: (t.number not in there, lots[t.number]))[:count]


def _pruned(source: StudyRecord) -> list[TrialRecord]:
    return [t for t in source.finished if t.state == TrialState.PRUNED and t.stored.curve]


def kept(audit: StudyRecord) -> list[TrialRecord]:
    """The trials of an audit that need not be tried again.

    A training that diverges would do so again, and has shown that pruning it was right.
    """

    def is_kept(trial: TrialRecord) -> bool:
        failure = trial.stored.failure
        diverged = failure is not None and failure.kind == "not finite"
        return trial.state != TrialState.FAIL or diverged

    return [trial for trial in audit.trials if is_kept(trial)]
