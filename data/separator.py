"""Which separator parts the fields of a delimited text: found by looking at its first lines."""

import csv
import io
from collections.abc import Sequence
from itertools import islice

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
    sample = text[:SAMPLE]
    if len(text) > SAMPLE and "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    candidates = sorted(SEPARATORS, key=lambda separator: separator != usual)
    for share in (1.0, NEARLY_ALL):
        for separator in candidates:
            for quoted in (True, False):
                lines = _sampled(sample, separator, quoted=quoted, whole=sample == text)
                if _are_alike(lines, share):
                    return separator
    return usual


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
