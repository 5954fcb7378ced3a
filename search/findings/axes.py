"""The columns of a model: a curve a parameter, and what two parameters do together."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import legendre
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from scipy.linalg import helmert

from search.findings.intervals import Floats
from search.storage.trial_record import TrialRecord

DEGREE = 4  # of a number's curve
POINTS = 33  # of its grid
PART = 0.2  # of a range; a longer one without a trial has not been tried


class Axis(NamedTuple):
    """A parameter as the model sees it, and the values at which its effect is told.

    Attributes:
        name: of the parameter.
        kind: what it is drawn from.
        grid: its values: all choices, or evenly spaced ones of a range.
        columns: (G, K) of the model at each of them, their mean 0.
        rows: (N, K) of the model at each trial's value.
        is_whole: whether each trial has the parameter.
        untried: the longest part of the grid without a trial; of choices all that no trial has.
    """

    name: str
    kind: BaseDistribution
    grid: tuple[Any, ...]
    columns: Floats
    rows: Floats
    is_whole: bool
    untried: tuple[Any, ...]

    @property
    def is_log(self) -> bool:
        """Whether its values are spaced evenly on a log scale."""
        return bool(getattr(self.kind, "log", False))

    @property
    def is_choice(self) -> bool:
        """Whether its values have no order."""
        return isinstance(self.kind, CategoricalDistribution)


@dataclass(frozen=True, kw_only=True)
class Design:
    """Trials as the model sees them: a group of columns a parameter, then one a pair of them.

    Attributes:
        axes: the parameters that had two values or more.
        pairs: places in ``axes`` of the parameters that may depend on each other.
        columns: (N, P) of the model, the first of ones.
        groups: (P,) the axis of each column, or the pair, counted on from the axes; -1: of none.
        grids: (G, K) the columns of each axis and each pair over the space.
    """

    axes: tuple[Axis, ...]
    pairs: tuple[tuple[int, int], ...]
    columns: Floats
    groups: np.ndarray
    grids: tuple[Floats, ...]

    @property
    def credits(self) -> Floats:
        """(A + pairs, A) how much of what each group explains is each parameter's.

        A pair's is shared evenly (Owen 2014, "Sobol' indices and Shapley value").
        """
        of_pairs = np.zeros((len(self.pairs), len(self.axes)))
        for row, pair in zip(of_pairs, self.pairs, strict=True):
            row[list(pair)] = 0.5
        return np.vstack([np.eye(len(self.axes)), of_pairs])

    def explained(self, weights: Floats) -> Floats:
        """(B, J) variance over the space of what each group adds, by (B, P) weights."""
        effects = [
            weights[:, self.groups == place] @ grid.T for place, grid in enumerate(self.grids)
        ]
        return np.stack([effect.var(axis=1) for effect in effects], axis=1)


def axes_of(trials: Sequence[TrialRecord]) -> tuple[Axis, ...]:
    """The parameters of ``trials``; a trial that has one not has zeros there."""
    settled = [trial.in_space_of_now() for trial in trials]
    kinds: dict[str, BaseDistribution] = {}
    for each in settled:
        kinds.update(each.distributions)
    axes: list[Axis] = []
    for name, kind in kinds.items():
        values = [each.params.get(name) for each in settled]
        if len({repr(v) for v in values if v is not None}) > 1:
            grid = _grid(kind)
            axes.append(
                Axis(
                    name=name,
                    kind=kind,
                    grid=grid,
                    columns=_columns(kind, grid),
                    rows=_columns(kind, values),
                    is_whole=None not in values,
                    untried=_untried(kind, grid, [v for v in values if v is not None]),
                )
            )
    return tuple(axes)


def _untried(
    kind: BaseDistribution, grid: tuple[Any, ...], values: Sequence[Any]
) -> tuple[Any, ...]:
    if isinstance(kind, CategoricalDistribution):
        seen = {repr(value) for value in values}
        return tuple(choice for choice in grid if repr(choice) not in seen)
    assert isinstance(kind, IntDistribution | FloatDistribution)
    # A value tries the point of the grid that is nearest to it.
    points = np.array([place(kind, point) for point in grid])
    tried = {int(np.abs(points - place(kind, value)).argmin()) for value in values}
    parts = [list(part) for _, part in groupby(range(len(grid)), key=tried.__contains__)]
    longest = max((part for part in parts if part[0] not in tried), key=len, default=[])
    return tuple(grid[i] for i in longest) if len(longest) > PART * len(grid) else ()


def design(axes: Sequence[Axis], paired: Sequence[int] = ()) -> Design:
    """The columns of ``axes``, and of all pairs of the ``paired`` ones.

    Not of those that some trials lack: theirs is the same column as that of what decides it.
    """
    pairs = tuple(combinations([place for place in sorted(paired) if axes[place].is_whole], 2))
    rows = [axis.rows for axis in axes]
    grids = [axis.columns for axis in axes]
    for one, other in pairs:
        first, second = axes[one], axes[other]
        rows.append(_products(_straight(first, first.rows), _straight(second, second.rows)))
        each = np.indices((len(first.grid), len(second.grid))).reshape(2, -1)
        ends = _straight(first, first.columns)[each[0]], _straight(second, second.columns)[each[1]]
        grids.append(_products(*ends))
    sizes = [1, *(grid.shape[1] for grid in grids)]
    return Design(
        axes=tuple(axes),
        pairs=pairs,
        columns=np.hstack([np.ones((len(rows[0]), 1)), *rows]),
        groups=np.repeat(np.arange(-1, len(grids)), sizes),
        grids=tuple(grids),
    )


def _straight(axis: Axis, columns: Floats) -> Floats:
    """What of ``columns`` takes part in pairs: of a number the straight line alone."""
    return columns if axis.is_choice else columns[:, :1]


def _products(first: Floats, second: Floats) -> Floats:
    return np.asarray((first[:, :, None] * second[:, None, :]).reshape(len(first), -1))


def _grid(kind: BaseDistribution) -> tuple[Any, ...]:
    if isinstance(kind, CategoricalDistribution):
        return tuple(kind.choices)
    assert isinstance(kind, IntDistribution | FloatDistribution)
    scale, back = _scales(kind)
    evenly = [back(v) for v in np.linspace(scale(kind.low), scale(kind.high), POINTS).tolist()]
    if kind.step is None or (isinstance(kind, IntDistribution) and kind.log):
        rounded = evenly if isinstance(kind, FloatDistribution) else [round(v) for v in evenly]
        return tuple(dict.fromkeys(rounded))
    steps = round((kind.high - kind.low) / kind.step)
    places = np.unique(np.linspace(0, steps, min(POINTS, steps + 1)).round().astype(int))
    return tuple(kind.low + int(i) * kind.step for i in places)


def _scales(
    kind: IntDistribution | FloatDistribution,
) -> tuple[Callable[[float], float], Callable[[float], float]]:
    return (math.log, math.exp) if kind.log else (float, float)


def place(kind: IntDistribution | FloatDistribution, value: float) -> float:
    """Where ``value`` is in its range, from -1 to 1, on its scale."""
    scale, _ = _scales(kind)
    low, high = scale(kind.low), scale(kind.high)
    return 2 * (scale(value) - low) / (high - low) - 1 if high > low else 0.0


def _columns(kind: BaseDistribution, values: Sequence[Any]) -> Floats:
    """(N, K) columns of ``values``: of unit variance over the space, rough ones held back."""
    there = np.array([v is not None for v in values])
    if isinstance(kind, CategoricalDistribution):
        hot = np.array([[repr(v) == repr(choice) for choice in kind.choices] for v in values])
        return np.asarray(hot @ helmert(len(kind.choices)).T * there[:, None])
    assert isinstance(kind, IntDistribution | FloatDistribution)
    places = np.clip([place(kind, v) if v is not None else 0.0 for v in values], -1, 1)
    degree = max(1, min(DEGREE, len(_grid(kind)) - 1))
    powers = np.arange(1, degree + 1)
    # Legendre's polynomials are orthogonal over the range, so each tells something of its own.
    columns = legendre.legvander(places, degree)[:, 1:] * np.sqrt(2 * powers + 1) / powers
    return np.asarray(columns * there[:, None])
