"""Which class of failure an error belongs to, and what to change then."""

import traceback

import torch

from data.files import DataError
from model.devices import device_name, peak_memory
from model.memory import is_out_of_memory
from model.metrics import NotFiniteError
from search.workers.events import Failure, FailureKind

LINES = 12  # of the traceback, its last ones


def explain(error: Exception, *, epoch: int, device: torch.device) -> Failure:
    """What ``error``, raised in ``epoch`` of a training on ``device``, says to the user."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    return Failure(
        kind=_kind(error),
        message=f"{type(error).__name__}: {error}",
        traceback=tuple(lines[-LINES:]),
        epoch=epoch,
        device=device_name(device),
        memory=peak_memory(device),
    )


def _kind(error: Exception) -> FailureKind:
    if is_out_of_memory(error):
        return "out of memory"
    kinds: dict[type[Exception], FailureKind] = {
        NotFiniteError: "not finite",
        TimeoutError: "time",
        DataError: "data",
    }
    return next((kind for type_, kind in kinds.items() if isinstance(error, type_)), "bug")
