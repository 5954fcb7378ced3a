"""A study whose space became wider: what its older trials are in the space of now.

They are stored as they were. Samplers, figures and tables see them with the distributions of now,
and with the default of each parameter that is younger than they are.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field

from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial
from pydantic import ValidationError

from search.definition.domain import Value
from search.definition.space import distributions
from search.definition.widening import filled_in
from search.storage.binding import Binding


@dataclass(frozen=True)
class Widened:
    """What a space has become since trials of it were stored: as a rule, nothing.

    Attributes:
        kinds: the distributions of now, by parameter; none: the space is the trials' own.
        defaults: what stands for a parameter in trials that are older than it.
    """

    kinds: dict[str, BaseDistribution] = field(default_factory=dict)
    defaults: dict[str, Value] = field(default_factory=dict)

    def missing(self, trial: FrozenTrial) -> tuple[str, ...]:
        """The parameters that are younger than ``trial``."""
        return tuple(name for name in self.defaults if name not in trial.params)

    def params(self, trial: FrozenTrial) -> dict[str, Value]:
        """The parameters of ``trial``, with defaults for the missing ones."""
        return {**trial.params, **{name: self.defaults[name] for name in self.missing(trial)}}

    def completed(self, trial: FrozenTrial) -> FrozenTrial:
        """A copy of ``trial`` in the space of now; ``trial`` itself where that is its own."""
        if not self.kinds:
            return trial
        completed = copy(trial)
        completed.params = self.params(trial)
        completed.distributions = {
            name: self.kinds.get(name) or trial.distributions[name] for name in completed.params
        }
        return completed


UNCHANGED = Widened()


def widened_since(binding: Binding | None, trials: Sequence[FrozenTrial]) -> Widened:
    """What became of the space of ``trials``; the first of them tells it for all."""
    if binding is None or not trials:
        return UNCHANGED
    try:
        definition = binding.definition
    except (ValidationError, KeyError):  # an earlier version's study, which is only looked at
        return UNCHANGED
    kinds = distributions(definition)
    oldest = next(
        (trial for trial in trials if trial.distributions), None
    )  # a queued one has none
    if oldest is None or kinds == oldest.distributions:
        return UNCHANGED
    return Widened(kinds, filled_in(definition))
