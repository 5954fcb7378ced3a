"""One vector from the steps of a text, over its real steps only."""

import torch
from torch import Tensor

from model.settings import Pooling


def pool(steps: Tensor, lengths: Tensor, pooling: Pooling) -> Tensor:
    """Pool the outputs of a recurrent layer.

    Args:
        steps: (B, T, D) outputs, anything at and behind a text's length.
        lengths: (B,) real steps, at least 1.
        pooling: "max", "mean", "last" (real step), or two of them side by side.

    Returns:
        (B, D), or (B, 2 D) for two.
    """
    return torch.cat([_pool_one(steps, lengths, kind) for kind in pooling.split("+")], dim=1)


def _pool_one(steps: Tensor, lengths: Tensor, kind: str) -> Tensor:
    if kind == "last":
        return steps[torch.arange(len(steps), device=steps.device), lengths - 1]  # (B, D)
    padding = torch.arange(steps.shape[1], device=steps.device) >= lengths[:, None]  # (B, T)
    if kind == "max":
        return steps.masked_fill(padding[..., None], float("-inf")).amax(dim=1)  # (B, D)
    return steps.masked_fill(padding[..., None], 0).sum(dim=1) / lengths[:, None]  # (B, D)
