"""Adversarial training: a net also learns texts whose words were moved to where it errs most.

Miyato, Dai and Goodfellow (2017), "Adversarial Training Methods for Semi-Supervised Text
Classification", section 3: the gradient of a text's loss with respect to its embedded words,
scaled to a given length, is added to them, and the loss there is added to the text's loss.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

Loss = Callable[[Tensor], Tensor]
DIMENSIONS = 128  # of embedded words, for which a length is given
SMALLEST = 1e-30  # a gradient of length 0 moves nothing, and must not divide by 0


def backward(loss_at: Loss, shift: Tensor, length: float) -> Tensor:
    """Add the gradients of the loss at the words as they are, and at the moved ones.

    One backward pass gives both the weights' gradients and the direction to move in, so that the
    whole takes two passes each way.

    Args:
        loss_at: the loss where the embedded words are moved by its argument.
        shift: (B, T, E) zeros that require a gradient.
        length: of the move in ``DIMENSIONS``, over all words of a text together. In E dimensions
            it is longer by the square root of E / ``DIMENSIONS``, as embedded words are.

    Returns:
        The loss at the words as they are, detached.
    """
    loss = loss_at(shift)
    loss.backward()  # type: ignore[no-untyped-call]
    assert shift.grad is not None
    longer = math.sqrt(shift.shape[-1] / DIMENSIONS)
    loss_at(as_long_as(shift.grad, length * longer)).backward()  # type: ignore[no-untyped-call]
    return loss.detach()


def as_long_as(gradient: Tensor, length: float) -> Tensor:
    """``gradient`` (B, T, E) with each text's part as long as ``length``, or 0 where it is 0."""
    norms = torch.linalg.vector_norm(gradient, dim=(1, 2), keepdim=True)  # (B, 1, 1)
    scaled: Tensor = gradient * (length / norms.clamp(min=SMALLEST))
    return scaled
