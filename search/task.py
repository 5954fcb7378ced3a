"""One trial's training, wherever it runs: a task in, events out; it knows of no study."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch

from data.preparation import Prepared
from data.vectors import load_vectors
from data.vocabulary import Vocabulary
from model.checkpoint import TextClassifier
from model.classifier import build, parameter_count, start_from
from model.devices import device_name, resolve_precision
from model.settings import ModelSettings, TrainSettings
from model.snapshot import SnapshotError, read_snapshot, write_snapshot
from model.training import Epoch, Trainer, fit
from search.definition import PlaceError
from search.failure import Failure, explain


@dataclass(frozen=True)
class Task:
    """All that the training of trial ``number`` needs, beside the texts.

    Attributes:
        number: the trial's.
        of_model: its net.
        of_training: its training.
        seed: of initial weights, order and dropout.
        snapshot: the file that holds the state after each epoch.
        texts: fingerprint of what it trains on.
        longest_epoch: seconds after which an epoch is given up.
    """

    number: int
    of_model: ModelSettings
    of_training: TrainSettings
    seed: int
    snapshot: Path
    texts: str
    longest_epoch: float

    def identity(self) -> dict[str, object]:
        """What a state must be of, to go on from it."""
        settings = {**self.of_model.model_dump(), **self.of_training.model_dump()}
        return {"settings": settings, "seed": self.seed, "texts": self.texts}


class Begun(NamedTuple):
    """The net is built; ``done`` epochs were found in the state file.

    Attributes:
        done: epochs that follow at once, since they were trained before.
        note: why the state file, if there is one, was of no use.
        parameters: weights of the net.
        vocabulary: words of the net, special tokens included.
        where: device and precision.
    """

    done: int
    note: str
    parameters: int
    vocabulary: int
    where: dict[str, str]


class Halved(NamedTuple):
    """Memory ran out: batches are now trained in ``parts``, their gradients added up."""

    parts: int


class Ended(NamedTuple):
    """All epochs have run."""


Event = Begun | Halved | Epoch | Ended | Failure


def run_task(task: Task, prepared: Prepared, device: torch.device) -> Generator[Event]:
    """Train; the last event is ``Ended`` or ``Failure``.

    Before an epoch is yielded its state is on disk, so that closing or killing this at any
    moment costs the epoch under way at most.

    Raises:
        PlaceError: the state cannot be written.
    """
    epoch = 1
    try:
        for event in _train(task, prepared, device):
            yield event
            if isinstance(event, Epoch):
                epoch = event.number + 1
    except PlaceError:
        raise
    except Exception as error:
        yield explain(error, epoch=epoch, device=device)
    else:
        yield Ended()


def best_classifier(
    task: Task, vocabulary: Vocabulary, class_names: tuple[str, ...]
) -> TextClassifier:
    """The classifier of the best epoch so far, from the state file.

    Args:
        task: its training, of which at least one epoch has run.
        vocabulary: the whole ranking of the training texts.
        class_names: name of each class number.

    Raises:
        FileNotFoundError, SnapshotError: there is no state, or it is of no use.
    """
    state, _ = read_snapshot(task.snapshot, task.identity())
    words = vocabulary.cut(task.of_model.vocab_threshold)
    size, classes = words.size(), len(class_names)
    net = build(task.of_model, vocabulary_size=size, classes=classes, seed=task.seed)
    net.load_state_dict(state["best_weights"])
    return TextClassifier(net, words, class_names)


def _train(task: Task, prepared: Prepared, device: torch.device) -> Generator[Event]:
    size = prepared.vocabulary.size(task.of_model.vocab_threshold)
    classes = len(prepared.class_names)
    net = build(task.of_model, vocabulary_size=size, classes=classes, seed=task.seed)
    if task.of_model.embedding_init == "corpus":
        start_from(net, load_vectors(prepared, net.embedding.embedding_dim))
    net = net.to(device)
    train, validation = (
        part.cut(size, task.of_model.max_length) for part in (prepared.train, prepared.validation)
    )
    trainer = Trainer(
        net,
        task.of_training,
        seed=task.seed,
        longest_epoch=task.longest_epoch,
    )
    curve, note = _restore(task, trainer)
    precision = resolve_precision(task.of_training.precision, device)
    where = {"device": device_name(device), "precision": precision}
    yield Begun(len(curve), note, parameter_count(net), size, where)
    yield from curve
    parts = trainer.parts.count
    for epoch in fit(trainer, train, validation):
        curve.append(epoch)
        try:
            write_snapshot(task.snapshot, task.identity(), trainer, curve)
        except OSError as error:
            raise PlaceError(f"{task.snapshot}: cannot be written: {error.strerror}") from None
        if trainer.parts.count != parts:
            parts = trainer.parts.count
            yield Halved(parts)
        yield epoch


def _restore(task: Task, trainer: Trainer) -> tuple[list[Epoch], str]:
    """Go on from the state file, if it is of use; its epochs, and why it is of none."""
    try:
        state, curve = read_snapshot(task.snapshot, task.identity())
    except FileNotFoundError:
        return [], ""
    except SnapshotError as error:
        return [], f"its state file {task.snapshot} is of no use: {error}"
    trainer.load_state_dict(state)
    return curve, ""
