"""A search as a person at a terminal has it: lines, a live view, signals, an exit code."""

import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.console import Console

from data.corpus import DataError
from search.claim import Limits, count_finished, others_elsewhere
from search.definition import PlaceError, StudyError
from search.environment import command_line
from search.exits import DONE, FAILED, INTERRUPTED, WRONG_USE
from search.interrupts import interrupts
from search.session import Request, Session, begin
from search.storage import storage_errors

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True)
class Wishes:
    """How a search is run, beside what is searched.

    Attributes:
        limits: how far it goes.
        plan: only say what it would cost.
        hours: as many trials as that takes, in place of their number.
        quiet: print nothing but errors.
    """

    limits: Limits
    plan: bool = False
    hours: float | None = None
    quiet: bool = False


def search(request: Request, wishes: Wishes) -> int:
    """Run the search that ``request`` asks for and return the command's exit code."""
    console = Console(quiet=wishes.quiet, highlight=False, soft_wrap=True)
    again = f"  {command_line()}"
    try:
        with interrupts():
            return _search(console, request, wishes)
    except (StudyError, DataError) as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except PlaceError as error:
        print(
            f"error: {error}\nwhat is stored stays; when that is mended, go on with:\n{again}",
            file=sys.stderr,
        )
        return FAILED
    except KeyboardInterrupt:
        console.print("interrupted; what is stored stays. To go on:", again, sep="\n")
        return INTERRUPTED


def _search(console: Console, request: Request, wishes: Wishes) -> int:
    started = time.monotonic()
    session = begin(request)
    with storage_errors(session.url):
        console.print(*session.notes, sep="\n")
        limits = _limits(console, session, wishes, started)
        return DONE if limits is None else _run(console, session, limits)


def _run(console: Console, session: Session, limits: Limits) -> int:
    from search.loop import Search, SearchFailedError
    from search.progress import Progress
    from search.summary import next_commands, result_lines

    study = session.open()
    for line in _standing(study, limits):
        console.print(line)
    failure = None
    with (
        Progress(console, study, trials=limits.trials) as progress,
        session.workers() as workers,
    ):
        try:
            Search(study, session.objective, workers, limits, progress).run()
        except SearchFailedError as error:
            failure = error
    commands = [f"  {command}" for command in next_commands(study, session.url)]
    console.print("", *result_lines(study), "next:", *commands, sep="\n")
    if failure:
        print(f"error: {failure}", file=sys.stderr)
    return FAILED if failure else DONE


def _limits(console: Console, session: Session, wishes: Wishes, started: float) -> Limits | None:
    """How far the search goes; ``None`` where the plan was all that was wanted."""
    definition, jobs = session.objective.definition, len(session.devices)
    finished = count_finished(session.before) if session.before else 0
    limits = replace(wishes.limits, trials=definition.limit(wishes.limits.trials))
    if not wishes.plan and wishes.hours is None:
        return limits
    from search.plan import make_plan
    from search.summary import duration

    device = session.devices[0]
    with session.threads():
        plan = make_plan(definition, session.prepared.to(device), device)
    if wishes.hours is not None:
        seconds = wishes.hours * 3600
        more = int(seconds * jobs / plan.trial_seconds())
        if not more:
            each = duration(plan.trial_seconds())
            raise StudyError(f"--hours {wishes.hours:g}: one trial takes about {each}; give more")
        limits = replace(
            limits,
            trials=definition.limit(min(limits.trials, finished + more)),
            fits=lambda params, done: (
                time.monotonic() - started + plan.seconds(params, done) <= seconds
            ),
        )
    missing = max(limits.trials - finished, 0)
    console.print(*plan.lines(missing, jobs), sep="\n")
    return None if wishes.plan else limits


def _standing(study: "optuna.Study", limits: Limits) -> list[str]:
    """What the study already has, if anything, and whether there is anything to do."""
    finished = count_finished(study)
    elsewhere = [
        f"{count} running trials belong to {host} and are left alone; if nothing runs there, "
        "--take-over goes on with them"
        for host, count in others_elsewhere(study).items()
        if not limits.take_over
    ]
    if finished >= limits.trials:
        there = f"all {limits.trials} trials are there already ({finished} finished)"
        return [f"{there}: nothing to do", *elsewhere]
    going_on = f"going on: {finished} of {limits.trials} trials are finished"
    return [*([going_on] if finished else []), *elsewhere]
