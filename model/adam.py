"""Adam and AdamW by PyTorch's own function, without the class around it."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.adam import adam

BETAS = (0.9, 0.999)
EPSILON = 1e-8


class Adam:
    """Moves all parameters of a model, bit for bit as ``torch.optim.Adam(..., fused=True)`` does.

    A process' first ``torch.optim.Optimizer`` imports PyTorch's compiler: as much time and half as
    much memory as all else of PyTorch takes, and nothing here is compiled. The algorithm is that
    of Kingma and Ba (2015), "Adam: A Method for Stochastic Optimization"; AdamW's is that of
    Loshchilov and Hutter (2019), "Decoupled Weight Decay Regularization".

    Attributes:
        lr: the learning rate of the next step.
    """

    def __init__(
        self, parameters: Iterable[nn.Parameter], *, lr: float, weight_decay: float, is_adamw: bool
    ) -> None:
        """``is_adamw``: weights decay beside the gradient's step, not through it."""
        self.parameters = list(parameters)
        self.lr = lr
        self.weight_decay = weight_decay
        self.is_adamw = is_adamw
        self.state: dict[int, dict[str, Tensor]] = {}  # by the number of the parameter

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Move the parameters that have a gradient."""
        moved = [(i, p) for i, p in enumerate(self.parameters) if p.grad is not None]
        states = [self._state(i, parameter) for i, parameter in moved]
        adam(
            [parameter for _, parameter in moved],
            [parameter.grad for _, parameter in moved if parameter.grad is not None],
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            [],
            [state["step"] for state in states],
            fused=True,
            amsgrad=False,
            beta1=BETAS[0],
            beta2=BETAS[1],
            lr=self.lr,
            weight_decay=self.weight_decay,
            eps=EPSILON,
            maximize=False,
            decoupled_weight_decay=self.is_adamw,
        )

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs to go on from here, laid out as PyTorch does it."""
        return {"state": self.state, "param_groups": [{"lr": self.lr}]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where ``state`` was taken, of this class or of PyTorch's."""
        self.lr = state["param_groups"][0]["lr"]
        self.state = {
            i: {name: value.to(self.parameters[i].device) for name, value in each.items()}
            for i, each in state["state"].items()
        }

    def _state(self, number: int, parameter: nn.Parameter) -> dict[str, Tensor]:
        if number not in self.state:
            self.state[number] = {
                "step": torch.zeros((), device=parameter.device),
                "exp_avg": torch.zeros_like(parameter),
                "exp_avg_sq": torch.zeros_like(parameter),
            }
        return self.state[number]
