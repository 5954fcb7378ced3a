"""Whether the trainings of listed configurations bear out what is claimed of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from search.definition.criteria import is_maximized
from search.definition.domain import Value
from search.definition.steps import Claim, Steps
from search.findings.contrasts import Estimate
from search.findings.intervals import ALPHA, Interval, holm, mean_of_seeds
from search.findings.published import CONFIRMED, CONTRADICTED, LITTLE, NOISE, UNKNOWN
from search.findings.trained import Scores

Weighted = list[tuple[dict[str, Value], float]]  # configurations of a difference


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the differences that a claim hangs on.

    Attributes:
        label: what is compared.
        interval: by how much it is better, or its loss rises.
    """

    label: str
    interval: Interval


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A claim, and what the trainings say of it.

    Attributes:
        says: the claim.
        verdict: on it.
        parts: that it hangs on.
        in_loss: whether these are validation losses, in nats; else what verdicts go by.
    """

    says: str
    verdict: str
    parts: tuple[Part, ...]
    in_loss: bool = False


def claims_of(steps: Steps, scores: Scores, measure: str) -> tuple[Claimed, ...]:
    """All claims of the study file.

    Args:
        steps: what was trained.
        scores: of that.
        measure: what differences are taken of, where a claim names none.
    """
    judge = _Judge(steps, scores, measure)
    return tuple(judge.judged(claim) for claim in steps.table.claims)


@dataclass(frozen=True)
class _Judge:
    steps: Steps
    scores: Scores
    measure: str

    def judged(self, claim: Claim) -> Claimed:
        if claim.order is not None:
            return self._order(claim, str(claim.of), claim.order)
        if claim.most is not None:
            return self._most(claim, claim.most)
        if claim.no_gain is not None:
            return self._no_gain(claim, claim.no_gain)
        assert claim.row is not None
        if claim.rises_after is not None:
            return self._rises(claim, claim.row, claim.rises_after)
        assert claim.rises_less_than is not None
        return self._rises_less(claim, claim.row, claim.rises_less_than)

    def _order(self, claim: Claim, name: str, values: Sequence[Value]) -> Claimed:
        """Each value is better than the next one."""
        found = []
        for better, worse in pairwise(values):
            ends = (worse, better)
            pairs = [p for p in self.steps.pairs(name) if (p[0][name], p[1][name]) == ends]
            weighted = [w for before, after in pairs for w in _gain(before, after, len(pairs))]
            found.append((f"{name} {worse} → {better}", self._better(weighted)))
        return self._by_test(claim, found)

    def _most(self, claim: Claim, name: str) -> Claimed:
        """The parameter's largest listed effect is larger than each other one's."""
        largest: dict[str, Weighted] = {}
        for other in self.steps.rows[0]:
            effects = []
            for before, after in self.steps.made(other):
                for pair in ((before, after), (after, before)):
                    effects.append((self._better(_gain(*pair)), _gain(*pair)))
            known = [(each.interval.value, weighted) for each, weighted in effects if each]
            if len(known) < len(effects):
                return Claimed(says=claim.says, verdict=UNKNOWN, parts=())
            if known:
                largest[other] = max(known, key=lambda pair: pair[0])[1]
        if name not in largest:
            return Claimed(says=claim.says, verdict=UNKNOWN, parts=())
        own = largest.pop(name)
        by = [
            (f"{_label(name, own)} rather than {_label(other, weighted)}",
             self._better([*own, *((configuration, -w) for configuration, w in weighted)]))
            for other, weighted in largest.items()
        ]  # fmt: skip
        return self._by_test(claim, by)

    def _no_gain(self, claim: Claim, name: str) -> Claimed:
        """No listed change of the parameter alone gains anything."""
        found: list[tuple[str, Estimate | None]] = []
        for before, after in self.steps.made(name):
            pair = (f"{name} {before[name]} → {after[name]}", self._better(_gain(before, after)))
            found += [] if pair in found else [pair]
        known = [each for _, each in found if each]
        if len(known) < len(found) or not known:
            return Claimed(says=claim.says, verdict=UNKNOWN, parts=_parts(found))
        p = holm(np.array([each.p for each in known]))
        gains = [own < ALPHA and e.interval.value > 0 for own, e in zip(p, known, strict=True)]
        if all(each.interval.high < LITTLE for each in known):
            verdict = CONFIRMED
        else:
            verdict = CONTRADICTED if any(gains) else NOISE
        return Claimed(says=claim.says, verdict=verdict, parts=_parts(found))

    def _rises(self, claim: Claim, row: int, epoch: int) -> Claimed:
        """The validation loss of the last epoch is above that of an earlier one."""
        curves = self._losses(row)
        if not curves or any(len(curve) <= epoch for curve in curves):
            return Claimed(says=claim.says, verdict=UNKNOWN, parts=(), in_loss=True)
        last = len(curves[0])
        rise = mean_of_seeds([curve[-1] - curve[epoch - 1] for curve in curves])
        least = [int(np.argmin(curve)) + 1 for curve in curves]
        label = f"epoch {epoch} → {last} (least after epoch {', '.join(map(str, least))})"
        part = Part(label=label, interval=rise)
        verdict = _by_interval(rise)
        return Claimed(says=claim.says, verdict=verdict, parts=(part,), in_loss=True)

    def _rises_less(self, claim: Claim, row: int, other: int) -> Claimed:
        """From its least to its last epoch, a curve rises less than another one's."""
        own, others = self._losses(row), self._losses(other)
        if not own or not others:
            return Claimed(says=claim.says, verdict=UNKNOWN, parts=(), in_loss=True)
        rises = [[curve[-1] - min(curve) for curve in curves] for curves in (own, others)]
        less = mean_of_seeds([b - a for a, b in zip(*rises, strict=True)])
        parts = (
            Part(label=f"rise of row {row}", interval=mean_of_seeds(rises[0])),
            Part(label=f"rise of row {other}", interval=mean_of_seeds(rises[1])),
        )
        return Claimed(says=claim.says, verdict=_by_interval(less), parts=parts, in_loss=True)

    def _by_test(self, claim: Claim, found: Sequence[tuple[str, Estimate | None]]) -> Claimed:
        """Confirmed where all differences are clear, contradicted where one is the other way."""
        known = [each for _, each in found if each]
        if len(known) < len(found) or not known:
            return Claimed(says=claim.says, verdict=UNKNOWN, parts=_parts(found))
        p = holm(np.array([each.p for each in known]))
        signs = [
            np.sign(each.interval.value) if own < ALPHA else 0.0
            for own, each in zip(p, known, strict=True)
        ]
        verdict = CONFIRMED if min(signs) > 0 else CONTRADICTED if min(signs) < 0 else NOISE
        return Claimed(says=claim.says, verdict=verdict, parts=_parts(found))

    def _better(self, weighted: Weighted) -> Estimate | None:
        """A weighted sum of the measure, more is better; ``None``: not known."""
        sign = 1.0 if is_maximized(self.measure) else -1.0
        if not weighted:
            return None
        return self.scores.estimate(self.measure, [(each, sign * w) for each, w in weighted])

    def _losses(self, row: int) -> list[list[float]]:
        """By epoch, of each seed; []: not all are trained."""
        trials = self.scores.trained.complete(self.steps.rows[row])
        return [[epoch.validation_loss for epoch in trial.stored.curve] for trial in trials]


def _gain(before: dict[str, Value], after: dict[str, Value], parts: int = 1) -> Weighted:
    return [(after, 1.0 / parts), (before, -1.0 / parts)]


def _label(name: str, weighted: Weighted) -> str:
    (after, _), (before, _) = weighted
    return f"{name} {before[name]} → {after[name]}"


def _parts(found: Sequence[tuple[str, Estimate | None]]) -> tuple[Part, ...]:
    return tuple(Part(label=label, interval=each.interval) for label, each in found if each)


def _by_interval(found: Interval) -> str:
    """By a mean over seeds that is claimed to be above 0."""
    if found.low > 0:
        return CONFIRMED
    return CONTRADICTED if found.high < 0 else NOISE
