"""The best configurations of a study, trained again with fresh seeds: the way to a final model."""

from collections.abc import Callable
from dataclasses import dataclass

import optuna

from data.errors import several
from search.confirmation.sealed import check
from search.confirmation.shortlist import (
    final_definition,
    queue_missing,
    shortlist,
)
from search.definition.lookup import AUDIT, FINAL
from search.findings.lineup import Lineup, Run, incomplete, runs
from search.findings.text import duration
from search.job import Job
from search.preparing import prepare_job
from search.request import FinalRequest
from search.storage.home import StudyHome
from search.storage.reading import load_studies, load_study
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.limits import Limits
from search.trials.plan import MARGIN, make_plan


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """All that a confirmation needs, checked and loaded; nothing is written yet.

    Attributes:
        asked: what was asked for.
        source: the study whose configurations are confirmed.
        home: of that study.
        job: of the final study, which trains them.
        chosen: the best trial of each configuration, best first.
        notes: lines to tell the user first.
    """

    asked: FinalRequest
    source: StudyRecord
    home: StudyHome
    job: Job
    chosen: tuple[TrialRecord, ...]
    notes: tuple[str, ...]

    @property
    def runs(self) -> list[Run]:
        """All trainings that are wanted."""
        return runs(self.chosen, self.asked.seeds)

    @property
    def left(self) -> list[Run]:
        """Those that are not complete."""
        record = self.job.before
        return self.runs if record is None else incomplete(record, self.runs)

    def plan(self) -> list[str]:
        """What the missing trainings will cost, measured here."""
        job, left = self.job, self.left
        rows = [trial.params for trial in self.chosen]
        listed = job.objective.definition.model_copy(update={"space": {}, "enqueue": rows})
        plan = make_plan(listed, job.prepared, job.placement)
        taken = sum(plan.seconds(params) for params, _ in left) / MARGIN / job.placement.jobs
        at_once = f", {job.placement.jobs} at once" if job.placement.jobs > 1 else ""
        return [
            f"{several(len(self.chosen), 'configuration')}, "
            f"{several(self.asked.seeds, 'seed')} each: {several(len(left), 'training')} to run",
            f"time: about {duration(taken)}{at_once}",
        ]

    def queue(self, study: optuna.Study) -> Limits:
        """Queue what is missing of ``study``, which is open; how far the run goes."""
        with self.job.home.lock():
            # What a larger confirmation left behind waits for that one to go on.
            return queue_missing(study, self.runs, take_over=self.asked.take_over)

    def lineup(self, study: optuna.Study) -> Lineup:
        """What the seeds say.

        Raises:
            StudyError: none is complete.
        """
        return Lineup.of(self.chosen, StudyRecord.of(study), self.asked.seeds)


def prepare_confirmation(
    asked: FinalRequest, say: Callable[[str], None] = lambda line: None
) -> Confirmation:
    """Check all that can be checked, then load the texts.

    Args:
        asked: what is asked for.
        say: is told what takes long, before it begins.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
        UnavailableError: the database cannot be used.
    """
    home, source = load_study(asked.study or latest(asked.storage), asked.storage)
    check(source, asked.dataset, asked.test)
    chosen = tuple(shortlist(source, asked.configs))
    searched = prepare_job(asked.of_first(home.name), say)
    definition = final_definition(searched.objective.definition)
    job = searched.beside(FINAL, definition, keeps_nets=True)
    return Confirmation(
        asked=asked,
        source=source,
        home=home,
        job=job,
        chosen=chosen,
        notes=(*_notes(source, asked, len(chosen)), *job.notes),
    )


def latest(storage: str) -> str | None:
    """The study begun last that belongs to no other one, as a confirmation does."""
    names = [record.name for record in load_studies(storage) if not _is_second(record)]
    return names[-1] if names else None


def _is_second(record: StudyRecord) -> bool:
    if record.binding is None:
        return False
    if record.ablation is not None:
        return True
    is_final = record.name.endswith(FINAL) and record.binding.shares_seeds
    return is_final or (record.name.endswith(AUDIT) and record.binding.is_audit)


def _notes(source: StudyRecord, asked: FinalRequest, found: int) -> list[str]:
    """What the user should know of the study before its configurations are trained."""
    notes = []
    if source.alive:
        running = several(len(source.alive), "trial is", "trials are")
        notes.append(
            f"{running} still running in {source.name}: this goes by the "
            f"{len(source.complete)} that are complete"
        )
    if found < asked.configs:
        there = several(found, "configuration is", "configurations are")
        notes.append(f"{asked.configs} configurations are asked for, {there} complete")
    return notes
