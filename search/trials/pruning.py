"""Pruners by name, and what the median rule compared when it ended a trial."""

import sys
import time
from collections.abc import Sequence
from functools import cached_property
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
from search.storage.inside_optuna import study_in_memory
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
                return compared(self.definition, (), curve) if says else None
            case "median":
                if curve[-1].number <= warm_up(self.definition):
                    return None
                says = self.study.pruner.prune(self._complete, trial.frozen)
                others = self._complete.get_trials(deepcopy=False)
                return compared(self.definition, others, curve) if says else None

    @cached_property
    def _complete(self) -> optuna.Study:
        return study_in_memory(
            self.study.study_name,
            self.study.directions,
            [trial.frozen for trial in self.record.in_state(TrialState.COMPLETE)],
            sampler=self.study.sampler,
            pruner=self.study.pruner,
        )


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
