"""How training uses memory: batches in parts, and freed memory kept for the next step."""

import ctypes
import sys
from collections.abc import Callable
from typing import TypeVar

import torch

# Steps (texts times length) that go through the net at once. On a CPU nets are as fast with this
# many as with all of a batch of 512, and the process needs a fraction of the memory (LSTM 256).
STEPS_AT_ONCE = {"cpu": 8_192, "cuda": sys.maxsize}

SMALLEST_PART = 8  # texts
# As malloc.h numbers them: M_MMAP_MAX, M_TRIM_THRESHOLD and M_TOP_PAD (bytes).
MALLOC_OPTIONS = {-4: 0, -1: 2**31 - 1, -2: 2**26}
# What PyTorch's CPU allocator and its libraries say; for a GPU there is a class of its own.
NO_MEMORY = ("can't allocate memory", "not enough memory", "bad_alloc", "could not create a mem")

T = TypeVar("T")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` says that memory ran out, on the CPU or on a GPU."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in NO_MEMORY)


def parts_to_fit(ids: torch.Tensor) -> int:
    """Into how many parts the batch ``ids`` (B, T) is cut, however much memory there is."""
    return -(-ids.numel() // STEPS_AT_ONCE[ids.device.type])


def keep_freed_memory() -> None:
    """Make the C library keep what this process frees, for its next allocation.

    By default glibc gives large blocks back at once, and the system clears each page again when
    the next step asks for it: a third of an LSTM's processor time. Elsewhere this changes nothing.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        for option, value in MALLOC_OPTIONS.items():
            mallopt(option, value)


class Parts:
    """Into how many parts batches are cut: one, and twice as many whenever memory runs out.

    Those that ``parts_to_fit`` asks for are parts of these.
    """

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
