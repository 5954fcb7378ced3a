"""CSV and its kin to rows: the separator, the quotation and the header are found by looking."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.columns import USUAL_NAMES
from data.encoding import Content
from data.errors import DataError, first_of, several, shown
from data.header import Layout, find_layout
from data.reading import Reading
from data.rows import Rows
from data.separator import (
    asked_separator,
    find_separator,
    is_spaced,
    separator_line,
    skip_comments,
)

if TYPE_CHECKING:
    import _csv

AS_THEY_STAND = "quotation marks are taken as they stand: the file is written without them"
LONGEST_FIELD = 2**31 - 1  # the csv module's own limit, 128 KiB, is less than a long document

Line = Sequence[str]


@dataclass(frozen=True)
class _Text:
    """A delimited text with what was found out of it.

    Attributes:
        path: of its file.
        text: all of it, without a ``sep=`` line and comments before the header.
        separator: between its fields, one character.
        written: the separator that stands in the file.
        before: lines that stand before ``text`` in the file.
    """

    path: Path
    text: str
    separator: str
    written: str
    before: int

    def reader(self, *, quoted: bool = True) -> "_csv.Reader":
        """A new reader; without quotation a mark is a character like others."""
        lines = io.StringIO(self.text, newline="")
        if quoted:
            spaced = is_spaced(self.text, self.separator)
            return csv.reader(
                lines, delimiter=self.separator, strict=True, skipinitialspace=spaced
            )
        return csv.reader(lines, delimiter=self.separator, quoting=csv.QUOTE_NONE)


def read_delimited(path: Path, content: Content, usual: str, reading: Reading) -> Rows:
    """The rows of a CSV or TSV text.

    Args:
        path: of the file, for messages.
        content: the file's text.
        usual: separator of a file of this name; another one is found by looking.
        reading: which columns are asked for, and whether there is a header.

    Raises:
        DataError: the quotation or the number of fields is wrong; the message names the line.
    """
    csv.field_size_limit(LONGEST_FIELD)
    given, comments = _given(path, content, usual, reading)
    lines, notes = _lines(given)
    if not lines:
        raise DataError(f"{path} is empty")
    if reading.labels_file is None:
        _check_parted(given, lines, reading)
    lines = _rectangle(given, lines, quoted=not notes)
    if given.written != given.separator:
        lines = [[f.replace(given.separator, given.written) for f in line] for line in lines]
    layout = find_layout(path, lines, reading)
    names = [name for name in layout.names if name]
    twice = [name for name in names if names.count(name) > 1]
    needed = {*USUAL_NAMES, *(name.lower() for name in reading.asked_columns)}
    if meant := [name for name in twice if name.lower() in needed]:
        raise DataError(f"{path}: two columns are named {shown(meant[0])}")
    return _table(given, content, layout, lines, [*comments, *notes])


def _given(path: Path, content: Content, usual: str, reading: Reading) -> tuple[_Text, list[str]]:
    """The text that holds the table, and a note on comments before it."""
    text, before, separator = separator_line(content.text)
    written = separator
    if reading.separator is not None:
        text, written, separator = asked_separator(text, reading.separator)
    text, comments = skip_comments(text, separator)
    if not separator:
        written = separator = find_separator(text, usual)
    note = (
        f"left out before the header: {several(len(comments), 'comment')} ({shown(comments[0])})"
        if comments
        else ""
    )
    before += len(comments)
    return _Text(path, text, separator, written, before), [note] if note else []


def _table(
    given: _Text, content: Content, layout: Layout, lines: list[Line], notes: list[str]
) -> Rows:
    columns = list(zip(*lines[layout.first :], strict=True))
    table: dict[str, Sequence[object]] = {
        name: columns[i] if columns else ()
        for i, name in reversed(list(enumerate(layout.names)))  # of two with a name the first
        if name
    }
    table = {name: table[name] for name in layout.names if name}
    table |= layout.replaced
    return Rows(
        str(given.path),
        tuple(table),
        table.__getitem__,
        layout.class_names,
        typed=False,
        numbered=layout.numbered,
        separator=given.written,
        encoding=content.encoding,
        notes=(*notes, *layout.notes),
        codes=layout.codes,
    )


def _check_parted(given: _Text, lines: Sequence[Line], reading: Reading) -> None:
    """Raise a ``DataError`` where the first line and most others have one field only."""
    if len(lines[0]) == 1 and 2 * sum(len(line) == 1 for line in lines) > len(lines):
        by = shown(given.written) if reading.separator else ", ; | and tabs"
        raise DataError(
            f"{given.path}: its first line {shown(lines[0][0])} has one column only, as far as "
            f"{by} part columns; --separator names what does"
        )


def _lines(given: _Text) -> tuple[list[Line], list[str]]:
    """The fields of every line that is not blank, and notes."""
    reader = given.reader()
    failure = ""
    lines: list[Line] = []
    try:
        lines = [line for line in reader if len(line) > 1 or _is_filled(line)]
    except csv.Error as error:
        failure = f"{error}"
    runs_over = bool(failure) or (
        reader.line_num > len(lines) and any("\n" in field for line in lines for field in line)
    )
    if not runs_over:
        return lines, []
    # Texts of several lines are as common as files without quoting: only a quotation that goes
    # wrong, or that holds what looks like rows, tells that the marks are characters like others.
    swallowed = [] if failure else _swallowing(given)
    plain: list[Line] = list(filter(_is_filled, given.reader(quoted=False)))
    if (failure or swallowed) and len(set(map(len, plain))) == 1 < len(plain[0]):
        return plain, [AS_THEY_STAND]
    if failure:
        begins = _begin_of_failure(given)
        raise DataError(
            f"{given.path}, line {begins}: the quotation that begins here goes wrong ({failure})"
        )
    if swallowed and given.separator == "\t":
        raise DataError(
            f"{given.path}, line {swallowed[0]}: the quotation that begins here runs over lines "
            f"that look like rows ({several(len(swallowed), 'such place')})"
        )
    if swallowed:
        note = f"a quotation of line {swallowed[0]} runs over lines that look like rows"
        return lines, [note + f" ({several(len(swallowed), 'such place')})"]
    return lines, []


def _is_filled(line: Line) -> bool:
    """Whether it is more than white space."""
    return len(line) > 1 or bool(line and line[0].strip())


def _begin_of_failure(given: _Text) -> int:
    """The line of the file after the last one that could be read."""
    reader = given.reader()
    begins = 1
    try:
        for _ in reader:
            begins = reader.line_num + 1
    except csv.Error:
        pass
    return given.before + begins


def _swallowing(given: _Text) -> list[int]:
    """Lines of the file where a field begins that holds whole rows, as far as fields tell."""
    reader = given.reader()
    found: list[int] = []
    begins = 1
    for line in reader:
        if reader.line_num > begins:
            raw = "\n".join(line).split("\n")
            inner = [part for field in line for part in field.split("\n")[1:-1]]
            as_rows = [part for part in inner if part.count(given.separator) == len(line) - 1]
            one_line_each = given.separator == "\t" and any("\t" in part for part in raw)
            if one_line_each or (len(inner) >= 2 and len(as_rows) == len(inner)):
                found.append(given.before + begins)
        begins = reader.line_num + 1
    return found


def _rectangle(given: _Text, lines: list[Line], *, quoted: bool) -> list[Line]:
    """``lines`` with as many fields as the first; surplus fields must be empty."""
    width = len(lines[0])
    if set(map(len, lines)) == {width}:
        return lines
    # Names at the end may be empty; up to the last one every line must have a field.
    named = max((i for i, name in enumerate(lines[0], start=1) if name), default=width)
    trimmed: list[Line] = [[*line[:width], *[""] * (width - len(line))] for line in lines]
    wrong = [
        (i, len(line)) for i, line in enumerate(lines) if len(line) < named or any(line[width:])
    ]
    if not wrong:
        return trimmed
    numbers = _line_numbers(given, [i for i, _ in wrong], quoted=quoted)
    where = [f"line {n} has {count}" for n, (_, count) in zip(numbers, wrong, strict=True)]
    raise DataError(
        f"{given.path}, line {numbers[0]}: {several(len(wrong), 'line')} with another number of "
        f"fields than the first line's {width}: {first_of(where)}"
    )


def _line_numbers(given: _Text, wanted: Sequence[int], *, quoted: bool) -> list[int]:
    """In which lines of the file the ``wanted`` lines, counted without blank ones, end."""
    reader = given.reader(quoted=quoted)
    ends = [reader.line_num for line in reader if _is_filled(line)]
    return [given.before + ends[i] for i in wanted]
