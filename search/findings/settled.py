"""What may be said of a parameter: that it matters, that it does not, or neither."""

import math
from typing import Any, NamedTuple

from search.findings.intervals import Interval

LITTLE = 0.02  # of the differences; what surely explains no more has no effect worth a name
# Of the differences: what may explain more, though the fit sees nothing of it, is not settled.
# With 0.35 twice as many effects of a replayed table were denied; with 0.25 a third fewer
# parameters without effect, in seven kinds of studies, had the word.
POSSIBLE = 0.3
MOST = 10  # times as many trials, beyond which it is not foretold when a word will be found
FEWEST_MORE = 5  # trials that are told to be missing
STEPS = 20  # in which that is looked for, of so many trials as there are
MATTERS, IDLE, OPEN = "matters", "no measurable effect", "not settled"


class Found(NamedTuple):
    """What the fit says of a parameter; see ``Effect``."""

    share: Interval
    size: Interval
    at_most: float
    untried: tuple[Any, ...]


def word_of(found: Found, null: float, noise: float) -> str:
    """Whether the effect stands out from chance, is surely small, or neither."""
    if found.share.low > null and found.size.low > 0:
        return MATTERS
    # Small: no resampled study gives it more than chance reaches, and its best value and its
    # worst differ by less than two trials alike in all do.
    is_small = found.share.high <= max(null, LITTLE) and found.size.high < noise
    could_be_seen = found.at_most <= POSSIBLE and not found.untried
    return IDLE if is_small and could_be_seen else OPEN


def until_settled(found: Found, null: float, noise: float, trials: int) -> int | None:
    """How many more trials would end ``OPEN``; None: it is not, or over ``MOST`` times these.

    Intervals narrow with the square root of the trials, what chance reaches with the trials.
    """
    if word_of(found, null, noise) != OPEN:
        return None
    step = max(FEWEST_MORE, trials // STEPS)
    for more in range(step, (MOST - 1) * trials + 1, step):
        part = trials / (trials + more)
        narrow = math.sqrt(part)
        then = found._replace(
            share=found.share.scaled(narrow),
            size=found.size.scaled(narrow),
            at_most=found.at_most * narrow,
        )
        # A share of chance falls as fast as its line does: only that it is little ends this.
        if word_of(then, null * part, noise) == MATTERS or word_of(then, 0.0, noise) == IDLE:
            return more
    return None
