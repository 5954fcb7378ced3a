"""What effect each parameter has: a model of the trials' outcomes.

The outcome is a sum of one smooth curve a parameter, of what two of them do together beyond that,
and noise. A number's curve is a polynomial, a choice's a value for each; two together are products
of straight lines and choices. How far each of these may go is learnt (a variance component each),
so that what has no effect shrinks to nothing. All is linear algebra on a few dozen columns, so
hundreds of resampled studies are fitted at once, in a second or two. (MacKay 1992, "Bayesian
interpolation"; Durrande, Ginsbourger and Roustant 2012, "Additive covariance kernels".)
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import median_abs_deviation

from search.findings.axes import Axis, Design, design
from search.findings.intervals import LEVEL, Floats, Interval, Z
from search.findings.posterior import drawn_shares

FAR = 3  # standard deviations
TAMED = 4  # rounds; what is far is seen better each time
PAIRED = 8  # parameters whose pairs are in the model, the largest by themselves: columns cost time
STRICT = 0.99  # of studies without effect; with 0.95 one idle parameter of 560 mattered
ROUNDS = 40  # of the fit; the variances change by under 1% in the last
RESAMPLED = 200  # studies drawn anew, and as many without any effect


class Fitted(NamedTuple):
    """The model, fitted to B resampled studies at once.

    Attributes:
        weights: (B, P) of the columns.
        covariance: (B, P, P) of the weights.
        noise: (B,) variance of what no parameter explains.
    """

    weights: Floats
    covariance: Floats
    noise: Floats


def fit(groups: np.ndarray, products: Floats, sides: Floats, squares: Floats, rows: int) -> Fitted:
    """Fit the model to B studies by EM.

    Args:
        groups: of the columns.
        products: (B, P, P) weighted products of the columns.
        sides: (B, P) of the columns with the outcomes.
        squares: (B,) of the outcomes with themselves.
        rows: trials of each study.
    """
    member = (groups[:, None] == np.arange(groups.max() + 1)).astype(float)  # (P, J)
    sizes = member.sum(axis=0)
    noise = squares / rows / 2 + 1e-12
    prior = np.repeat((squares / rows / 2 / len(sizes) + 1e-12)[:, None], len(sizes), axis=1)
    eye = np.eye(len(groups))
    for _ in range(ROUNDS):
        ridge = (1 / np.maximum(prior, 1e-14)) @ member.T  # of the column of ones: none
        covariance = np.linalg.inv(
            products / noise[:, None, None] + (ridge + 1e-9)[:, :, None] * eye
        )
        weights = np.einsum("bpq,bq->bp", covariance, sides) / noise[:, None]
        spread = np.diagonal(covariance, axis1=1, axis2=2)
        prior = ((weights**2 + spread) @ member) / sizes
        fitted = np.einsum("bpq,bq->bp", products, weights)
        left = squares - 2 * (weights * sides).sum(axis=1) + (weights * fitted).sum(axis=1)
        doubt = np.einsum("bpq,bqp->b", products, covariance)
        noise = np.maximum((left + doubt) / rows, 1e-12 * squares / rows + 1e-14)
    return Fitted(weights, covariance, noise)


class Fits(NamedTuple):
    """The model of a study, and of studies that chance could have made of it.

    Attributes:
        of: the columns that the model has.
        whole: of the study; B is 1.
        share: (J,) of the differences over the space that each parameter explains.
        shares: (B, J) likewise in studies of resampled trials.
        together: (B, pairs) what of that two parameters explain only together.
        null: (B, J) the parameters' shares in studies in which none has an effect.
        drawn: (D, J) the parameters' shares, drawn from their posterior.
    """

    of: Design
    whole: Fitted
    share: Floats
    shares: Floats
    together: Floats
    null: Floats
    drawn: Floats

    @property
    def null_line(self) -> float:
        """The share that no parameter without effect reaches in 99 of 100 studies."""
        return float(np.quantile(self.null.max(axis=1), STRICT))

    def share_of(self, axis: int) -> Interval:
        """A parameter's share, with its interval."""
        low, high = np.quantile(self.shares[:, axis], ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        return Interval(float(self.share[axis]), float(low), float(high))

    def at_most(self, axis: int) -> float:
        """The share that a parameter's is not above, however little the trials show of it."""
        return float(np.quantile(self.drawn[:, axis], (1 + LEVEL) / 2))

    def depends(self, axis: int) -> list[int]:
        """The parameters on which a parameter's effect depends, by more than chance reaches."""
        sure = np.quantile(self.together, (1 - LEVEL) / 2, axis=0) > self.null_line
        pairs = [pair for pair, is_sure in zip(self.of.pairs, sure, strict=True) if is_sure]
        return [sum(pair) - axis for pair in pairs if axis in pair]

    def size_of(self, axis: int) -> Interval:
        """By how much a parameter's worst value is above its best one."""
        member, columns = self.of.groups == axis, self.of.grids[axis]
        effect = columns @ self.whole.weights[0, member]
        row = np.zeros(len(member))
        row[member] = columns[effect.argmax()] - columns[effect.argmin()]
        return self._interval(row)

    def curve_of(self, axis: int, mean: float) -> list[Interval]:
        """The outcome along a parameter's grid, over all values of the others."""
        member, columns = self.of.groups == axis, self.of.grids[axis]
        rows = np.zeros((len(columns), len(member)))
        rows[:, 0], rows[:, member] = 1, columns
        return [self._interval(row, mean) for row in rows]

    def _interval(self, row: Floats, offset: float = 0.0) -> Interval:
        """``offset`` and the weighted columns of ``row``, as the fitted model doubts them."""
        value = float(row @ self.whole.weights[0]) + offset
        width = Z * math.sqrt(max(float(row @ self.whole.covariance[0] @ row), 0.0))
        return Interval(value, value - width, value + width)


def fits(axes: Sequence[Axis], losses: Floats, resampled: int = RESAMPLED) -> Fits:
    """Fit the model to the trials, to trials weighted by chance, and to shuffled noise.

    The weights are those of Rubin 1981, "The Bayesian bootstrap". The noise is what the model
    leaves unexplained of the trials, made as large as it was before the fit took its part.
    """
    rng = np.random.default_rng(0)
    rows = len(losses)
    centred = losses - losses.mean()
    of = design(axes, _largest(axes, centred))
    centred = _tamed(of, centred)
    whole = _fit(of, np.ones((1, rows)), centred[None])
    drawn = rng.exponential(size=(resampled, rows))
    drawn *= rows / drawn.sum(axis=1, keepdims=True)
    again = _fit(of, drawn, np.repeat(centred[None], resampled, axis=0))
    left = centred - of.columns @ whole.weights[0]
    left *= math.sqrt(whole.noise[0] / max(float(np.mean(left**2)), 1e-300))
    shuffled = np.stack([rng.permutation(left) for _ in range(resampled)])
    nothing = _fit(of, np.ones((resampled, rows)), shuffled)
    explained = of.explained(whole.weights)
    total = explained.sum() + whole.noise[0]
    parts = of.explained(again.weights)
    parts /= (parts.sum(axis=1) + again.noise)[:, None]
    return Fits(
        of=of,
        whole=whole,
        share=explained[0] @ of.credits / total,
        shares=parts @ of.credits,
        together=parts[:, len(axes) :],
        null=of.explained(nothing.weights) @ of.credits / total,
        drawn=drawn_shares(of, centred),
    )


def _largest(axes: Sequence[Axis], losses: Floats) -> list[int]:
    """The parameters that explain most without any pairs, at most ``PAIRED``."""
    if len(axes) <= PAIRED:
        return list(range(len(axes)))
    alone = design(axes)
    explained = alone.explained(_fit(alone, np.ones((1, len(losses))), losses[None]).weights)
    return [int(place) for place in np.argsort(-explained[0], kind="stable")[:PAIRED]]


def _tamed(of: Design, losses: Floats) -> Floats:
    """``losses`` with what is far from the fit moved nearer, by Huber 1964's rule."""
    tamed = losses
    for _ in range(TAMED):
        fitted = of.columns @ _fit(of, np.ones((1, len(losses))), tamed[None]).weights[0]
        left = losses - fitted
        most = FAR * float(median_abs_deviation(left, scale="normal"))
        tamed = np.asarray(fitted + np.clip(left, -most, most) if most > 0 else losses)
    return tamed


def _fit(of: Design, chances: Floats, losses: Floats) -> Fitted:
    """Fit B studies: (B, N) weights of the trials, (B, N) outcomes."""
    columns = of.columns
    same = bool((chances == 1).all())
    if same:
        products = np.repeat((columns.T @ columns)[None], len(losses), axis=0)
    else:
        products = np.stack([(columns * row[:, None]).T @ columns for row in chances])
    sides = (chances * losses) @ columns
    squares = (chances * losses**2).sum(axis=1)
    return fit(of.groups, products, sides, squares, len(columns))
