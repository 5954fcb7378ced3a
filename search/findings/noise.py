"""How far chance alone moves a trial's value: what is less than that is no gain.

Three sources, each where it can be had. *Seeds*: configurations that were trained again, in the
study or to confirm it, differ by their seeds alone; their pooled standard deviation. *Rows*: the
two best trials were scored on the same validation texts; the standard error of their difference
over texts. The larger of these two counts. Without either, the standard deviation of the best
five trials' values stands for it, which holds true differences too.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from search.definition.criteria import LOSS
from search.findings.evidence import Evidence
from search.findings.intervals import SMALLEST, Floats
from search.findings.seeds import pooled

BEST = 5  # trials whose spread stands for chance where nothing else is known
FEWEST = 3  # degrees of freedom of a spread between seeds


class Noise(NamedTuple):
    """How far chance moves a value.

    Attributes:
        value: a standard deviation, in the value's unit.
        of: where it comes from, after "chance (".
    """

    value: float
    of: str


def noise_of(evidence: Evidence) -> Noise | None:
    """Of the values that the study is searched for; ``None``: fewer than three are known."""
    seeds = _between_seeds(evidence)
    rows = _over_rows(evidence)
    known = [noise for noise in (seeds, rows) if noise is not None]
    if known:
        return max(known)
    values = [t.value for t in evidence.record.ranking[:BEST] if t.value is not None]
    if len(values) < FEWEST or not np.isfinite(values).all():
        return None
    return Noise(float(np.std(values, ddof=1)), f"spread of the best {len(values)} trials")


def loss_over_rows(evidence: Evidence) -> float | None:
    """Standard error of the two best trials' difference in validation loss, in nats."""
    pair = _best_pair(evidence)
    return None if pair is None else paired_error(*pair)


def paired_error(one: Floats, other: Floats) -> float:
    """Standard error of the difference of two nets' mean loss on the same texts, in nats.

    The right classes are not known here: each text's class is taken to be drawn from the mean of
    what both nets say, which is so of nets that are calibrated.

    Args:
        one: (N, C) probabilities of one net.
        other: likewise, of the same texts.
    """
    one, other = (np.maximum(p.astype(np.float64), SMALLEST) for p in (one, other))
    mean, difference = (one + other) / 2, np.log(one) - np.log(other)
    squares = float((mean * difference**2).sum(axis=1).mean())
    first = float((mean * difference).sum(axis=1).mean())
    return float(np.sqrt(max(squares - first**2, 0) / len(one)))


def _best_pair(evidence: Evidence) -> tuple[Floats, Floats] | None:
    found = [evidence.probabilities(trial) for trial in evidence.record.ranking[:2]]
    if len(found) < 2 or found[0] is None or found[1] is None:
        return None
    return (found[0], found[1]) if found[0].shape == found[1].shape else None


def _over_rows(evidence: Evidence) -> Noise | None:
    pair = _best_pair(evidence)
    if pair is None:
        return None
    text = f"the two best on {len(pair[0]):,} validation texts"
    if evidence.record.objective == LOSS:
        return Noise(paired_error(*pair), text)
    # An accuracy differs by at most 1 / N for each text that the two name differently.
    differ = float((pair[0].argmax(axis=1) != pair[1].argmax(axis=1)).mean())
    return Noise(float(np.sqrt(differ / len(pair[0]))), text)


def _between_seeds(evidence: Evidence) -> Noise | None:
    """Pooled over configurations, in the study and in its confirmation apart."""
    groups: dict[tuple[object, ...], list[float]] = defaultdict(list)
    for record in (evidence.record, evidence.final):
        for trial in record.complete if record else ():
            if trial.value is not None and np.isfinite(trial.value):
                key = (record is evidence.final, *sorted(trial.params.items()))
                groups[key].append(trial.value)
    spread = pooled(groups.values())
    if spread is None or spread.freedom < FEWEST:
        return None
    return Noise(spread.deviation, "seeds of the same configuration")
