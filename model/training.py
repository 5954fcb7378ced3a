"""Training as a generator of epochs; it needs no callback and knows of no search."""

import math
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau

from data.batching import Encoded
from model.devices import autocast
from model.metrics import Metrics, evaluate
from model.settings import TrainSettings

# Reading a loss waits for the GPU, so there losses are looked at this many steps at a time.
STEPS_BETWEEN_CHECKS = {"cpu": 1, "cuda": 32}


class Epoch(NamedTuple):
    """What one pass over the training texts gave.

    Attributes:
        number: from 1.
        train_loss: mean cross-entropy a text during the pass, dropout on, in nats.
        validation_loss: mean cross-entropy a validation text after the pass, in nats.
        accuracy: share of validation texts classified rightly.
        macro_f1: unweighted mean of the classes' F1 on validation texts.
        lr: learning rate of the pass' last step.
        seconds: of training and validation.
    """

    number: int
    train_loss: float
    validation_loss: float
    accuracy: float
    macro_f1: float
    lr: float
    seconds: float


class NotFiniteError(ArithmeticError):
    """A loss became NaN or infinite; the message names epoch, step and settings."""


def fit(
    model: nn.Module, train: Encoded, validation: Encoded, settings: TrainSettings, seed: int
) -> Generator[Epoch]:
    """Train ``model`` in place and yield an ``Epoch`` after each pass.

    However the generator ends (exhausted, closed to prune, or by an error), the model is left
    with the weights of the epoch with the lowest validation loss, if there was one.

    Args:
        model: maps ids (B, T) and lengths (B,) to logits (B, C); its device is where it trains.
        train: training texts, on that device, cut to the model's vocabulary.
        validation: likewise, for the loss that picks the best epoch.
        settings: of the training.
        seed: of the batches' order and of dropout. The global random state is not touched.

    Raises:
        NotFiniteError: a training or validation loss is NaN or infinite.
    """
    trainer = Trainer(model, settings, texts=len(train), seed=seed)
    try:
        while not trainer.done:
            yield trainer.run_epoch(train, validation)
    finally:
        trainer.restore_best()


class Trainer:
    """The state of a training between two epochs, and the step from one to the next."""

    def __init__(
        self, model: nn.Module, settings: TrainSettings, *, texts: int, seed: int
    ) -> None:
        """``texts`` training texts an epoch; ``seed`` as in ``fit``."""
        self.model = model
        self.settings = settings
        self.device = next(model.parameters()).device
        self.autocast = autocast(settings.precision, self.device)
        self.optimizer = _optimizer(model, settings)
        self.plateau, self.one_cycle = _schedules(self.optimizer, settings, texts)
        self.order = torch.Generator().manual_seed(seed)
        self.random = _seeded_states(seed, self.device)
        self.epoch = 0
        self.best_epoch = 0
        self.best_loss = float("inf")
        self.best_weights: dict[str, Tensor] = {}

    @property
    def done(self) -> bool:
        """Whether all epochs have run, or ``patience`` of them brought no improvement."""
        patience = self.settings.patience
        stale = bool(patience) and self.epoch - self.best_epoch >= patience
        return self.epoch >= self.settings.epochs or stale

    def run_epoch(self, train: Encoded, validation: Encoded) -> Epoch:
        """One pass over ``train``, then the scores on ``validation``.

        Raises:
            NotFiniteError: as ``fit``.
        """
        start = time.perf_counter()
        self.epoch += 1
        with self._own_random_state():
            train_loss = self._train(train)
        scores = evaluate(self.model, validation, autocast=self.autocast)
        lr = self.optimizer.param_groups[0]["lr"]
        if not math.isfinite(scores.loss):
            raise self._not_finite("validation", scores.loss, step=None)
        self._after_epoch(scores)
        seconds = time.perf_counter() - start
        return Epoch(self.epoch, train_loss, *scores, lr=lr, seconds=seconds)

    def restore_best(self) -> None:
        """Give the model the weights of its best epoch."""
        if self.best_weights:
            self.model.load_state_dict(self.best_weights)

    def _train(self, train: Encoded) -> float:
        self.model.train()
        every = STEPS_BETWEEN_CHECKS[self.device.type]
        total = torch.zeros((), dtype=torch.float64, device=self.device)
        losses: list[Tensor] = []
        step = 0
        for step, batch in enumerate(train.shuffled(self.settings.batch_size, self.order), 1):
            with self.autocast:
                logits = self.model(batch.ids, batch.lengths)  # (B, C)
            loss = functional.cross_entropy(logits.float(), batch.labels)
            self._step(loss)
            total += loss.detach() * len(batch.labels)
            losses.append(loss.detach())
            if len(losses) == every:
                self._check(losses, step)
        self._check(losses, step)
        return float(total) / len(train)

    def _step(self, loss: Tensor) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        if self.settings.clip_norm:
            clip_grad_norm_(self.model.parameters(), self.settings.clip_norm)
        self.optimizer.step()
        if self.one_cycle:
            self.one_cycle.step()

    def _check(self, losses: list[Tensor], last_step: int) -> None:
        """Look at the latest losses, the last of which is of ``last_step``, and forget them."""
        for back, value in enumerate(torch.stack(losses).tolist() if losses else [], 1):
            if not math.isfinite(value):
                raise self._not_finite("training", value, last_step - len(losses) + back)
        losses.clear()

    def _not_finite(self, which: str, value: float, step: int | None) -> NotFiniteError:
        where = f"epoch {self.epoch}" + (f", step {step}" if step else "")
        return NotFiniteError(
            f"the {which} loss became {value} in {where}; try a lower lr or a clip_norm "
            f"({self.settings!r})"
        )

    def _after_epoch(self, scores: Metrics) -> None:
        if self.plateau:
            self.plateau.step(scores.loss)
        if scores.loss < self.best_loss:
            self.best_loss, self.best_epoch = scores.loss, self.epoch
            state = self.model.state_dict()
            self.best_weights = {name: value.clone() for name, value in state.items()}

    @contextmanager
    def _own_random_state(self) -> Iterator[None]:
        """Dropout draws from the global generators: lend them this training's state."""
        gpus = [self.device] if self.device.type == "cuda" else []
        with torch.random.fork_rng(devices=gpus):
            torch.set_rng_state(self.random[0])
            for gpu, state in zip(gpus, self.random[1:], strict=True):
                torch.cuda.set_rng_state(state, gpu)
            yield
            self.random = [torch.get_rng_state(), *(torch.cuda.get_rng_state(g) for g in gpus)]


def _optimizer(model: nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    decay = settings.weight_decay
    return kind(model.parameters(), lr=settings.lr, weight_decay=decay, fused=True)


def _schedules(
    optimizer: torch.optim.Optimizer, settings: TrainSettings, texts: int
) -> tuple[ReduceLROnPlateau | None, OneCycleLR | None]:
    """The schedule that steps by epoch, and the one that steps by batch; at most one is there."""
    if settings.schedule == "plateau":
        return ReduceLROnPlateau(optimizer, factor=0.1, patience=1), None
    if settings.schedule == "one-cycle":
        steps = settings.epochs * -(-texts // settings.batch_size)
        return None, OneCycleLR(optimizer, max_lr=settings.lr, total_steps=steps)
    return None, None


def _seeded_states(seed: int, device: torch.device) -> list[Tensor]:
    """The state of the CPU's generator, and of the GPU's if that is ``device``, for ``seed``."""
    states = [torch.Generator().manual_seed(seed).get_state()]
    if device.type == "cuda":
        states.append(torch.Generator(device).manual_seed(seed).get_state())
    return states
