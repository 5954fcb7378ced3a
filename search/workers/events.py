"""What a training tells while it runs; plain values, which go through a pipe or a network."""

import warnings
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from model.epoch import Epoch

FailureKind = Literal[
    "out of memory", "not finite", "time", "data", "worker died", "queued", "bug"
]


class Begun(NamedTuple):
    """The net is built; ``done`` epochs were found in the snapshot.

    Attributes:
        done: epochs that follow at once, since they were trained before.
        note: why the snapshot, if there is one, was of no use.
        weight_count: trained weights of the net.
        vocabulary_size: words of the net, special tokens included.
        where: device and precision.
    """

    done: int
    note: str
    weight_count: int
    vocabulary_size: int
    where: dict[str, str]


class Halved(NamedTuple):
    """Memory ran out: batches are now trained in ``parts``, their gradients added up."""

    parts: int


class Ended(NamedTuple):
    """All epochs have run."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a training failed, and what is needed to find the cause.

    Attributes:
        kind: the class of the failure, which says what to change.
        message: the error's own words.
        traceback: its last lines.
        epoch: the epoch in which it came; 0: not known.
        device: where the trial trained.
        memory: most bytes in use by then, of the GPU or of the process; ``None``: not known.
    """

    kind: FailureKind
    message: str
    traceback: tuple[str, ...] = ()
    epoch: int = 0
    device: str
    memory: int | None = None


ADVICE: dict[FailureKind, str] = {
    "out of memory": "lower hidden_dim, layers, max_length or batch_size, or run fewer --jobs",
    "not finite": "lower the highest lr, or set clip_norm",
    "time": "raise --trial-timeout, or make the largest configuration smaller",
    "data": "look at the texts that --dataset names; the tokens' cache can be deleted",
    "worker died": "the system's log may say why; if memory ran out, run fewer --jobs, or make "
    "the largest configuration smaller",
    "queued": "queue it again with values that [space] has; --enqueue checks them",
    "bug": "its traceback is stored with the trial: python -m search.status --why NUMBER",
}

Event = Begun | Halved | Epoch | Ended | Failure
LAST = (Ended, Failure)


class Warned(NamedTuple):
    """A warning given where it trains; these are what ``warnings.warn_explicit`` is told."""

    message: str
    category: type[Warning]
    filename: str
    lineno: int

    def again(self) -> None:
        """Give it here too, once however many trainings gave it."""
        warnings.warn_explicit(*self, registry=_SHOWN)


_SHOWN: dict[str | tuple[str, type[Warning], int], int] = {}  # as each module has one


def with_warnings(events: Generator[Event]) -> Generator[Event | Warned]:
    """``events``, each behind the warnings given meanwhile: the search's process shows them.

    On standard error here they would be lost, or drawn into the live view.
    """
    caught: list[Warned] = []

    def keep(*given: Any, **_: Any) -> None:
        message, category, filename, lineno = given[:4]
        caught.append(Warned(str(message), category, filename, lineno))

    shown = warnings.showwarning
    warnings.showwarning = keep
    try:
        with closing(events):
            for event in events:
                yield from caught
                caught.clear()
                yield event
    finally:
        warnings.showwarning = shown
