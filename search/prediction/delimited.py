"""CSV and its kin: what the beginning of a file tells of it, and its rows in chunks."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from data.columns import USUAL_NAMES, choose_text
from data.delimited import AS_THEY_STAND, LONGEST_FIELD
from data.errors import DataError, several, shown
from data.header import find_layout
from data.reading import Reading
from data.rows import Rows
from data.separator import (
    asked_separator,
    find_separator,
    is_spaced,
    separator_line,
    skip_comments,
)
from search.prediction.chunks import Chunk, Source, chunked
from search.prediction.csv_rows import Form, Shape
from search.prediction.text_files import TextFile, find_text_file

Line = Sequence[str]


def delimited_source(path: Path, usual: str, reading: Reading) -> Source:
    """The rows of the file ``path``, in which ``usual`` parts columns as a rule.

    Raises:
        DataError: the text's column is not found, or the file cannot be read.
    """
    csv.field_size_limit(LONGEST_FIELD)
    file = find_text_file(path, reading.encoding)
    form, head, before = _form(file, usual, reading)
    lines = _whole_lines(path, list(_parsed(form, head)), reading)
    width = len(lines[0])
    if width == 1:
        _check_header(path, lines[0][0], reading)
    layout = find_layout(path, [line for line in lines if len(line) == width], reading)
    names = tuple(layout.names)
    texts = choose_text(_sample(path, names, lines[layout.first :], layout.numbered), reading.text)
    shape = Shape(
        width=width,
        fewest=max((i for i, name in enumerate(names, start=1) if name), default=width),
        texts=[_place(path, names, name) for name in texts],
        separator=form.written,
    )

    def chunks() -> Iterator[Chunk]:
        with file.opened(newline="") as opened:
            rows = form.fields(islice(opened.text, before, None))
            for _ in range(layout.first):
                next(rows, None)
            yield from chunked((shape.row(*row) for row in rows), opened.read)

    by = "tabs" if form.written == "\t" else shown(form.written)
    parted = f"{several(width, 'column')} parted by {by}" if width > 1 else "one column"
    return Source(
        name=str(path),
        form="csv",
        columns=names,
        kinds=("str",) * width,
        chunks=chunks,
        notes=(
            f"{path}: {parted}; the text is {' + '.join(map(shown, texts))}",
            *layout.notes,
            *([] if form.quoted else [AS_THEY_STAND]),
        ),
        separator=form.written if len(form.written) == 1 else ",",
    )


def _form(file: TextFile, usual: str, reading: Reading) -> tuple[Form, str, int]:
    """How the fields are parted; the head without the lines before the table; their number."""
    text, before, separator = separator_line(file.head)
    written = separator
    if reading.separator is not None:
        text, written, separator = asked_separator(text, reading.separator)
        text = text.replace(separator, written)
    text, comments = skip_comments(text, written)
    if not separator:
        written = separator = find_separator(text, usual)
    form = Form(separator=separator, written=written, spaced=is_spaced(text, written))
    faults = [fault for _, fault in _parsed(form, text)]
    if not file.is_all:
        faults = faults[:-1]  # the head may end within a text of several lines
    if any(faults) and _is_plain(form, text):
        form = replace(form, quoted=False)
    return form, text, before + len(comments)


def _is_plain(form: Form, text: str) -> bool:
    """Whether it is a table without quotation: rows alike, and no field between two marks."""
    lines = [fields for fields, _ in _parsed(replace(form, quoted=False), text)]
    fields = (field.strip() for line in lines for field in line)
    is_even = len({*map(len, lines)}) == 1 < len(lines[0])
    return is_even and not any(f[0] == f[-1] == '"' for f in fields if len(f) > 1)


def _parsed(form: Form, head: str) -> Iterator[tuple[Line, str]]:
    return form.fields(io.StringIO(head, newline=""))


def _whole_lines(
    path: Path, parsed: Sequence[tuple[Line, str]], reading: Reading
) -> Sequence[Line]:
    """Those without a fault; a ``DataError`` where there is none, or the header has one."""
    if parsed and parsed[0][1] and reading.header is not False:
        (line, *_), fault = parsed[0]
        raise DataError(
            f"{path}, the first line {shown(line)}: {fault}, so that columns have no names; mend "
            "it, or say --no-header"
        )
    lines = [fields for fields, fault in parsed if not fault]
    if not lines:
        raise DataError(f"{path} is empty")
    return lines


def _check_header(path: Path, first: str, reading: Reading) -> None:
    """Raise a ``DataError`` where nothing tells whether the first line of texts is a header."""
    asked = {name.lower() for name in reading.asked_columns}
    is_told = reading.header is not None or first.strip().lower() in {*USUAL_NAMES, *asked}
    if not is_told:
        raise DataError(
            f"{path} has one column, as far as , ; | and tabs part columns, and its first line "
            f"{shown(first)} may be its name or a text: say --header or --no-header, or "
            "--separator"
        )


def _sample(path: Path, names: Line, lines: Sequence[Line], numbered: bool) -> Rows:
    whole = [line for line in lines if len(line) == len(names)]
    cells = {name: [line[i] for line in whole] for i, name in enumerate(names)}
    return Rows(str(path), names, cells.__getitem__, numbered=numbered)


def _place(path: Path, names: Line, name: str) -> int:
    if names.count(name) > 1:
        raise DataError(f"{path}: two columns are named {shown(name)}")
    return names.index(name)
