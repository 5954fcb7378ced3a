"""The best classifier once more, where its folder is gone: a seed gives the same weights again."""

import torch

from data.preparation import Prepared
from model.assembly import assemble
from model.epoch import Epoch
from model.training import fit
from search.interrupts import interruptible
from search.storage.record import TrialRecord
from search.trials.objective import Objective


def rebuild_best(objective: Objective, prepared: Prepared, best: TrialRecord) -> Epoch:
    """Train ``best`` again, up to its best epoch, and keep the classifier.

    Args:
        objective: of the study.
        prepared: the texts, where to train.
        best: the study's best trial.

    Returns:
        The epoch that is kept; on another machine its scores may differ from the stored ones.
    """
    task = objective.task(best)
    last = best.best_epoch.number if best.best_epoch else task.train_settings.epochs
    with interruptible():
        made = assemble(
            prepared,
            task.net_settings,
            task.train_settings,
            seed=task.seed,
            criterion=task.criterion,
        )
        epochs = fit(made.trainer, made.train, made.validation)
        kept = next(epochs)
        while kept.number < last:
            kept = next(epochs)
        epochs.close()  # the net gets the weights of its best epoch
    weights = made.net.to(torch.device("cpu")).state_dict()
    with objective.home.lock():
        objective.keep_best(task, weights, kept)
    return kept
