"""A search as a person at a terminal has it: lines, a live view, signals, an exit code."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from rich.console import Console

from data.corpus import DataError
from search.claim import Limits, count_finished, others_elsewhere
from search.definition import PlaceError, StudyError
from search.environment import command_line
from search.session import Request, Session, begin
from search.storage import storage_errors

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def search(request: Request, limits: Limits, *, quiet: bool) -> int:
    """Run the search that ``request`` asks for and return the command's exit code."""
    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    again = f"  {command_line()}"
    try:
        with _interrupts():
            return _search(console, begin(request), limits)
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


def _search(console: Console, session: Session, limits: Limits) -> int:
    from search.loop import Search, SearchFailedError
    from search.progress import Progress
    from search.summary import next_commands, result_lines

    study, objective = session.study, session.objective
    limits = replace(limits, trials=objective.definition.limit(limits.trials))
    console.print(*session.notes, *_standing(session, limits), sep="\n")
    failure = None
    with storage_errors(session.url):
        with Progress(console, study, trials=limits.trials) as progress:
            with session.workers() as workers:
                try:
                    Search(study, objective, workers, limits, progress).run()
                except SearchFailedError as error:
                    failure = error
        commands = [f"  {command}" for command in next_commands(study, session.url)]
        console.print("", *result_lines(study), "next:", *commands, sep="\n")
    if failure:
        print(f"error: {failure}", file=sys.stderr)
    return FAILED if failure else DONE


def _standing(session: Session, limits: Limits) -> list[str]:
    """What the study already has, if anything, and whether there is anything to do."""
    finished = count_finished(session.study)
    elsewhere = [
        f"{count} running trials belong to {host} and are left alone; if nothing runs there, "
        "--take-over goes on with them"
        for host, count in others_elsewhere(session.study).items()
        if not limits.take_over
    ]
    if finished >= limits.trials:
        there = f"all {limits.trials} trials are there already ({finished} finished)"
        return [f"{there}: nothing to do", *elsewhere]
    going_on = f"going on: {finished} of {limits.trials} trials are finished"
    return [*([going_on] if finished else []), *elsewhere]


@contextmanager
def _interrupts() -> Iterator[None]:
    """Ctrl-C and SIGTERM end a search in order, and a second one at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end_at_once)
    raise KeyboardInterrupt


def _end_at_once(_signal: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)
