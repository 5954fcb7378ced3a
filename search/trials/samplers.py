"""Samplers by name, each made anew for a trial with that trial's own seed."""

import optuna
from optuna.samplers import BaseSampler

from search.definition.tables import Definition
from search.trials.seeds import derive


def make_sampler(definition: Definition, number: int) -> BaseSampler:
    """The study's sampler as it proposes trial ``number``: a resumed study proposes the same."""
    seed = derive(definition.search.seed, number, "sampler")
    independent = optuna.samplers.RandomSampler(seed)
    match definition.search.sampler:
        case "tpe":
            return optuna.samplers.TPESampler(seed=seed)
        case "gp":
            return optuna.samplers.GPSampler(seed=seed, independent_sampler=independent)
        case "cmaes":
            return optuna.samplers.CmaEsSampler(
                seed=seed, independent_sampler=independent, warn_independent_sampling=False
            )
        case "random":
            return independent
