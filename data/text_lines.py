"""Text files with a text a line: the label before it, in columns, or in a file beside."""

import re
from collections.abc import Sequence
from pathlib import Path

from data.columns import USUAL_NAMES
from data.delimited import read_delimited
from data.encoding import Content, read_content
from data.errors import DataError, first_of, several
from data.reading import Reading
from data.rows import Rows
from data.separator import find_separator, is_constant, skip_comments

FASTTEXT = "__label__"
SELDOM_IN_TEXTS = ("\t", ";", "|")  # as often in each line
COARSE_AND_FINE = re.compile(r"([^\W\d]\w*):(\w+)\s+(\S.*)")  # "DESC:manner How did ...", TREC's
FORMS = (
    '"__label__x a text", "LABEL:fine a text", columns parted by tabs or semicolons, or '
    "with --separator, or a file of labels beside it with --labels FILE"
)


def read_text(path: Path, content: Content, reading: Reading) -> Rows:
    """The rows of a file with a text a line.

    Raises:
        DataError: it has none of the known forms.
    """
    if reading.separator is not None:
        return read_delimited(path, content, reading.separator, reading)
    if reading.labels_file is not None:
        return _table(path, content, {"text": lines_of(content)})
    lines = [line.strip() for line in content.text.split("\n")]
    lines = [line for line in lines if line]
    if all(line.startswith(FASTTEXT) for line in lines):
        return _fasttext(path, content, lines)
    matches = [match for line in lines if (match := COARSE_AND_FINE.fullmatch(line))]
    if len(matches) == len(lines) and 2 * len({match[1] for match in matches}) <= len(lines):
        return _table(
            path,
            content,
            {
                "label": [match[1] for match in matches],
                "fine label": [f"{match[1]}:{match[2]}" for match in matches],
                "text": [match[3] for match in matches],
            },
        )
    text, _ = skip_comments(content.text)
    first = text.lstrip().partition("\n")[0]
    for separator in dict.fromkeys((find_separator(text, "\t"), *SELDOM_IN_TEXTS)):
        if is_constant(text, separator) and _is_table(first, separator, reading):
            return read_delimited(path, content, separator, reading)
    raise DataError(f"{path}: no label is found in its lines; known forms are {FORMS}")


def lines_of(content: Content) -> list[str]:
    """The lines; a line break at the end begins no other."""
    lines = [line.removesuffix("\r") for line in content.text.split("\n")]
    return lines if lines[-1] else lines[:-1]


def with_labels(rows: Rows, labels: Path, encoding: str | None) -> Rows:
    """``rows`` with the lines of a file as the column "label".

    Raises:
        DataError: the file has not a label for each row, or there is such a column already.
    """
    if "label" in rows.columns:
        raise DataError(f"{rows.source} has a column 'label': leave --labels out")
    values = [line.strip() for line in lines_of(read_content(labels, encoding))]
    count = len(rows.read(rows.columns[0]))
    if len(values) != count:
        raise DataError(
            f"--labels {labels} has {several(len(values), 'line')}, but {rows.source} has "
            f"{several(count, 'row')}: one label a row is needed"
        )

    def read(name: str) -> Sequence[object]:
        return values if name == "label" else rows.read(name)

    return Rows(
        rows.source,
        [*rows.columns, "label"],
        read,
        typed=False,
        separator=rows.separator,
        encoding=rows.encoding,
        notes=(*rows.notes, f"the labels are the lines of {labels}"),
    )


def _fasttext(path: Path, content: Content, lines: Sequence[str]) -> Rows:
    labels: list[str] = []
    texts: list[str] = []
    several_labels: list[int] = []
    for number, line in enumerate(lines, start=1):
        label, text = re.split(r"\s", line.removeprefix(FASTTEXT) + " ", maxsplit=1)
        if text.lstrip().startswith(FASTTEXT):
            several_labels.append(number)
        labels.append(label)
        texts.append(text.strip())
    if several_labels:
        raise DataError(
            f"{path}: {several(len(several_labels), 'text has', 'texts have')} several labels "
            f"(row {first_of(several_labels)}); one label a text is supported"
        )
    return _table(path, content, {"label": labels, "text": texts})


def _table(path: Path, content: Content, table: dict[str, list[str]]) -> Rows:
    return Rows(str(path), tuple(table), table.__getitem__, typed=False, encoding=content.encoding)


def _is_table(first: str, separator: str, reading: Reading) -> bool:
    """Whether a file of texts is a table: commas also stand in texts, others hardly ever."""
    fields = [field.strip().strip('"').lower() for field in first.split(separator)]
    if len(fields) < 2:
        return False
    asked = {name.lower() for name in reading.asked_columns}
    return separator in SELDOM_IN_TEXTS or bool({*fields} & {*USUAL_NAMES, *asked}) or bool(asked)
