"""One change at a time, trained: an ablation as trials of a study NAME-ablation."""

from collections.abc import Callable
from dataclasses import dataclass

import optuna
from optuna.trial import TrialState

from data.errors import first_of, listed, several
from search.confirmation.confirming import latest
from search.confirmation.ends import ablation_definition, completed, goal_of, route_of, start_of
from search.confirmation.listing import Listing, find_listing, steps_of
from search.confirmation.reuse import Reused, reuse
from search.confirmation.shortlist import queue_missing
from search.definition.domain import Value
from search.definition.lookup import ABLATION, FINAL, find_study
from search.definition.route import Route, Run
from search.definition.steps import Asked, Steps
from search.errors import StudyError
from search.findings.lineup import run_of
from search.findings.text import duration
from search.findings.trained import Trained
from search.job import Job
from search.preparing import prepare_job
from search.request import AblationRequest
from search.storage.home import StudyHome
from search.storage.marks import store_ablation
from search.storage.reading import find_record, load_study
from search.storage.record import StudyRecord
from search.trials.limits import Limits
from search.trials.objective import check_precision
from search.trials.plan import MARGIN, make_plan

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Ablating:
    """All that an ablation needs, checked and loaded; nothing is written yet.

    Attributes:
        asked: what was asked for.
        first: the job of the study that was searched, or lists what is trained.
        source: that study; ``None``: it is made first.
        job: of the ablation's study.
        ablation: what is trained.
        notes: lines to tell the user first.
    """

    asked: AblationRequest
    first: Job
    source: StudyRecord | None
    job: Job
    ablation: Asked
    notes: tuple[str, ...]

    def plan(self) -> list[str]:
        """What the trainings will cost at most, measured here."""
        job, ablation = self.job, self.ablation
        runs, more = ablation.known_runs()
        there = Trained(record=job.before, asked=ablation) if job.before else None
        if there is not None and not there.wanted():
            return ["all of it is trained: nothing to run"]
        left = [run for run in runs if there is None or there.value(*run) is None]
        rows = [params for params, _ in runs]
        as_listed = job.objective.definition.model_copy(update={"space": {}, "enqueue": rows})
        plan = make_plan(as_listed, job.prepared, job.placement)
        each = [plan.seconds(params) / MARGIN for params, _ in runs]
        taken = sum(plan.seconds(params) / MARGIN for params, _ in left)
        taken += more * sum(each) / len(each)
        configurations = (len(runs) + more) // ablation.seeds
        at_once = f", {job.placement.jobs} at once" if job.placement.jobs > 1 else ""
        most = "at most " if more else ""
        return [
            f"{several(ablation.count, 'change')}: {most}"
            f"{several(configurations, 'configuration')}, {several(ablation.seeds, 'seed')} each: "
            # What another study has trained already is found as it comes up.
            f"at most {several(len(left) + more, 'training')} to run",
            f"time: at most about {duration(taken / job.placement.jobs)}{at_once}",
        ]

    def open(self) -> optuna.Study:
        """The ablation's study, which knows what is asked from now on."""
        if self.source is None:
            self.first.open()
        study, _ = self.job.open()
        with self.job.home.lock():
            store_ablation(study, self.ablation)
        if self.source is not None:
            self.job.take_baseline(study, self.source)
        return study

    def next(self, study: optuna.Study) -> "tuple[Limits, list[Reused]] | None":
        """Queue what has to be trained next, or take it from another study; ``None``: all is.

        Args:
            study: the ablation's, open.
        """
        found: list[Reused] = []
        while wanted := self.wanted(study):
            with self.job.home.lock():
                reused = reuse(study, self.job, wanted)
                found += reused
                if not reused:
                    limits = queue_missing(study, wanted, take_over=self.asked.take_over)
                    return limits, found
        return None if not found else (Limits(trials=0, only=()), found)

    def wanted(self, study: optuna.Study) -> list[Run]:
        """The trainings that have to come next."""
        return Trained(record=StudyRecord.of(study), asked=self.ablation).wanted()

    def check_trained(self, study: optuna.Study, limits: Limits) -> None:
        """See that what was queued last has been trained.

        Raises:
            StudyError: a training failed, so that the path cannot go on.
        """
        trained = Trained(record=StudyRecord.of(study), asked=self.ablation)
        trials = [trained.record.trials[number] for number in limits.only or ()]
        # What diverged is a result; what still waits has its turn in the next round.
        failed = [
            t for t in trials if t.state == TrialState.FAIL and trained.value(*run_of(t)) is None
        ]
        if failed:
            numbers = first_of([str(trial.number) for trial in failed])
            why = next((t.stored.failure.message for t in failed if t.stored.failure), "")
            raise StudyError(
                f"{several(len(failed), 'training')} of {trained.record.name} failed (trial "
                f"{numbers}){f': {why}' if why else ''}; the same command tries again"
            )


def prepare_ablation(asked: AblationRequest, say: Say = lambda line: None) -> Ablating:
    """Check all that can be checked, then load the texts.

    Args:
        asked: what is asked for.
        say: is told what takes long, before it begins.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
        UnavailableError: the database cannot be used.
    """
    latest_there = None if asked.study else latest(asked.storage)
    if (listing := find_listing(asked, latest_there)) is not None:
        return _prepare_steps(asked, listing, say)
    named = asked.study or latest_there
    if named is not None and named.endswith(".toml"):
        named = find_study(named).name
    home, source = load_study(named, asked.storage)
    if source.binding is None:
        raise StudyError(
            f"the study {source.name} was made by another program: its settings are not known"
        )
    stored = source.binding.definition
    final = find_record(StudyHome(name=home.name + FINAL, url=home.url))
    # What cannot be is said before the texts are read.
    goal_of(asked.goal, source, stored, final)
    start_of(asked.start, source, stored)
    searched = prepare_job(asked.of_first(home.name), say)
    definition = searched.objective.definition
    there = _there(home)
    before = there.binding.definition if there and there.binding else None
    start, goal = completed(
        [
            start_of(asked.start, source, definition),
            goal_of(asked.goal, source, definition, final),
        ],
        before,
    )
    made = ablation_definition(definition, [start, goal], before)
    check_precision(made, searched.placement.devices[0])
    route = route_of(made, start, goal, order=asked.order, seeds=asked.seeds)
    return Ablating(
        asked=asked,
        first=searched,
        source=source,
        job=searched.beside(ABLATION, made),
        ablation=route,
        notes=(*_notes(route), *searched.notes),
    )


def _prepare_steps(asked: AblationRequest, listing: Listing, say: Say) -> Ablating:
    """Likewise, of the configurations that a study file lists."""
    first = prepare_job(listing.request, say)
    definition, there = first.objective.definition, _there(first.home)
    table = listing.table
    if table is None and there and isinstance(there.ablation, Steps):
        table = there.ablation.table  # the last that was asked for
    if table is not None:
        definition = definition.model_copy(update={"ablation": table})
    before = there.binding.definition if there and there.binding else None
    steps, made = steps_of(definition, before, asked.seeds)
    check_precision(made, first.placement.devices[0])
    rows = several(len(steps.rows), "listed configuration")
    return Ablating(
        asked=asked,
        first=first,
        source=first.before,
        job=first.beside(ABLATION, made),
        ablation=steps,
        notes=(f"{rows}, each a change to an earlier one", *first.notes),
    )


def _there(home: StudyHome) -> StudyRecord | None:
    """The ablation of a study, if it is there.

    Raises:
        StudyError: a study of that name is there, and no ablation.
    """
    there = find_record(StudyHome(name=home.name + ABLATION, url=home.url))
    if there is not None and (there.ablation is None or there.binding is None):
        raise StudyError(
            f"the study {there.name} is there, and no ablation: rename or delete it first"
        )
    return there


def _notes(route: Route) -> list[str]:
    def text(value: Value) -> str:
        return f"{value:.4g}" if isinstance(value, float) else str(value)

    ends = [(name, text(route.start[name]), text(route.goal[name])) for name in route.changes]
    changes = [f"{name} {before} -> {after}" for name, before, after in ends]
    return [f"{several(len(changes), 'change')}: {listed(changes)}"]
