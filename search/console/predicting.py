"""What is printed of texts that are classified: answers on standard output, the rest beside."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from data.errors import DataError, several
from search.console.streams import nobody_reads, say, standard_output
from search.errors import DONE, FAILED
from search.interrupts import interruptible
from search.prediction.chunks import Source
from search.prediction.classifying import Outcome, classify, kept, printed
from search.prediction.lines import arguments_source, input_source
from search.prediction.model_folder import classifier_folder, load_classifier
from search.prediction.output import check_output
from search.prediction.reading import added_names, file_rows
from search.prediction.request import Request


def predict(request: Request) -> int:
    """Classify what ``request`` asks for and return an exit code: were all rows classified?"""
    try:
        with interruptible():
            return _predict(request)
    except BrokenPipeError:  # the reader, such as head, has had enough
        nobody_reads()
        return DONE
    except KeyboardInterrupt:
        say("interrupted" + ("; nothing is written" if request.output else ""))
        raise


def _predict(request: Request) -> int:
    request.check()
    folder = classifier_folder(request.model, request.study, request.storage)
    if request.output is not None:
        check_output(request.output, request.file, overwrite=request.overwrite)
    source = _source(request)
    names = added_names(source)
    for note in source.notes:
        say(note)
    if names[0] != "class":
        say(f"the answers' columns are called {names[0]} and so on: {source.name} has such ones")
    if request.study is not None:
        say(f"classifier: {folder}")
    classifier = load_classifier(folder)
    started = time.monotonic()
    with _progress(source, request) as told:
        if request.output is not None:
            to = str(request.output)
            with kept(request.output, source, names, classifier.classes_) as sink:
                outcome = classify(source, classifier, sink, to=to, told=told)
        else:
            form = "json" if request.as_json else source.form
            shown = standard_output(": name a file with --output")
            sink = printed(shown, source, names, classifier.classes_, form)
            outcome = classify(source, classifier, sink, to="standard output", told=told)
    return _summary(request, source, outcome, time.monotonic() - started)


def _source(request: Request) -> Source:
    if request.file is not None:
        return file_rows(request.file, request.reading)
    if request.texts:
        return arguments_source(request.texts)
    if sys.stdin is None or sys.stdin.closed:
        raise DataError("no texts: give them as arguments, with --input FILE or on standard input")
    if sys.stdin.isatty():
        say("a text a line; Ctrl-D ends")
    return input_source(sys.stdin.buffer, request.reading.encoding)


@contextmanager
def _progress(source: Source, request: Request) -> Iterator[Callable[[int, float], None]]:
    """A bar on standard error, where that is a terminal and a file is read."""
    console = Console(stderr=True)
    if request.file is None or sys.stderr is None or not console.is_terminal:
        yield lambda rows, read: None
        return
    columns = (BarColumn(), TextColumn("{task.percentage:.0f}%  {task.description}"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def told(rows: int, read: float) -> None:
            bar.update(task, completed=read, description=several(rows, "row"))

        yield told


def _summary(request: Request, source: Source, outcome: Outcome, seconds: float) -> int:
    """Say what became of the rows, as far as that is not on the screen."""
    if request.output is not None:
        classified = outcome.rows - outcome.faulty
        say(
            f"{request.output}: {several(outcome.rows, 'row')}, {classified:,} of them classified "
            f"in {seconds:.1f} s"
        )
    if outcome.empty:
        verb = "has" if outcome.empty == 1 else "have"
        say(f"{several(outcome.empty, 'text')} {verb} no words: the class says nothing of them")
    if not outcome.faulty:
        return DONE
    for row, reason in outcome.first:
        say(f"{source.name}, row {row:,}: {reason}")
    more = outcome.faulty - len(outcome.first)
    rest = f", {more:,} of them not named here" if more else ""
    verb = "has" if outcome.faulty == 1 else "have"
    say(f"error: {several(outcome.faulty, 'row')} {verb} no answer{rest}")
    return FAILED
