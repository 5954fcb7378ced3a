"""One task's training, wherever it runs: a task in, events out; it knows of no study."""

from collections.abc import Generator

import torch

from data.preparation import Prepared
from model.assembly import assemble
from model.classifier import weight_count
from model.devices import device_name, resolve_precision
from model.epoch import Epoch
from model.snapshot import SnapshotError
from model.training import Trainer, fit
from search.errors import UnavailableError
from search.workers.events import Begun, Ended, Event, Halved
from search.workers.failure import explain
from search.workers.protocol import States
from search.workers.task import Task


def run_task(
    task: Task, prepared: Prepared, device: torch.device, snapshots: States
) -> Generator[Event]:
    """Train; the last event is ``Ended`` or ``Failure``.

    Before an epoch is yielded its snapshot is on disk, so that closing or killing this at any
    moment costs the epoch under way at most.

    Args:
        task: what to train.
        prepared: the texts.
        device: where to train.
        snapshots: where the training's state is kept, and found again.

    Raises:
        UnavailableError: the snapshot cannot be written.
    """
    epoch = 1
    try:
        for event in _train(task, prepared, device, snapshots):
            yield event
            if isinstance(event, Epoch):
                epoch = event.number + 1
    except UnavailableError:
        raise
    except Exception as error:
        yield explain(error, epoch=epoch, device=device)
    else:
        yield Ended()


def _train(
    task: Task, prepared: Prepared, device: torch.device, snapshots: States
) -> Generator[Event]:
    assembly = assemble(
        prepared,
        task.net_settings,
        task.train_settings,
        seed=task.seed,
        device=device,
        longest_epoch=task.longest_epoch,
        criterion=task.criterion,
    )
    trainer = assembly.trainer
    curve, note = _restore(task, trainer, snapshots)
    precision = resolve_precision(task.train_settings.precision, device)
    yield Begun(
        done=len(curve),
        note=note,
        weight_count=weight_count(assembly.net),
        vocabulary_size=assembly.vocabulary_size,
        where={"device": device_name(device), "precision": precision},
    )
    yield from curve
    parts = trainer.parts.count
    for epoch in fit(trainer, assembly.train, assembly.validation):
        curve.append(epoch)
        snapshots.write(task, trainer, curve)
        if trainer.parts.count != parts:
            parts = trainer.parts.count
            yield Halved(parts)
        yield epoch


def _restore(task: Task, trainer: Trainer, snapshots: States) -> tuple[list[Epoch], str]:
    """Go on from the snapshot, if it is of use; its epochs, and why it is of none."""
    try:
        state, curve = snapshots.read(task)
    except FileNotFoundError:
        return [], ""
    except SnapshotError as error:
        return [], f"its state file {snapshots.path(task.number)} is of no use: {error}"
    trainer.load_state_dict(state)
    return curve, ""
