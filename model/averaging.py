"""The weights' exponential moving average: what is scored and kept in place of the last step's."""

from typing import Any

from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


class Average:
    """The average of a model's weights over its steps, or, with a decay of 0, the model itself.

    The first steps count for less: after step n the decay is at most (1 + n) / (10 + n), so that
    an average over a hundred steps does not lag behind where an epoch has only ten of them.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.trained = model
        self.decay = decay
        self.averaged = AveragedModel(model) if decay else None

    @property
    def model(self) -> nn.Module:
        """What is to be scored."""
        return self.averaged.module if self.averaged else self.trained

    def after_step(self) -> None:
        """A step of the optimizer has been made."""
        if self.averaged:
            steps = int(self.averaged.n_averaged)  # lies on the CPU: no GPU is waited for
            decay = min(self.decay, (1 + steps) / (10 + steps))
            self.averaged.multi_avg_fn = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
            self.averaged.update_parameters(self.trained)

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs to go on from here."""
        return self.averaged.state_dict() if self.averaged else {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where ``state`` was taken."""
        if self.averaged:
            self.averaged.load_state_dict(state)
