"""The columns of an additive model: each parameter's curve as polynomials, or a value a choice."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import legendre
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from search.findings.intervals import Floats
from search.storage.record import TrialRecord

DEGREE = 4  # of a number's curve
POINTS = 33  # of its grid


class Axis(NamedTuple):
    """A parameter, and the values at which its effect is told.

    Attributes:
        name: of the parameter.
        kind: what it is drawn from.
        grid: its values: all choices, or evenly spaced ones of a range.
        columns: (G, K) of the model at each of them, their mean 0.
    """

    name: str
    kind: BaseDistribution
    grid: tuple[Any, ...]
    columns: Floats

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
    """Trials as the model sees them.

    Attributes:
        axes: the parameters that had two values or more.
        columns: (N, P) of the model, the first of ones.
        groups: (P,) the axis of each column; -1: of none.
    """

    axes: tuple[Axis, ...]
    columns: Floats
    groups: np.ndarray


def design(trials: Sequence[TrialRecord]) -> Design:
    """The model's columns for ``trials``; a parameter that a trial has not adds nothing there."""
    settled = [trial.in_space_of_now() for trial in trials]
    kinds: dict[str, BaseDistribution] = {}
    for each in settled:
        kinds.update(each.distributions)
    axes: list[Axis] = []
    columns: list[Floats] = [np.ones((len(settled), 1))]
    for name, kind in kinds.items():
        values = [each.params.get(name) for each in settled]
        if len({repr(v) for v in values if v is not None}) > 1:
            axes.append(_axis(name, kind))
            columns.append(_columns(kind, values))
    sizes = [1, *(axis.columns.shape[1] for axis in axes)]
    groups = np.repeat(np.arange(-1, len(axes)), sizes)
    return Design(axes=tuple(axes), columns=np.hstack(columns), groups=groups)


def _axis(name: str, kind: BaseDistribution) -> Axis:
    grid = _grid(kind)
    return Axis(name, kind, grid, _columns(kind, grid))


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
    if isinstance(kind, CategoricalDistribution):
        count = len(kind.choices)
        there = np.array([v is not None for v in values])
        hot = np.array([[repr(v) == repr(choice) for choice in kind.choices] for v in values])
        centred: Floats = (hot - 1 / count) * there[:, None]
        return centred
    assert isinstance(kind, IntDistribution | FloatDistribution)
    there = np.array([v is not None for v in values])
    places = np.clip([place(kind, v) if v is not None else 0.0 for v in values], -1, 1)
    degree = max(1, min(DEGREE, len(_grid(kind)) - 1))
    powers = np.arange(1, degree + 1)
    # Legendre's polynomials are orthogonal over the range, so each tells something of its own.
    columns = legendre.legvander(places, degree)[:, 1:] * np.sqrt(2 * powers + 1) / powers
    return np.asarray(columns * there[:, None])
