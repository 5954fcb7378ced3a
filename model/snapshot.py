"""A training's state between two epochs, in a file that is whole or not there.

The file is what ``torch.save`` writes: a zip archive with a checksum of each member. PyTorch
does not look at the checksums, so they are tested before ``torch.load(weights_only=True)``.
"""

import os
import pickle
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from model.epoch import Epoch
from model.settings import TRAINER_VERSION

if TYPE_CHECKING:  # PyTorch takes a second to import: who owns a study does so beside a training
    from model.training import Trainer

VERSION = [1, TRAINER_VERSION]  # of the file, and of the numbers in it

DAMAGED = (
    zipfile.BadZipFile, zlib.error, pickle.UnpicklingError,
    RuntimeError, OSError, ValueError, EOFError, KeyError,
)  # fmt: skip


class SnapshotError(ValueError):
    """A file that this training cannot go on from; the message says why."""


def write_snapshot(path: Path, identity: object, trainer: "Trainer", curve: list[Epoch]) -> None:
    """Put the state of ``trainer`` after the epochs of ``curve`` in the place of ``path``.

    Whenever the process is killed or the machine loses power, ``path`` holds the old state or
    the new one.

    Args:
        path: in a folder that is there.
        identity: plain values that say what the training is; ``read_snapshot`` compares them.
        trainer: at the end of an epoch.
        curve: all its epochs up to now.

    Raises:
        OSError: it cannot be written.
    """
    with put_whole(path) as file:
        save_snapshot(file, identity, trainer, curve)


def save_snapshot(
    file: IO[bytes], identity: object, trainer: "Trainer", curve: list[Epoch]
) -> None:
    """Write the same into an open ``file``."""
    import torch

    epochs = [epoch._asdict() for epoch in curve]
    head = {"version": VERSION, "identity": identity, "curve": epochs}
    torch.save({**head, "trainer": trainer.state_dict()}, file)


@contextmanager
def put_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of ``path`` at once when it is closed."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_snapshot(
    source: Path | IO[bytes], identity: object
) -> tuple[dict[str, Any], list[Epoch]]:
    """The trainer's state, and its epochs up to then.

    Args:
        source: a file, or its content.
        identity: what the training is.

    Raises:
        FileNotFoundError: there is none.
        SnapshotError: it is damaged, of another version or of another training.
    """
    import torch

    try:
        with zipfile.ZipFile(source) as archive:
            damaged = archive.testzip() is not None
        stored = {} if damaged else torch.load(source, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise
    except DAMAGED:
        damaged = True
    if damaged:
        raise SnapshotError("it is damaged")
    if stored.get("version") != VERSION:
        raise SnapshotError(f"it is of version {stored.get('version')}, this is {VERSION}")
    if stored["identity"] != identity:
        raise SnapshotError("it is of another training")
    return stored["trainer"], [Epoch.of(row) for row in stored["curve"]]
