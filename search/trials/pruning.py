"""Pruners by name, and what the median rule compared when it ended a trial."""

import sys
from collections.abc import Sequence
from math import inf

import numpy as np
import optuna
from optuna.pruners import BasePruner
from optuna.trial import FrozenTrial, TrialState

from model.criterion import best_of
from model.epoch import Epoch
from search.definition.criteria import is_maximized
from search.definition.tables import Definition
from search.storage.attributes import Pruning
from search.storage.own_trial import OwnTrial

# In simulated studies whose curves cross, pruning from the first epoch on killed the truly best
# configuration in 16 of 20 studies; after 4 of 10 epochs, in 1 of 20.
WARM_UP = 0.4
# Replayed on two tables of 300 trainings, with 5 the winner was pruned in 8% and 13% of searches.
STARTUP = 10  # finished trials before Optuna's TPE and GP samplers learn from them
COMPARED = 10  # trials that must be complete before one is pruned


def make_pruner(definition: Definition) -> BasePruner:
    """The study's pruner; epochs are its steps, counted from 1."""
    epochs = longest(definition)
    match definition.search.pruner:
        case "median":
            return optuna.pruners.MedianPruner(
                n_startup_trials=COMPARED, n_warmup_steps=warm_up(definition) + 1
            )
        case "hyperband":
            return optuna.pruners.HyperbandPruner(min_resource=1, max_resource=epochs)
        case "none":
            return optuna.pruners.NopPruner()


def warm_up(definition: Definition) -> int:
    """After how many epochs the median rule prunes no trial yet."""
    return round(WARM_UP * longest(definition))


def begun_together(definition: Definition) -> int:
    """How many of a study's first trials hang on no other one, neither proposed nor pruned by it.

    Of the others each hangs on all that are finished when one worker alone begins it.
    """
    proposed: float = {"tpe": STARTUP, "gp": STARTUP, "cmaes": 1, "random": inf}[
        definition.search.sampler
    ]
    if not definition.space:
        proposed = inf
    pruned: float = {"median": COMPARED, "hyperband": 1, "none": inf}[definition.search.pruner]
    return int(min(proposed, pruned, sys.maxsize))


def may_prune(definition: Definition, epoch: int) -> bool:
    """Whether the study's pruner need be asked after ``epoch``: it reads all trials then."""
    return definition.search.pruner == "hyperband" or (
        definition.search.pruner == "median" and epoch > warm_up(definition)
    )


def is_pruned(definition: Definition, trial: OwnTrial) -> bool:
    """Ask the study's pruner whether ``trial`` is to end after its last epoch."""
    study = trial.study
    says = study.pruner.prune(study, trial.frozen)
    if definition.search.pruner == "hyperband":
        trial.read_again()  # the rungs that the pruner has stored with it
    return says


def compared(
    definition: Definition, trials: Sequence[FrozenTrial], curve: Sequence[Epoch]
) -> Pruning:
    """What the study's pruner compared, as ``optuna.pruners.MedianPruner`` does.

    Args:
        definition: of the study.
        trials: of the study when the trial was pruned; complete ones are compared.
        curve: the trial's epochs, the last of which it was pruned after.
    """
    step = curve[-1].number
    best = best_of(curve, maximize=is_maximized(definition.search.objective))
    value = best.score if best else float("nan")
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    others = [t.intermediate_values[step] for t in complete if step in t.intermediate_values]
    if definition.search.pruner != "median" or not others:
        return Pruning(epoch=step, value=value)
    median = float(np.median(others))
    return Pruning(epoch=step, value=value, median=median, trials=len(others))


def longest(definition: Definition) -> int:
    """The most epochs that a trial of the study can run."""
    values = definition.values_of("epochs")
    if not definition.space:
        values.append(definition.search.epochs)
    return max(int(value) for value in values)
