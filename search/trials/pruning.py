"""Pruners by name, and what the median rule compared when it ended a trial."""

import sys
import time
from collections.abc import Sequence
from functools import cached_property
from math import inf, isnan, nan
from statistics import fmean

import optuna
from optuna.pruners import BasePruner
from optuna.trial import TrialState

from model.criterion import best_of
from model.epoch import Epoch
from search.definition.criteria import is_maximized
from search.definition.tables import Definition
from search.storage.attributes import Pruning
from search.storage.own_trial import OwnTrial
from search.storage.record import StudyRecord

# In simulated studies whose curves cross, pruning from the first epoch on killed the truly best
# configuration in 16 of 20 studies; after 4 of 10 epochs, in 1 of 20.
WARM_UP = 0.4
# Replayed on two tables of 300 trainings, with 5 the winner was pruned in 8% and 13% of searches.
STARTUP = 10  # finished trials before Optuna's TPE and GP samplers learn from them
COMPARED = 10  # trials that must be complete before one is pruned
LATEST = 1.0  # seconds: of trials that ended since, none is compared


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


class Comparison:
    """What running trials are compared with, read once for all that is heard in a second."""

    def __init__(
        self, definition: Definition, study: optuna.Study, record: StudyRecord | None = None
    ) -> None:
        """``study`` must have the pruner of its ``definition``; without ``record`` it is read."""
        self.definition, self.study, self.given = definition, study, record
        self.since = time.monotonic()

    @cached_property
    def record(self) -> StudyRecord:
        """The study as it was at the latest when this was asked for first."""
        return self.given or StudyRecord.of(self.study)

    @property
    def is_old(self) -> bool:
        """Whether others may have ended trials that one would miss."""
        return time.monotonic() - self.since > LATEST

    def prunes(self, trial: OwnTrial, curve: Sequence[Epoch]) -> Pruning | None:
        """What the pruner compared where it ends ``trial`` after the last epoch of ``curve``."""
        match self.definition.search.pruner:
            case "none":
                return None
            case "hyperband":
                says = self.study.pruner.prune(self.study, trial.frozen)
                trial.read_again()  # the rungs that the pruner has stored with it
                return self.compared(curve) if says else None
            case "median":
                # As MedianPruner, which looks through all trials for each verdict.
                complete = self.record.in_state(TrialState.COMPLETE)
                is_early = curve[-1].number <= warm_up(self.definition)
                if is_early or len(complete) < COMPARED:
                    return None
                found = self.compared(curve)
                return found if self._is_worse(found) else None

    def compared(self, curve: Sequence[Epoch]) -> Pruning:
        """What the study's pruner compares after the last epoch of ``curve``."""
        step, told = curve[-1].number, [epoch for epoch in curve if not isnan(epoch.score)]
        best = best_of(told, maximize=self.maximizes)
        value = best.score if best else nan
        if self.definition.search.pruner != "median":
            return Pruning(epoch=step, value=value)
        others = self.record.with_score_at(step)
        if not others:
            return Pruning(epoch=step, value=value)
        middle = [others[(len(others) - 1) // 2], others[len(others) // 2]]
        median = fmean(each.frozen.intermediate_values[step] for each in middle)
        return Pruning(epoch=step, value=value, median=median, trials=len(others))

    @property
    def maximizes(self) -> bool:
        """Whether more is better."""
        return is_maximized(self.definition.search.objective)

    def _is_worse(self, found: Pruning) -> bool:
        if isnan(found.value) or found.median is None:
            return isnan(found.value)
        return found.value < found.median if self.maximizes else found.value > found.median


def longest(definition: Definition) -> int:
    """The most epochs that a trial of the study can run."""
    values = definition.values_of("epochs")
    if not definition.space:
        values.append(definition.search.epochs)
    return max(int(value) for value in values)
