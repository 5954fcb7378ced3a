"""Learning curves: did the training of the best trials converge?"""

from typing import NamedTuple

from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

SHOWN = 3  # best trials whose convergence is drawn


class Curves(NamedTuple):
    """Epoch by epoch, one trial.

    Attributes:
        number: the trial's.
        epochs: from 1.
        train: mean cross-entropy of each epoch, in nats.
        validation: likewise.
        lr: learning rate of each epoch's last step.
        scores: what epochs are compared by: the validation loss, or another objective.
    """

    number: int
    epochs: list[int]
    train: list[float]
    validation: list[float]
    lr: list[float]
    scores: list[float]


def best_curves(record: StudyRecord, shown: int = SHOWN) -> list[Curves]:
    """The curves of the best complete trials, best first."""
    return [_curves(trial) for trial in record.ranking if trial.stored.curve][:shown]


def _curves(trial: TrialRecord) -> Curves:
    curve = trial.stored.curve
    return Curves(
        number=trial.number,
        epochs=[epoch.number for epoch in curve],
        train=[epoch.train_loss for epoch in curve],
        validation=[epoch.validation_loss for epoch in curve],
        lr=[epoch.lr for epoch in curve],
        scores=[epoch.score for epoch in curve],
    )
