"""Verdicts on what was published of a change, by what its trainings say."""

from collections.abc import Sequence

from search.findings.contrasts import HELPS, HURTS, NOTHING
from search.findings.intervals import Interval

CONFIRMED, NOISE, CONTRADICTED = "confirmed", "within noise", "contradicted"
JOINED, UNKNOWN = "not separable", "no result"
VERDICTS = (CONFIRMED, NOISE, CONTRADICTED, JOINED, UNKNOWN)
DIVERGES = "diverges"  # a word for a change, beside those of differences
# An interval within it on both sides of 0 shows that there is no effect: half a point of accuracy.
LITTLE = 0.005
EQUAL = 1e-9  # of published accuracies


def verdict_on(published: float, word: str, found: Interval | None, parts: Sequence[str]) -> str:
    """What the trainings say of a published difference.

    Args:
        published: by how much accuracy differed, as it was read.
        word: what the change does; "": not known.
        found: by how much the trained ones differ; ``None``: not known.
        parts: words of its changes made alone, where they are several; "": not known.
    """
    claimed = HELPS if published > 0 else HURTS
    if abs(published) < EQUAL:
        claimed = NOTHING
    if word == DIVERGES:
        return CONFIRMED if claimed == HURTS else CONTRADICTED
    if found is None or not all(parts):
        return UNKNOWN
    if claimed == NOTHING and found.low > -LITTLE and found.high < LITTLE:
        return CONFIRMED
    if word == NOTHING:
        return NOISE
    does_it = [part for part in parts if part != NOTHING]
    agreed = CONFIRMED if not parts or does_it == [word] else JOINED
    return agreed if word == claimed else CONTRADICTED
