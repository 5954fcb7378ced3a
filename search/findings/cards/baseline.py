"""Whether a net pays, for the first sentences: what the linear baseline has of the same texts."""

from search.findings.cards.digits import p_text, value_of
from search.findings.intervals import ALPHA, Interval
from search.findings.references import References


def is_ahead(found: References, accuracy: Interval | None) -> bool:
    """Whether the best net beats the baseline; untested: whether it has more texts right.

    Args:
        found: the baseline, and the test of the best net against it.
        accuracy: of the best net; ``None``: not known.
    """
    if found.beats_baseline is not None or found.baseline is None or accuracy is None:
        return found.beats_baseline is not False
    return accuracy.value > found.baseline.accuracy.value


def baseline_text(found: References, accuracy: Interval | None, *, test: str, of: str = "") -> str:
    """What the baseline has, and whether the best net is better; "": there is no baseline.

    Args:
        found: see ``is_ahead``.
        accuracy: likewise.
        test: what its p is called.
        of: which net was tested, where that is not the one that is named.
    """
    if found.baseline is None:
        return ""
    has = value_of(found.baseline.accuracy)
    if found.beats_baseline is None:
        untested = f"not tested: {found.why_unknown}"
        if is_ahead(found, accuracy):
            return f"The linear baseline has accuracy {has} ({untested})."
        return (
            "The best net has no more texts right than the linear baseline, which takes seconds "
            f"(accuracy {has}, {untested})."
        )
    p = f"{test} {p_text(found.p)}"
    if found.beats_baseline:
        return f"The linear baseline has {has} ({p}{of})."
    how = "is worse than" if found.p is not None and found.p < ALPHA else "is not told apart from"
    return f"The best net {how} the linear baseline, which takes seconds (accuracy {has}, {p})."
