"""The path of an ablation: which change comes next, and what must be trained to know it.

At each step every change that is left is tried, and the one that helps most is taken (Fawcett and
Hoos 2016, "Analysing differences between algorithm configurations through ablation"). A change
that its first seeds rule out gets no further ones. What comes out is a function of what has been
trained, so that the path goes on after an interruption, and a report walks it again.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t

from search.definition.domain import Value
from search.definition.route import Route, Run
from search.findings.intervals import Floats

ERROR = 0.05  # chance, at most, that a step rules out the change that truly helps most

# What a training ended with, less is better; infinite if it diverged; ``None``: not trained yet.
ValueOf = Callable[[dict[str, Value], int], float | None]


class Stage(NamedTuple):
    """A step of the path.

    Attributes:
        chosen: the change that was taken.
        tried: seeds that each change was trained with, the chosen one first.
    """

    chosen: str
    tried: dict[str, int]


class Path(NamedTuple):
    """How far what has been trained leads.

    Attributes:
        stages: the steps that are decided.
        wanted: trainings that have to come next; none: the whole path is trained.
    """

    stages: tuple[Stage, ...]
    wanted: tuple[Run, ...]


def walk(route: Route, value_of: ValueOf) -> Path:
    """Walk from the start of ``route`` to its goal, as far as what is trained decides."""
    ends = [*route.all_seeds(route.start), *route.all_seeds(route.goal)]
    taken_back = [run for name in route.changes for run in route.all_seeds(route.without(name))]
    wanted = _untrained([*ends, *taken_back], value_of)
    stages: list[Stage] = []
    left = list(route.order or route.changes)
    while left:
        found = _stage(route, [each.chosen for each in stages], left, value_of)
        if not isinstance(found, Stage):
            wanted = [*found, *(run for run in wanted if run not in found)]
            break
        stages.append(found)
        left.remove(found.chosen)
    return Path(tuple(stages), tuple(wanted))


def _stage(
    route: Route, before: Sequence[str], left: Sequence[str], value_of: ValueOf
) -> Stage | list[Run]:
    """The step behind ``before``, or the trainings that decide it."""
    running = list(left[:1] if route.order else left)
    tried = dict.fromkeys(running, 0)
    for seed in range(1, route.seeds + 1):
        runs = [(route.at({*before, name}), seed) for name in running]
        if lacking := _untrained(runs, value_of):
            return lacking
        tried |= dict.fromkeys(running, seed)
        values = np.array([_values(route, [*before, n], seed, value_of) for n in running])
        if seed < route.seeds:
            out = ruled_out(values, looks=route.seeds - 2)
            running = [name for name, is_out in zip(running, out, strict=True) if not is_out]
    means = [_values(route, [*before, name], route.seeds, value_of).mean() for name in running]
    chosen = running[int(np.argmin(means))]
    return Stage(chosen, {chosen: tried[chosen], **tried})


def _values(route: Route, changed: Sequence[str], seeds: int, value_of: ValueOf) -> Floats:
    found = [value_of(route.at(changed), seed) for seed in range(1, seeds + 1)]
    return np.array([np.inf if value is None else value for value in found])


def _untrained(runs: Sequence[Run], value_of: ValueOf) -> list[Run]:
    """Those of ``runs`` that have no value yet, each once."""
    found: list[Run] = []
    for run in runs:
        if value_of(*run) is None and run not in found:
            found.append(run)
    return found


def ruled_out(values: Floats, looks: int) -> npt.NDArray[np.bool_]:
    """(C,) which changes cannot be the best any more, by the seeds that all of them have.

    The best so far is compared with each other one by a t test on the same seeds, whose variance
    is what a two-way layout, changes by seeds, leaves unexplained. The tests of all changes and of
    all looks share the error ``ERROR`` evenly (Bonferroni). One that diverged is out at once,
    unless all have.

    Args:
        values: (C, S) less is better.
        looks: how often a step is looked at before its last seed.
    """
    finite = np.array([np.isfinite(row).all() for row in values])
    if not finite.any():
        return np.zeros(len(values), bool)
    out = ~finite
    left = values[finite]
    changes, seeds = left.shape
    if changes < 2 or seeds < 2:
        return out
    means = left.mean(axis=1)
    rest = left - means[:, None] - left.mean(axis=0) + left.mean()
    freedom = (changes - 1) * (seeds - 1)
    error = np.sqrt(2 * (rest**2).sum() / freedom / seeds)
    behind = means - means.min()
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(behind > 0, t.sf(behind / error, freedom), 1.0)
    out[finite] = p < ERROR / (changes - 1) / max(looks, 1)
    return out
