"""The optimizer of a training, and how its learning rate moves."""

from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau

from model.settings import TrainSettings


def make_optimizer(model: nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """Adam or AdamW over all of the model's parameters."""
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    decay = settings.weight_decay
    return kind(model.parameters(), lr=settings.lr, weight_decay=decay, fused=True)


class Schedule:
    """Moves the learning rate after each step or after each epoch, as the settings say."""

    def __init__(
        self, optimizer: torch.optim.Optimizer, settings: TrainSettings, *, texts: int
    ) -> None:
        """``texts`` training texts an epoch: one-cycle must know how many steps there will be."""
        self.plateau: ReduceLROnPlateau | None = None
        self.one_cycle: OneCycleLR | None = None
        if settings.schedule == "plateau":
            self.plateau = ReduceLROnPlateau(optimizer, factor=0.1, patience=1)
        if settings.schedule == "one-cycle":
            steps = settings.epochs * -(-texts // settings.batch_size)
            self.one_cycle = OneCycleLR(optimizer, max_lr=settings.lr, total_steps=steps)

    def after_step(self) -> None:
        """A step of the optimizer has been made."""
        if self.one_cycle:
            self.one_cycle.step()

    def after_epoch(self, validation_loss: float) -> None:
        """An epoch has been scored."""
        if self.plateau:
            self.plateau.step(validation_loss)

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs to go on from here."""
        schedule = self.plateau or self.one_cycle
        return schedule.state_dict() if schedule else {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where ``state`` was taken."""
        schedule = self.plateau or self.one_cycle
        if schedule:
            schedule.load_state_dict(state)
