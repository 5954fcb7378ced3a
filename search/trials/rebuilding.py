"""A lost classifier once more: the seed of its trial gives the same weights again."""

import torch

from data.preparation import Prepared
from model.assembly import assemble
from model.checkpoint import save
from model.devices import share_of_threads
from model.epoch import Epoch
from model.prediction import TextClassifier
from model.training import fit
from search.interrupts import interruptible
from search.storage.trial_record import TrialRecord
from search.trials.keeping import classifier_of
from search.trials.objective import Objective
from search.workers.placement import Placement


def rebuild_best(
    objective: Objective, prepared: Prepared, placement: Placement, best: TrialRecord
) -> Epoch:
    """Put the classifier of the ``best`` trial where it was; see ``rebuild``."""
    classifier, kept = rebuild(objective, prepared, placement, best)
    with objective.home.lock():
        save(objective.home.best, classifier)
    return kept


def rebuild(
    objective: Objective, prepared: Prepared, placement: Placement, trial: TrialRecord
) -> tuple[TextClassifier, Epoch]:
    """Train a complete ``trial`` again, up to its best epoch.

    Args:
        objective: of the study.
        prepared: the texts.
        placement: of the study's trials; it trains as one of them.
        trial: any of the study's.

    Returns:
        Its classifier, and the epoch that it is of; on another machine the scores may differ from
        the stored ones.
    """
    task = objective.task(trial)
    last = trial.best_epoch.number if trial.best_epoch else task.train_settings.epochs
    with interruptible(), share_of_threads(placement.jobs):
        made = assemble(
            prepared,
            task.net_settings,
            task.train_settings,
            seed=task.seed,
            device=placement.devices[0],
            criterion=task.criterion,
        )
        epochs = fit(made.trainer, made.train, made.validation)
        kept = next(epochs)
        while kept.number < last:
            kept = next(epochs)
        epochs.close()  # the net gets the weights of its best epoch
    weights = made.net.to(torch.device("cpu")).state_dict()
    return classifier_of(objective, task, weights, kept), kept
