"""Differences between configurations that share their seeds, with both sources of chance.

Trainings differ by their seeds and scores by the texts that they are made on. Seeds are shared, so
that what one of them does to all configurations alike falls out; so are the texts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.stats import f as fisher
from scipy.stats import t

from search.findings.intervals import ALPHA, LEVEL, Floats, Interval, holm

POWER = 0.8  # chance that a difference of the smallest size that is told would be seen
ODD = 0.1  # p of a configuration's own spread over seeds, below which the common one is not used
HELPS, HURTS, NOTHING = "helps", "hurts", "no measurable effect"


class Estimate(NamedTuple):
    """A difference.

    Attributes:
        interval: with its 95% interval, over seeds and, where they are kept, texts.
        p: that there is none.
        error: its standard error.
        freedom: degrees of freedom of that.
    """

    interval: Interval
    p: float
    error: float
    freedom: float

    def smallest(self, tests: int) -> float:
        """The smallest difference that would be seen in 80 of 100 such ablations.

        Args:
            tests: that are made beside it, of which the strictest counts.
        """
        quantiles = t.ppf(1 - ALPHA / tests / 2, self.freedom) + t.ppf(POWER, self.freedom)
        return float(quantiles * self.error)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Configurations, each trained with the same seeds.

    Attributes:
        values: (C, S) a score of each training.
        rows: (C, S, N) the same score of each text; ``None``: not kept.
    """

    values: Floats
    rows: Floats | None = None

    @cached_property
    def _noise(self) -> tuple[float, int]:
        """Variance of a training, and its degrees of freedom, of all configurations together."""
        values = self.values
        rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
        freedom = (len(values) - 1) * (values.shape[1] - 1)
        return float((rest**2).sum() / max(freedom, 1)), freedom

    def estimate(self, weights: Mapping[int, float]) -> Estimate:
        """The weighted sum of configurations' scores, such as one less another.

        The variance over seeds is that of all configurations, or the difference's own where that
        is larger by more than chance; the degrees of freedom are Welch's and Satterthwaite's.

        Args:
            weights: by the place of the configuration; they add up to 0.
        """
        places, factors = list(weights), np.array(list(weights.values()))
        by_seed = factors @ self.values[places]
        seeds, value = len(by_seed), float(by_seed.mean())
        common, freedom = self._noise
        variance = common * float((factors**2).sum())
        own = float(by_seed.var(ddof=1)) if seeds > 1 else math.nan
        if seeds > 1 and variance and fisher.sf(own / variance, seeds - 1, freedom) < ODD:
            variance, freedom = own, seeds - 1
        of_seeds = variance / seeds if seeds > 1 else math.nan
        of_rows, in_both, rows = 0.0, 0.0, math.inf
        if self.rows is not None:
            each = np.tensordot(factors, self.rows[places], 1)
            rows = each.shape[1] - 1
            of_rows = float(each.mean(axis=0).var(ddof=1)) / (rows + 1)
            rest = each - each.mean(axis=0) - each.mean(axis=1, keepdims=True) + each.mean()
            in_both = float((rest**2).sum()) / max((seeds - 1) * rows, 1) / each.size
        # What a text is to one training alone is in both (Searle 1971, "Linear Models", 9).
        total = max(of_seeds + of_rows - in_both, of_seeds, of_rows)
        if not total > 0:  # one seed: nothing tells; or all is equal
            none = math.isnan(total)
            ends = (math.nan, math.nan) if none else (value, value)
            p = 1.0 if none or value == 0 else 0.0
            return Estimate(Interval(value, *ends), p, total, math.inf)
        degrees = total**2 / (of_seeds**2 / freedom + of_rows**2 / rows)
        error = math.sqrt(total)
        width = float(t.ppf((1 + LEVEL) / 2, degrees)) * error
        p = float(2 * t.sf(abs(value) / error, degrees))
        return Estimate(Interval(value, value - width, value + width), p, error, degrees)


def words(differences: Sequence[Estimate | None], *, more_is_better: bool) -> list[str]:
    """What each of some differences that are told together does, after Holm's correction.

    One that stands there twice, or the other way round too, is tested once.

    Returns:
        ``HELPS``, ``HURTS`` or ``NOTHING`` of each; "" where there is none.
    """
    tested = {_same(each): each.p for each in differences if each}
    p = dict(zip(tested, holm(np.array(list(tested.values()))).tolist(), strict=True))
    found = []
    for each in differences:
        if each is None:
            found.append("")
        elif p[_same(each)] >= ALPHA:
            found.append(NOTHING)
        else:
            found.append(HELPS if (each.interval.value > 0) == more_is_better else HURTS)
    return found


def _same(difference: Estimate) -> tuple[float, float]:
    """The same for a difference and its reverse, and in practice for no other one."""
    return round(abs(difference.interval.value), 12), round(difference.error, 12)
