"""Numbers with as many digits as their noise allows."""

import math

from search.definition.criteria import LOSS
from search.definition.domain import Value
from search.findings.contrasts import Estimate
from search.findings.intervals import Interval

USUAL = 4  # decimals of a number whose noise is not known


def decimals(width: float) -> int:
    """Decimals of a number that is uncertain by ``width``: to its first digit, or past a 1."""
    if not 0 < width < math.inf:
        return USUAL
    return min(max(-math.floor(math.log10(width / 2)), 0), 6)


def with_ends(interval: Interval | None) -> str:
    """``0.930 (0.924 to 0.936)``; the value alone where its noise is not known; "" of none."""
    if interval is None or math.isnan(interval.value):
        return ""
    if math.isnan(interval.low):
        return f"{interval.value:.{USUAL}f}"
    places = max(decimals((interval.high - interval.low) / 2), 2)
    value, low, high = (f"{end:z.{places}f}" for end in interval)
    return f"{value} ({low} to {high})"


def value_of(interval: Interval) -> str:
    """Its value alone, with the digits that its ends allow."""
    return with_ends(interval).partition(" ")[0]


def p_text(p: float | None) -> str:
    """A p value: two digits, and how small it is where it is tiny."""
    if p is None:
        return ""
    return "< 0.0001" if p < 1e-4 else f"{p:.2g}" if p < 0.1 else f"{p:.2f}"


def signed(interval: Interval) -> str:
    """The value alone of a difference, with its sign."""
    value = value_of(interval)
    return value if value.startswith("-") else f"+{value}"


def difference(estimate: Estimate | None) -> str:
    """A difference with its interval; "" of none."""
    return with_ends(estimate.interval) if estimate else ""


def bounded(size: float, measure: str) -> str:
    """A difference, or that it is more than any can be: all scores but the loss end at 1."""
    return "over 1" if measure != LOSS and size > 1 else f"{size:.2g}"


def smallest_text(estimate: Estimate | None, tests: int, measure: str = LOSS) -> str:
    """The smallest difference that would be seen in 80 of 100 cases, beside so many tests."""
    if estimate is None or math.isnan(size := estimate.smallest(tests)):
        return ""
    return bounded(size, measure)


def change_text(name: str, before: Value, after: Value) -> str:
    """``lr 0.001 → 0.0003``."""
    ends = [f"{v:.3g}" if isinstance(v, float) else str(v) for v in (before, after)]
    return f"{name} {' → '.join(ends)}"
