"""The first line of a delimited text: names of columns, or a row; and what columns are then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.columns import USUAL_NAMES
from data.encoding import read_content
from data.reading import Reading
from data.whole_numbers import INTEGER, whole

NEWS = ("class", "title", "description")  # AG News' columns, which has no header


@dataclass(frozen=True)
class Layout:
    """What the columns of a delimited text are.

    Attributes:
        names: of the columns; "" where one has none.
        first: index of the first line that is a row.
        class_names: see ``Rows``.
        replaced: columns with other values than the text's.
        numbered: see ``Rows``.
        notes: what was unusual.
        codes: see ``Rows``.
    """

    names: Sequence[str]
    first: int
    class_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    replaced: Mapping[str, Sequence[object]] = field(default_factory=dict)
    numbered: bool = False
    notes: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def find_layout(path: Path, lines: Sequence[Sequence[str]], reading: Reading) -> Layout:
    """Names for the columns of ``lines``, and where their rows begin."""
    first = lines[0]
    if reading.header:
        return Layout(first, 1)
    if _counts_columns(first) and reading.header is None:
        return Layout(first, 1, numbered=True, notes=("the header numbers the columns",))
    by_number = any(name.isdecimal() for name in reading.asked_columns)
    if not by_number and _is_news(lines):
        return _news(path, lines)
    if reading.header is False or _first_is_row(lines, reading):
        names = [str(number) for number in range(1, len(first) + 1)]
        note = f"there is no header: the columns are numbered from 1 to {len(first)}"
        return Layout(names, 0, numbered=True, notes=(note,))
    return Layout(first, 1)


def _counts_columns(first: Sequence[str]) -> bool:
    """Whether it is pandas' header of a table without names: 0, 1, 2; an index has no name."""
    named = list(first[1:] if not first[0] else first)
    return len(named) > 1 and named == [str(number) for number in range(len(named))]


def _is_news(lines: Sequence[Sequence[str]]) -> bool:
    """Whether it is AG News' form: class number, title, description.

    A second column with as many values as there are classes holds their names, no titles.
    """
    if len(lines[0]) != len(NEWS) or not INTEGER.fullmatch(lines[0][0]):
        return False
    classes = {line[0] for line in lines}
    titles = {line[1] for line in lines}
    return not 1 < len(titles) == len(classes)


def _news(path: Path, lines: Sequence[Sequence[str]]) -> Layout:
    names = _class_names_beside(path)
    values = [line[0] for line in lines]
    distinct = set(values)
    if len(names) == len(distinct) and all(map(INTEGER.fullmatch, distinct)):
        number = {value: i for i, value in enumerate(sorted(distinct, key=_whole))}
        numbers = [number[value] for value in values]
        codes = {whole(value): i for value, i in number.items()}
        return Layout(NEWS, 0, {"class": names}, {"class": numbers}, codes={"class": codes})
    return Layout(NEWS, 0)


def _whole(text: str) -> int:
    return int(text.partition(".")[0])


def _class_names_beside(path: Path) -> Sequence[str]:
    beside = path.with_name("classes.txt")
    if not beside.is_file():
        return ()
    text = read_content(beside, None).text
    return [line.strip() for line in text.split("\n") if line.strip()]


def _first_is_row(lines: Sequence[Sequence[str]], reading: Reading) -> bool:
    """Whether the first line holds no names: a cell of it stands again below.

    Such a cell is a class, if its column has few values.
    """
    first = lines[0]
    names = {name.strip().lower() for name in first}
    asked = {name.strip().lower() for name in reading.asked_columns}
    if names & {*USUAL_NAMES, *asked} or len(first) < 2:
        return False
    for cell, values in zip(first, zip(*lines, strict=True), strict=True):
        if cell.strip() and values.count(cell) > 1 and 2 * len(set(values)) <= len(values):
            return True
    return False
