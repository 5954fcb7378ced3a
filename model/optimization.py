"""The optimizer of a training, and how its learning rate moves."""

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from model.settings import TrainSettings


def make_optimizer(model: nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """Adam or AdamW over all of the model's parameters."""
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    decay = settings.weight_decay
    return kind(model.parameters(), lr=settings.lr, weight_decay=decay, fused=True)


def make_schedule(optimizer: torch.optim.Optimizer, settings: TrainSettings) -> ReduceLROnPlateau:
    """What lowers the learning rate where validation loss stalls; without one, it never does."""
    patience = 1 if settings.schedule == "plateau" else settings.epochs
    return ReduceLROnPlateau(optimizer, factor=0.1, patience=patience)
