"""All chunks of a source through a classifier to where they go."""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from data.class_names import Label
from data.errors import DataError, shown
from model.ensemble import Classifier
from search.prediction.answers import Answers, answer
from search.prediction.chunks import Chunk, Fault, Source
from search.prediction.output import PACKED, draft_of, format_of, opened_text, writable
from search.prediction.writing import CsvSink, JsonSink, LinesSink, Sink

NAMED = 5  # faults that are kept; the others are only counted


@dataclass
class Outcome:
    """What became of the rows.

    Attributes:
        rows: their number.
        empty: of them without any token.
        faulty: of them without an answer.
        first: the first of those.
    """

    rows: int = 0
    empty: int = 0
    faulty: int = 0
    first: list[Fault] = field(default_factory=list)


def classify(
    source: Source,
    classifier: Classifier,
    sink: Sink,
    *,
    to: str,
    told: Callable[[int, float], None] = lambda rows, read: None,
) -> Outcome:
    """Read, classify and write everything.

    Args:
        source: of the rows.
        classifier: of their texts.
        sink: takes them with their answers.
        to: what messages call it.
        told: is called after each chunk with the number of rows, and the share that is read.

    Raises:
        DataError: the source cannot be read any more.
        UnavailableError: the sink cannot be written to.
    """
    outcome = Outcome()
    with closing(_answered(source, classifier)) as answered:
        for chunk, answers in answered:
            with writable(to):
                sink.write(chunk, answers)
            outcome.rows += len(chunk.texts)
            outcome.empty += answers.empty
            outcome.faulty += len(chunk.faults)
            outcome.first += chunk.faults[: NAMED - len(outcome.first)]
            told(outcome.rows, chunk.read)
    with writable(to):
        sink.close()
    return outcome


def _answered(source: Source, classifier: Classifier) -> Generator[tuple[Chunk, Answers]]:
    """Chunks with their answers; while one is classified, those beside it are read and written."""
    if source.is_live:
        yield from ((chunk, answer(classifier, chunk.texts)) for chunk in source.chunks())
        return
    with ThreadPoolExecutor(1) as helper:
        begun: list[tuple[Chunk, Future[Answers]]] = []
        for chunk in source.chunks():
            begun.append((chunk, helper.submit(answer, classifier, chunk.texts)))
            if len(begun) > 1:
                before, answers = begun.pop(0)
                yield before, answers.result()
        for before, answers in begun:
            yield before, answers.result()


def printed(
    file: TextIO, source: Source, names: Sequence[str], classes: Sequence[Label], form: str
) -> Sink:
    """A sink that writes to ``file`` in the form "lines", "csv" or "json"."""
    if form == "lines":
        return LinesSink(file, classes)
    header, plain = [*source.columns, *names], source.form != "json"
    if form == "csv":
        return CsvSink(file, header, source.separator, plain=plain)
    _check_distinct(source)
    return JsonSink(file, header)


@contextmanager
def kept(
    output: Path, source: Source, names: Sequence[str], classes: Sequence[Label]
) -> Iterator[Sink]:
    """A sink whose file is ``output`` in the end, if all goes well, and else never was.

    Raises:
        UnavailableError: it cannot be written.
    """
    form, header = format_of(output), [*source.columns, *names]
    plain = source.form != "json"
    if form not in (".csv", ".tsv"):
        _check_distinct(source)
    with draft_of(output) as draft:
        if form == ".parquet":
            from search.prediction.parquet_sink import ParquetSink  # pyarrow takes 0.2 s

            with writable(str(output)):
                sink = ParquetSink(draft, source, header, classes)
            yield sink
            return
        packed = output.name.lower().endswith(PACKED)
        with writable(str(output)), opened_text(draft, packed=packed) as file:
            if form == ".csv":
                yield CsvSink(file, header, source.separator.replace("\t", ","), plain=plain)
            elif form == ".tsv":
                yield CsvSink(file, header, "\t", plain=plain)
            else:
                yield JsonSink(file, header)


def _check_distinct(source: Source) -> None:
    """Raise a ``DataError`` where an object could not hold all columns."""
    for name in source.columns:
        if list(source.columns).count(name) > 1:
            raise DataError(
                f"{source.name}: two columns are named {shown(name)}; only .csv and .tsv can have "
                "such"
            )
