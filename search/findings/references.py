"""What is known without a net: a linear classifier's scores, the largest class', and a test."""

from typing import NamedTuple

import numpy as np

from search.definition.domain import Value
from search.findings.evidence import Evidence
from search.findings.intervals import ALPHA, Interval, Numbers, mcnemar, proportion
from search.findings.trained import Scores


class Reference(NamedTuple):
    """The scores of a classifier that is no trial."""

    accuracy: Interval
    macro_f1: float


class References(NamedTuple):
    """What the trials are held against.

    Attributes:
        baseline: the linear classifier; ``None``: it is not fitted yet.
        majority: whoever always says the largest class; ``None``: the classes are not known.
        beats_baseline: whether the best trial has more texts right than the baseline by more than
            chance; ``False``: it has not, or that cannot be told; ``None``: nobody tested it.
        p: of the test between the two: McNemar's exact one, or one over seeds and texts.
        gain: accuracy of the best trial less the baseline's, over the same rows.
        why_unknown: why there was no test, or nothing.
    """

    baseline: Reference | None
    majority: Reference | None
    beats_baseline: bool | None = None
    p: float | None = None
    gain: float | None = None
    why_unknown: str = ""


def references_of(evidence: Evidence, best_said: Numbers | None) -> References:
    """The references, and whether the best trial beats the linear one.

    Args:
        evidence: of the study.
        best_said: (N,) what the best trial's net says; ``None``: it is not known.
    """
    rows, said, found = evidence.rows, evidence.baseline_said, evidence.record.baseline
    count = len(rows.labels) if rows else 0
    baseline = None
    if found is not None:
        baseline = Reference(proportion(found.accuracy, count), found.macro_f1)
    if rows is None:
        return References(baseline, None, why_unknown=evidence.why_no_rows)
    counts = np.bincount(rows.labels, minlength=len(rows.class_names))
    share = float(counts.max() / count)
    macro_f1 = 2 * share / (1 + share) / int((counts > 0).sum())
    majority = Reference(proportion(share, count), macro_f1)
    if said is None or best_said is None:
        missing = "the linear baseline's answers are" if said is None else "the best trial's are"
        why = f"{missing} not kept yet: the next run of the search keeps them"
        return References(baseline, majority, why_unknown=why)
    best, other = best_said == rows.labels, said == rows.labels
    p, gain = mcnemar(best, other), float(best.mean() - other.mean())
    return References(baseline, majority, bool(p < ALPHA and gain > 0), p, gain)


def references_of_seeds(scores: Scores, best: dict[str, Value] | None) -> References:
    """The references, and whether the ``best`` configuration beats the linear one by its seeds."""
    references, said = references_of(scores.evidence, None), scores.evidence.baseline_said
    found = None if best is None or said is None else scores.beyond(best, said)
    if found is None:
        return references
    gain = found.interval.value
    return references._replace(beats_baseline=found.p < ALPHA and gain > 0, p=found.p, gain=gain)
