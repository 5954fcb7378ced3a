"""The optimizer of a training, and how its learning rate moves."""

import math
from typing import Any

from torch import nn

from model.adam import Adam
from model.settings import TrainSettings

# Of "plateau", as PyTorch's ``ReduceLROnPlateau``, which takes its own optimizers alone.
PATIENCE = 1  # epochs without a better loss, before the rate falls
FACTOR = 0.1  # by which it falls
BETTER = 1e-4  # of the best loss; less is no better loss
LEAST = 1e-8  # by which it falls at least, or stays


def make_optimizer(model: nn.Module, settings: TrainSettings) -> Adam:
    """Adam or AdamW over all of the model's parameters."""
    return Adam(
        model.parameters(),
        lr=settings.lr,
        weight_decay=settings.weight_decay,
        is_adamw=settings.optimizer == "adamw",
    )


class Schedule:
    """Moves the learning rate: at each step by how many there are, after an epoch by its loss."""

    def __init__(self, optimizer: Adam, settings: TrainSettings) -> None:
        self.optimizer = optimizer
        self.settings = settings
        self.best = math.inf
        self.num_bad_epochs = 0  # since it, or since the rate fell

    def before_step(self, step: int, steps: int) -> None:
        """Step ``step`` (from 0) of the training's ``steps`` is next."""
        rises = step < _rising(steps, self.settings)  # then the plateau's turn begins
        if rises or self.settings.schedule != "plateau":
            self.optimizer.lr = self.settings.lr * share_of_rate(step, steps, self.settings)

    def after_epoch(self, validation_loss: float) -> None:
        """An epoch has ended with ``validation_loss``."""
        if self.settings.schedule != "plateau":
            return
        if validation_loss < self.best * (1 - BETTER):
            self.best, self.num_bad_epochs = validation_loss, 0
        else:
            self.num_bad_epochs += 1
        if self.num_bad_epochs > PATIENCE:
            lowered = self.optimizer.lr * FACTOR
            if self.optimizer.lr - lowered > LEAST:
                self.optimizer.lr = lowered
            self.num_bad_epochs = 0

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs to go on from here."""
        return {"best": self.best, "num_bad_epochs": self.num_bad_epochs}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where ``state`` was taken, of this class or of PyTorch's."""
        self.best, self.num_bad_epochs = state["best"], state["num_bad_epochs"]


def share_of_rate(step: int, steps: int, settings: TrainSettings) -> float:
    """What share of the learning rate step ``step`` (from 0) of ``steps`` has.

    It rises to the whole rate over the first ``warmup_ratio`` of the steps, and with the schedule
    "linear" falls from there to one part of the remaining steps at the last.
    """
    rising = _rising(steps, settings)
    if step < rising:
        return (step + 1) / rising
    return (steps - step) / (steps - rising) if settings.schedule == "linear" else 1.0


def _rising(steps: int, settings: TrainSettings) -> int:
    return int(settings.warmup_ratio * steps)
