"""A search as a person at a terminal has it: lines, a live view, signals, an exit code."""

import signal
import sys
from types import FrameType

from rich.console import Console

from data.corpus import DataError
from search.definition import StudyError
from search.environment import command_line
from search.session import Request, Session, begin

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def search(request: Request, *, trials: int, timeout: float | None, quiet: bool) -> int:
    """Run the search that ``request`` asks for and return the command's exit code."""
    console = Console(quiet=quiet, highlight=False, soft_wrap=True)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _search(console, begin(request), trials=trials, timeout=timeout)
    except (StudyError, DataError) as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        console.print(
            "interrupted; what is stored stays. To go on:", f"  {command_line()}", sep="\n"
        )
        return INTERRUPTED


def _search(console: Console, session: Session, *, trials: int, timeout: float | None) -> int:
    from search.loop import SearchFailedError, run_search
    from search.progress import Progress
    from search.summary import next_commands, result_lines

    total = session.objective.definition.limit(trials)
    console.print(*session.notes, *_standing(session, total), sep="\n")
    failure = None
    with Progress(console, session.study, trials=total) as progress:
        try:
            run_search(
                session.study, session.objective, trials=total, timeout=timeout, progress=progress
            )
        except SearchFailedError as error:
            failure = error
    commands = [f"  {command}" for command in next_commands(session.study, session.url)]
    console.print("", *result_lines(session.study), "next:", *commands, sep="\n")
    if failure:
        print(f"error: {failure}", file=sys.stderr)
    return FAILED if failure else DONE


def _standing(session: Session, total: int) -> list[str]:
    """What the study already has, if anything, and whether there is anything to do."""
    from search.loop import count_finished

    finished = count_finished(session.study)
    if finished >= total:
        return [f"all {total} trials are there already ({finished} finished): nothing to do"]
    return [f"going on: {finished} of {total} trials are finished"] if finished else []


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
