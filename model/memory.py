"""Going on with smaller parts where memory runs out."""

from collections.abc import Callable
from typing import TypeVar

import torch

SMALLEST_PART = 8  # texts
# What PyTorch's CPU allocator and its libraries say; for a GPU there is a class of its own.
NO_MEMORY = ("can't allocate memory", "not enough memory", "bad_alloc", "could not create a mem")

T = TypeVar("T")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` says that memory ran out, on the CPU or on a GPU."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in NO_MEMORY)


class Parts:
    """Into how many parts batches are cut: one, and twice as many whenever memory runs out."""

    def __init__(self) -> None:
        self.count = 1

    def work(self, step: Callable[[int], T], texts: int) -> T:
        """``step(count)`` on a batch of ``texts``; a part has at least ``SMALLEST_PART`` texts.

        Raises:
            RuntimeError, MemoryError: the smallest parts do not fit either.
        """
        while True:
            try:
                return step(self.count)
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error) or texts < 2 * self.count * SMALLEST_PART:
                    raise
            # Not within "except": until there, the error holds what the failed try allocated.
            self.count *= 2
            if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
                torch.cuda.empty_cache()

    def state_dict(self) -> dict[str, int]:
        """What ``load_state_dict`` needs to go on from here."""
        return {"count": self.count}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go on from where ``state`` was taken."""
        self.count = state["count"]
