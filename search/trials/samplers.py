"""Samplers by name, each made anew for a trial with that trial's own seed."""

import optuna
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, TPESampler
from optuna.trial import FrozenTrial

from search.definition.space import distributions
from search.definition.tables import Definition
from search.trials.seeds import derive


def make_sampler(definition: Definition, number: int) -> BaseSampler:
    """The study's sampler as it proposes trial ``number``: a resumed study proposes the same."""
    seed = derive(definition.search.seed, number, "sampler")
    independent = optuna.samplers.RandomSampler(seed)
    match definition.search.sampler:
        case "tpe":
            return ToldTheSpace(definition, seed)
        case "gp":
            return optuna.samplers.GPSampler(seed=seed, independent_sampler=independent)
        case "cmaes":
            return optuna.samplers.CmaEsSampler(
                seed=seed, independent_sampler=independent, warn_independent_sampling=False
            )
        case "random":
            return independent


class ToldTheSpace(TPESampler):
    """Optuna's, which need not look through all trials for the parameters that they share.

    For a thousand trials that takes as long as the proposal itself; here each has all parameters.
    """

    def __init__(self, definition: Definition, seed: int) -> None:
        """See ``make_sampler``."""
        super().__init__(seed=seed)
        kinds = distributions(definition)
        self.space = {name: kinds[name] for name in sorted(kinds) if not kinds[name].single()}

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """See ``optuna.samplers.BaseSampler``."""
        return self.space
