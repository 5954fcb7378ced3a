"""Recurrent layers that read each text forwards and backwards, as two plain passes a layer.

PyTorch has no fast kernel for packed sequences on a CPU: reversing each text within its length
and running the same plain kernel twice gives the outputs that packing gives, several times sooner.
"""

import re
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

# The names that PyTorch gives the weights of a module with several layers and both directions.
TOGETHER = re.compile(r"(weight_[ih]h|bias_[ih]h)_l(\d+)(_reverse)?")


class BothDirections(nn.Module):
    """What ``nn.LSTM(..., bidirectional=True)`` is for packed texts, or another cell likewise.

    Weights that such a module saved are loaded too.
    """

    def __init__(
        self,
        cell: Callable[..., nn.Module],
        inputs: int,
        hidden: int,
        *,
        layers: int,
        dropout: float,
    ) -> None:
        """Begin with PyTorch's initial weights.

        Args:
            cell: ``nn.RNN``, ``nn.GRU`` or ``nn.LSTM``.
            inputs: dimensions of a step.
            hidden: units of a layer and direction.
            layers: each reads both directions of the one below.
            dropout: between layers.
        """
        super().__init__()
        widths = [inputs, *[2 * hidden] * (layers - 1)]
        self.forwards = nn.ModuleList(cell(width, hidden, batch_first=True) for width in widths)
        self.backwards = nn.ModuleList(cell(width, hidden, batch_first=True) for width in widths)
        self.dropout = nn.Dropout(dropout)
        self.register_load_state_dict_pre_hook(_take_apart)  # type: ignore[no-untyped-call]

    def forward(self, steps: Tensor, lengths: Tensor) -> Tensor:
        """Read a batch.

        Args:
            steps: (B, T, ``inputs``), anything at and behind a text's length.
            lengths: (B,) int64, real steps of each text.

        Returns:
            (B, T, 2 ``hidden``): of each step what was read up to it, and from the end down to it.
        """
        mirror = mirrored(lengths, steps.shape[1])[..., None]  # (B, T, 1)
        for i, (forwards, backwards) in enumerate(zip(self.forwards, self.backwards, strict=True)):
            steps = self.dropout(steps) if i else steps
            ahead, _ = forwards(steps)  # (B, T, H)
            behind, _ = backwards(steps.take_along_dim(mirror, dim=1))
            steps = torch.cat([ahead, behind.take_along_dim(mirror, dim=1)], dim=2)
        return steps


def mirrored(lengths: Tensor, longest: int) -> Tensor:
    """Where each step of the reversed texts is taken from.

    Args:
        lengths: (B,) int64, real steps of each text.
        longest: T.

    Returns:
        (B, T) int64; padding stays where it is. Applied twice it changes nothing.
    """
    steps = torch.arange(longest, device=lengths.device)  # (T,)
    return torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)


def _take_apart(_module: nn.Module, weights: dict[str, Any], prefix: str, *_more: object) -> None:
    """Give the weights of a module with all layers in it the names that they have here."""
    for name in [name for name in weights if name.startswith(prefix)]:
        if (found := TOGETHER.fullmatch(name.removeprefix(prefix))) is not None:
            kind, layer, reverse = found.groups()
            direction = "backwards" if reverse else "forwards"
            weights[f"{prefix}{direction}.{layer}.{kind}_l0"] = weights.pop(name)
