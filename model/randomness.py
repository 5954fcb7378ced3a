"""A training's own random numbers: dropout draws from global generators, which are only lent."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


class RandomState:
    """The state of the CPU's generator, and of the GPU's where that is the device."""

    def __init__(self, seed: int, device: torch.device) -> None:
        """Begin from ``seed``; the global state is not touched."""
        self.gpus = [device] if device.type == "cuda" else []
        places = [torch.device("cpu"), *self.gpus]
        self.states = [torch.Generator(place).manual_seed(seed).get_state() for place in places]

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Inside, the global generators are in this state, and take it further."""
        with torch.random.fork_rng(devices=self.gpus):
            torch.set_rng_state(self.states[0])
            for gpu, state in zip(self.gpus, self.states[1:], strict=True):
                torch.cuda.set_rng_state(state, gpu)
            yield
            gpu_states = [torch.cuda.get_rng_state(gpu) for gpu in self.gpus]
            self.states = [torch.get_rng_state(), *gpu_states]

    def state_dict(self) -> dict[str, list[Tensor]]:
        """What ``load_state_dict`` needs to go on from here."""
        return {"states": self.states}

    def load_state_dict(self, state: dict[str, list[Tensor]]) -> None:
        """Go on from where ``state`` was taken."""
        self.states = state["states"]
