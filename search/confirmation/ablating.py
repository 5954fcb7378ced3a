"""One change at a time, trained: an ablation as trials of a study NAME-ablation."""

from collections.abc import Callable
from dataclasses import dataclass

import optuna
from optuna.trial import TrialState

from data.errors import first_of, listed, several
from search.confirmation.confirming import latest
from search.confirmation.ends import ablation_definition, both_ends, goal_of, route_of, start_of
from search.confirmation.reuse import Reused, reuse
from search.confirmation.shortlist import queue_missing
from search.definition.domain import Value
from search.definition.lookup import ABLATION, FINAL
from search.definition.route import Route, Run
from search.definition.tables import Definition
from search.errors import StudyError
from search.findings.lineup import run_of
from search.findings.text import duration
from search.findings.trained import Trained
from search.job import Job
from search.preparing import prepare_job
from search.request import AblationRequest
from search.storage.home import StudyHome
from search.storage.marks import store_route
from search.storage.reading import find_record, load_study
from search.storage.record import StudyRecord
from search.trials.limits import Limits
from search.trials.objective import check_precision
from search.trials.plan import MARGIN, make_plan


@dataclass(frozen=True, kw_only=True)
class Ablating:
    """All that an ablation needs, checked and loaded; nothing is written yet.

    Attributes:
        asked: what was asked for.
        source: the study that was searched.
        job: of the ablation's study.
        route: between which configurations.
        notes: lines to tell the user first.
    """

    asked: AblationRequest
    source: StudyRecord
    job: Job
    route: Route
    notes: tuple[str, ...]

    def plan(self) -> list[str]:
        """What the trainings will cost at most, measured here."""
        job, route = self.job, self.route
        runs, more = _runs(route)
        there = Trained(record=job.before, route=route) if job.before else None
        if there is not None and not there.walk().wanted:
            return ["all of it is trained: nothing to run"]
        left = [run for run in runs if there is None or there.value(*run) is None]
        rows = [params for params, _ in runs]
        as_listed = job.objective.definition.model_copy(update={"space": {}, "enqueue": rows})
        device = job.placement.devices[0]
        with job.placement.threads_of_one():
            plan = make_plan(as_listed, job.prepared.to(device), device)
        each = [plan.seconds(params) / MARGIN for params, _ in runs]
        taken = sum(plan.seconds(params) / MARGIN for params, _ in left)
        taken += more * sum(each) / len(each)
        configurations = len(runs) // route.seeds + more // route.seeds
        at_once = f", {job.placement.jobs} at once" if job.placement.jobs > 1 else ""
        most = "at most " if more else ""
        return [
            f"{several(len(route.changes), 'change')}: {most}"
            f"{several(configurations, 'configuration')}, {several(route.seeds, 'seed')} each: "
            # What another study has trained already is found as it comes up.
            f"at most {several(len(left) + more, 'training')} to run",
            f"time: at most about {duration(taken / job.placement.jobs)}{at_once}",
        ]

    def open(self) -> optuna.Study:
        """The ablation's study, which knows the route from now on."""
        study, _ = self.job.open()
        with self.job.home.lock():
            store_route(study, self.route)
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
        return list(Trained(record=StudyRecord.of(study), route=self.route).walk().wanted)

    def check_trained(self, study: optuna.Study, limits: Limits) -> None:
        """See that what was queued last has been trained.

        Raises:
            StudyError: a training failed, so that the path cannot go on.
        """
        trained = Trained(record=StudyRecord.of(study), route=self.route)
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


def prepare_ablation(
    asked: AblationRequest, say: Callable[[str], None] = lambda line: None
) -> Ablating:
    """Check all that can be checked, then load the texts.

    Args:
        asked: what is asked for.
        say: is told what takes long, before it begins.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
        UnavailableError: the database cannot be used.
    """
    home, source = load_study(asked.study or latest(asked.storage), asked.storage)
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
    before = _before(home)
    start, goal = both_ends(
        start_of(asked.start, source, definition),
        goal_of(asked.goal, source, definition, final),
        before,
    )
    made = ablation_definition(definition, start, goal, before)
    check_precision(made, searched.placement.devices[0])
    route = route_of(made, start, goal, order=asked.order, seeds=asked.seeds)
    return Ablating(
        asked=asked,
        source=source,
        job=searched.beside(ABLATION, made),
        route=route,
        notes=(*_notes(route), *searched.notes),
    )


def _before(home: StudyHome) -> Definition | None:
    """The definition that the ablation of a study has, if it is there.

    Raises:
        StudyError: a study of that name is there, and no ablation.
    """
    there = find_record(StudyHome(name=home.name + ABLATION, url=home.url))
    if there is None:
        return None
    if there.route is None or there.binding is None:
        raise StudyError(
            f"the study {there.name} is there, and no ablation: rename or delete it first"
        )
    return there.binding.definition


def _notes(route: Route) -> list[str]:
    def text(value: Value) -> str:
        return f"{value:.4g}" if isinstance(value, float) else str(value)

    ends = [(name, text(route.start[name]), text(route.goal[name])) for name in route.changes]
    changes = [f"{name} {before} -> {after}" for name, before, after in ends]
    return [f"{several(len(changes), 'change')}: {listed(changes)}"]


def _runs(route: Route) -> tuple[list[Run], int]:
    """Trainings that are known beforehand, each once, and how many more there may be."""
    if route.order:
        path = [route.at(route.order[:count]) for count in range(len(route.order) + 1)]
    else:
        path = [route.start, *(route.at([name]) for name in route.changes), route.goal]
    rows: list[dict[str, Value]] = []
    for row in [*path, *(route.without(name) for name in route.changes)]:
        if row not in rows:
            rows.append(row)
    count = len(route.changes)
    # Of d changes the path tries d, d - 1, ... 1; the first and the last of these are counted, and
    # those one before the goal are taken back too.
    more = 0 if route.order else sum(range(3, count))
    return [run for row in rows for run in route.all_seeds(row)], more * route.seeds
