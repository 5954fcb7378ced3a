"""Rows with answers as text: CSV, JSON lines, readable lines."""

import csv
from collections.abc import Sequence
from typing import Protocol, TextIO

from data.class_names import Label
from search.prediction.answers import Answers
from search.prediction.cells import cell_text, json_text
from search.prediction.chunks import ABSENT, Chunk


class Sink(Protocol):
    """What takes chunks with their answers."""

    def write(self, chunk: Chunk, answers: Answers) -> None:
        """Take the next chunk; an ``OSError`` says that it cannot."""

    def close(self) -> None:
        """All chunks are there; an ``OSError`` says that they cannot be kept."""


class CsvSink:
    """Rows of cells, the answers behind them, below a header."""

    def __init__(
        self, file: TextIO, header: Sequence[str], separator: str, *, plain: bool
    ) -> None:
        """Write the header; ``plain``: all cells are strings."""
        self.file = file
        self.plain = plain
        # With this line break the writer quotes cells that hold either half of it.
        self.writer = csv.writer(_OneBreak(file), delimiter=separator, lineterminator="\r\n")
        self.writer.writerow(header)

    def write(self, chunk: Chunk, answers: Answers) -> None:
        """See ``Sink``."""
        rows = zip(chunk.cells(), answers.rows(), strict=True)
        if self.plain:
            self.writer.writerows([*cells, *answer] for cells, answer in rows)
        else:
            self.writer.writerows([*map(cell_text, cells), *answer] for cells, answer in rows)
        self.file.flush()

    def close(self) -> None:
        """See ``Sink``."""
        self.file.flush()


class _OneBreak:
    """Ends each row with a line feed alone, as most files do."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def write(self, row: str) -> int:
        return self.file.write(row[:-2] + "\n")


class JsonSink:
    """An object a line: the row's fields, then the answer's."""

    def __init__(self, file: TextIO, names: Sequence[str]) -> None:
        self.file = file
        self.names = names

    def write(self, chunk: Chunk, answers: Answers) -> None:
        """See ``Sink``."""
        for cells, answer in zip(chunk.cells(), answers.rows(), strict=True):
            pairs = zip(self.names, [*cells, *answer], strict=True)
            row = {name: cell for name, cell in pairs if cell is not ABSENT}
            self.file.write(json_text(row) + "\n")
        self.file.flush()

    def close(self) -> None:
        """See ``Sink``."""
        self.file.flush()


class LinesSink:
    """For a person to read: class, probability, text, a line each."""

    def __init__(self, file: TextIO, classes: Sequence[Label]) -> None:
        self.file = file
        self.width = max(len(str(label)) for label in classes)

    def write(self, chunk: Chunk, answers: Answers) -> None:
        """See ``Sink``."""
        labels, probabilities, *_ = answers.columns
        for (text, *_), label, found in zip(chunk.cells(), labels, probabilities, strict=True):
            shown = "-" if label is None else str(label)
            number = "     -" if found is None else f"{found:.4f}"
            self.file.write(f"{shown:<{self.width}}  {number}  {_on_one_line(str(text))}\n")
        self.file.flush()

    def close(self) -> None:
        """See ``Sink``."""
        self.file.flush()


def _on_one_line(text: str) -> str:
    """``text`` with escapes for what would break the line or command the terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
