"""The optimizer of a training, and how its learning rate moves."""

from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from model.settings import TrainSettings


def make_optimizer(model: nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """Adam or AdamW over all of the model's parameters."""
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    decay = settings.weight_decay
    return kind(model.parameters(), lr=settings.lr, weight_decay=decay, fused=True)


class Schedule:
    """Moves the learning rate: at each step by how many there are, after an epoch by its loss."""

    def __init__(self, optimizer: torch.optim.Optimizer, settings: TrainSettings) -> None:
        self.optimizer = optimizer
        self.settings = settings
        self.plateau = ReduceLROnPlateau(optimizer, factor=0.1, patience=1)

    def before_step(self, step: int, steps: int) -> None:
        """Step ``step`` (from 0) of the training's ``steps`` is next."""
        rises = step < _rising(steps, self.settings)  # then the plateau's turn begins
        if rises or self.settings.schedule != "plateau":
            for group in self.optimizer.param_groups:
                group["lr"] = self.settings.lr * share_of_rate(step, steps, self.settings)

    def after_epoch(self, validation_loss: float) -> None:
        """An epoch has ended with ``validation_loss``."""
        if self.settings.schedule == "plateau":
            self.plateau.step(validation_loss)

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs to go on from here."""
        return self.plateau.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where ``state`` was taken."""
        self.plateau.load_state_dict(state)


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
