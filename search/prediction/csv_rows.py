"""Lines of a delimited file to rows; one that cannot be read takes no other one with it."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from data.errors import several
from search.prediction.chunks import Row, text_of
from search.prediction.text_files import mended

LONGEST_ROW = 10_000  # lines: a quotation that runs over more has no end


@dataclass(frozen=True, kw_only=True)
class Form:
    """How the fields of a file are parted.

    Attributes:
        separator: one character.
        written: what stands in the file in its place.
        quoted: whether quotation marks mean something.
        spaced: whether a space stands behind each separator.
    """

    separator: str
    written: str
    quoted: bool = True
    spaced: bool = False

    def fields(self, lines: Iterable[str]) -> Iterator[tuple[Sequence[str], str]]:
        """The fields of each row that is not blank, and what is wrong with it or "".

        Where the quotation goes wrong the first line is such a row, with itself for a field.
        """
        taken = _Lines(iter(lines), self)
        reader = csv.reader(
            taken,
            delimiter=self.separator,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            strict=self.quoted,
            skipinitialspace=self.spaced,
        )
        while True:
            taken.begin()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield [taken.only_first()], f"its quotation goes wrong ({error})"
                continue
            if len(fields) > 1 or (fields and not taken.is_blank):
                if self.written != self.separator:
                    fields = [f.replace(self.separator, self.written) for f in fields]
                yield fields, taken.fault


class _Lines:
    """Lines for a reader, of which those behind a wrong first one can be given back."""

    def __init__(self, lines: Iterator[str], form: Form) -> None:
        self.lines = lines
        self.form = form
        self.replaces = form.written != form.separator
        self.back: list[str] = []  # the next one last
        self.taken: list[str] = []
        self.fault = ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) == LONGEST_ROW:
            raise csv.Error(f"no end within {LONGEST_ROW:,} lines")
        line = self.back.pop() if self.back else next(self.lines)
        self.taken.append(line)
        if not line.isascii():
            line, fault = mended(line)
            self.fault = self.fault or fault
        return line.replace(self.form.written, self.form.separator) if self.replaces else line

    @property
    def is_blank(self) -> bool:
        """Whether the row's lines say nothing; a pair of quotation marks is an empty text."""
        return not "".join(self.taken).strip()

    def begin(self) -> None:
        """A row begins."""
        self.taken, self.fault = [], ""

    def only_first(self) -> str:
        """The first line of the row; the others are given back."""
        first, *others = self.taken
        self.back += reversed(others)
        return mended(first)[0].rstrip("\r\n")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What every row must have.

    Attributes:
        width: its fields.
        fewest: those up to the last column with a name; the others may be missing.
        texts: where the text's columns are.
        separator: joins fields that are too many.
    """

    width: int
    fewest: int
    texts: Sequence[int]
    separator: str

    def row(self, fields: Sequence[str], fault: str) -> Row:
        """``fields`` as a row of that width, in which nothing of them is lost."""
        width, count = self.width, len(fields)
        if count == width and not fault:
            text, reason = text_of([fields[i] for i in self.texts])
            return Row(fields, text, reason)
        if fault and count == 1 < width:
            line = [""] * width
            line[self.texts[0]] = fields[0]
            return Row(line, "", fault)
        cells = [*fields[:width], *[""] * (width - count)]
        if any(fields[width:]) or count < self.fewest:
            cells[-1] = self.separator.join([cells[-1], *fields[width:]])
            fault = fault or f"it has {several(count, 'field')}, not {width}"
        return Row(cells, "" if fault else text_of([cells[i] for i in self.texts])[0], fault)
