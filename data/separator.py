"""Which separator parts the fields of a delimited text: found by looking at its first lines."""

import csv
import io
from collections.abc import Sequence
from itertools import islice

from data.columns import USUAL_NAMES
from data.errors import DataError, shown

SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 1 << 16  # characters that tell the separator
SAMPLED = 100  # lines of them at most
NEARLY_ALL = 0.9  # of the lines: the others are torn

Line = Sequence[str]


def find_separator(text: str, usual: str) -> str:
    """The separator that parts the first lines into the same number of fields, 2 or more.

    ``usual`` is preferred, and stays where none does. Where a few lines are torn, the separator
    that parts the first line and nearly all others alike is meant: what is wrong is said of them.
    """
    sample = _sample(text)
    candidates = sorted(SEPARATORS, key=lambda separator: separator != usual)
    for share in (1.0, NEARLY_ALL):
        for separator in candidates:
            for quoted in (True, False):
                lines = _sampled(sample, separator, quoted=quoted, whole=sample == text)
                if _are_alike(lines, share):
                    return separator
    return usual


def is_constant(text: str, separator: str) -> bool:
    """Whether ``separator`` parts all of the first lines into as many fields, 2 or more."""
    sample = _sample(text)
    return _are_alike(_sampled(sample, separator, quoted=True, whole=sample == text), 1.0)


def asked_separator(text: str, asked: str) -> tuple[str, str, str]:
    """``text`` parted by one character, as the csv module wants it; the separator; the character.

    Args:
        text: of a delimited file.
        asked: ``--separator``; in the place of one of several characters stands a control
            character that ``text`` has not.

    Raises:
        DataError: it can be no separator.
    """
    separator = asked.replace("\\t", "\t")
    if not separator or any(c.isalnum() or c in '"\r\n' for c in separator):
        raise DataError(
            f"--separator {shown(asked)}: a separator is one character or more, none of them a "
            "letter, a digit or a quotation mark; \\t is a tab"
        )
    if len(separator) == 1:
        return text, separator, separator
    stand_in = next(chr(code) for code in range(0x1F, 0x0D, -1) if chr(code) not in text)
    return text.replace(separator, stand_in), separator, stand_in


def skip_comments(text: str, separator: str = "") -> tuple[str, list[str]]:
    """``text`` without comments at its beginning, and these: lines that begin with "#".

    They are no comments, but a header or rows, where another line begins so too, or where they
    have as many fields as the lines below.
    """
    lines = text[:SAMPLE].split("\n", SAMPLED)
    count = next((i for i, line in enumerate(lines) if not line.startswith("#")), 0)
    rest = "\n".join(lines[count:-1])
    if not count or "\n#" in rest or not rest.strip():
        return text, []
    separator = separator or find_separator(rest, ",")
    if not _are_alike(_sampled(rest, separator, quoted=True, whole=True), NEARLY_ALL):
        return text, []
    width, *fields = [line.count(separator) for line in (lines[count], *lines[:count])]
    names = {name.strip(' "\r').lower() for name in lines[count].split(separator)}
    if width in fields and not names & {*USUAL_NAMES}:
        return text, []
    return text.split("\n", count)[count], lines[:count]


def separator_line(text: str) -> tuple[str, int, str]:
    """Take off a first line ``sep=;``, which spreadsheets write and obey."""
    first, _, rest = text[:100].partition("\n")
    name = first.strip().strip('"')
    if name.lower().startswith("sep=") and len(name) <= 5 and rest:
        separator = name[4:] or ("\t" if "\t" in first else ",")
        return text[text.index("\n") + 1 :], 1, separator
    return text, 0, ""


def is_spaced(text: str, separator: str) -> bool:
    """Whether a space stands behind each separator, and a quotation mark behind the space."""
    first, _, rest = text[:SAMPLE].partition("\n")
    behind = f"{separator} "
    return behind in first and f'{behind}"' in rest and f'{separator}"' not in rest


def _sample(text: str) -> str:
    """The beginning of ``text``, whole lines where there are several."""
    sample = text[:SAMPLE]
    if len(text) > SAMPLE and "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    return sample


def _sampled(sample: str, separator: str, *, quoted: bool, whole: bool) -> list[Line]:
    """The first lines of ``sample``, which is the ``whole`` text or its beginning."""
    reader = csv.reader(
        io.StringIO(sample, newline=""),
        delimiter=separator,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    )
    lines: list[Line] = [line for line in islice(reader, SAMPLED) if any(map(str.strip, line))]
    if not whole and len(lines) < SAMPLED:
        del lines[-1:]  # the sample may end within a text
    return lines


def _are_alike(lines: list[Line], share: float) -> bool:
    """Whether a ``share`` of the lines have as many fields as the first, 2 or more."""
    if not lines or _fields(lines[0]) < 2:
        return False
    width, named = len(lines[0]), _fields(lines[0])
    alike = [line for line in lines if len(line) == width or _fields(line) == named]
    return len(alike) >= share * len(lines)


def _fields(line: Line) -> int:
    """How many fields ``line`` has, but for an empty one behind a separator at its end."""
    return len(line) - (len(line) > 1 and not line[-1])
