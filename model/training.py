"""Training as a generator of epochs; it needs no callback and knows of no search."""

import math
import time
from collections.abc import Generator
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_

from data.batching import Batch, Encoded
from model import adversarial
from model.averaging import Average
from model.criterion import BY_LOSS, Criterion
from model.devices import autocast
from model.epoch import Epoch
from model.loss import class_weights, training_loss
from model.memory import Parts, parts_to_fit
from model.metrics import EVALUATED_AT_ONCE, Metrics, NotFiniteError, evaluate
from model.optimization import Schedule, make_optimizer
from model.randomness import RandomState
from model.settings import TrainSettings

# Reading a loss waits for the GPU, so there losses are looked at this many steps at a time.
STEPS_BETWEEN_CHECKS = {"cpu": 1, "cuda": 32}
# What a training's state consists of, beside the generator of its order.
STATEFUL = ("model", "average", "optimizer", "schedule", "random", "parts", "scored_parts")
PLAIN = ("epoch", "best_epoch", "best_loss", "best_score", "best_weights")


def fit(trainer: "Trainer", train: Encoded, validation: Encoded) -> Generator[Epoch]:
    """Train to the end and yield an ``Epoch`` after each pass.

    However the generator ends (exhausted, closed to prune, or by an error), the model is left
    with the weights of the epoch that is best by the trainer's criterion, if there was one.

    Args:
        trainer: a new one, or one that goes on from a state.
        train: training texts, on the model's device, cut to its vocabulary.
        validation: likewise, for the score that picks the best epoch.

    Raises:
        NotFiniteError: a training or validation loss is NaN or infinite.
        TimeoutError: an epoch takes longer than the trainer's ``longest_epoch``.
    """
    try:
        while not trainer.done:
            yield trainer.run_epoch(train, validation)
    finally:
        trainer.restore_best()


class Trainer:
    """The state of a training between two epochs, and the step from one to the next.

    Where memory runs out, a batch is trained in ``parts``; see ``model.memory``.
    """

    def __init__(
        self,
        model: nn.Module,
        settings: TrainSettings,
        *,
        seed: int,
        longest_epoch: float = math.inf,
        criterion: Criterion = BY_LOSS,
    ) -> None:
        """Begin a training.

        Args:
            model: maps ids (B, T) and lengths (B,) to logits (B, C); trains where it lies.
            settings: of the training.
            seed: of the batches' order and of dropout. The global random state is not touched.
            longest_epoch: seconds after which an epoch is given up.
            criterion: which epoch is the best, and ``patience`` waits for.
        """
        self.model = model
        self.settings = settings
        self.longest_epoch = longest_epoch
        self.criterion = criterion
        self.device = next(model.parameters()).device
        self.autocast = autocast(settings.precision, self.device)
        self.optimizer = make_optimizer(model, settings)
        self.average = Average(model, settings.ema)
        self.schedule = Schedule(self.optimizer, settings)
        self.order = torch.Generator().manual_seed(seed)
        self.random = RandomState(seed, self.device)
        self.epoch = 0
        self.best_epoch = 0
        self.best_loss = math.inf  # of the best epoch
        self.best_score = criterion.worst
        self.best_weights: dict[str, Tensor] = {}
        self.best_probabilities: Tensor | None = None  # of the validation texts
        self.class_weights: Tensor | None = None  # known with the training texts
        self.parts = Parts()
        self.scored_parts = Parts()

    @property
    def done(self) -> bool:
        """Whether all epochs have run, or ``patience`` of them brought no improvement."""
        patience = self.settings.patience
        stale = bool(patience) and self.epoch - self.best_epoch >= patience
        return self.epoch >= self.settings.epochs or stale

    def run_epoch(self, train: Encoded, validation: Encoded) -> Epoch:
        """One pass over ``train``, then the scores on ``validation``.

        Raises:
            NotFiniteError, TimeoutError: as ``fit``.
        """
        start = time.perf_counter()
        self.epoch += 1
        with self.random.lent():
            train_loss = self._train(train, start)
        scores = self.scored_parts.work(partial(self._evaluate, validation), EVALUATED_AT_ONCE)
        lr = self.optimizer.lr
        self._after_epoch(scores)
        seconds = time.perf_counter() - start
        return Epoch(
            number=self.epoch,
            train_loss=train_loss,
            validation_loss=scores.loss,
            accuracy=scores.accuracy,
            macro_f1=scores.macro_f1,
            lr=lr,
            seconds=seconds,
            score=self.criterion.value(scores),
        )

    def restore_best(self) -> None:
        """Give the model the weights of its best epoch."""
        if self.best_weights:
            self.model.load_state_dict(self.best_weights)

    def state_dict(self) -> dict[str, Any]:
        """All that the next epoch depends on; tensors are not copied."""
        parts = {name: getattr(self, name).state_dict() for name in STATEFUL}
        return {
            **parts,
            **{name: getattr(self, name) for name in PLAIN},
            "best_probabilities": self.best_probabilities,
            "order": self.order.get_state(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where ``state`` was taken, bit for bit on the same kind of machine."""
        for name in STATEFUL:
            getattr(self, name).load_state_dict(state[name])
        for name in PLAIN:
            setattr(self, name, state[name])
        self.best_probabilities = state.get("best_probabilities")  # earlier versions kept none
        self.order.set_state(state["order"])

    def _train(self, train: Encoded, start: float) -> float:
        self.model.train()
        every = STEPS_BETWEEN_CHECKS[self.device.type]
        total = torch.zeros((), dtype=torch.float64, device=self.device)
        losses: list[Tensor] = []
        step, steps = 0, -(-len(train) // self.settings.batch_size)  # of this epoch
        self.class_weights = class_weights(self.settings.class_weights, train.labels)
        for step, batch in enumerate(train.shuffled(self.settings.batch_size, self.order), 1):
            before = (self.epoch - 1) * steps + step - 1
            self.schedule.before_step(before, self.settings.epochs * steps)
            loss = self.parts.work(partial(self._step, batch), len(batch.labels))
            total += loss * len(batch.labels)
            losses.append(loss)
            if len(losses) == every:
                self._check(losses, step)
            if time.perf_counter() - start > self.longest_epoch:
                raise TimeoutError(
                    f"epoch {self.epoch} has taken over {self.longest_epoch:.3g} s at step {step}"
                )
        self._check(losses, step)
        return float(total) / len(train)

    def _step(self, batch: Batch, parts: int) -> Tensor:
        """One step of the optimizer; returns the mean loss of the batch's texts.

        The gradients of ``parts`` of the batch add up to the whole batch's.
        """
        self.optimizer.zero_grad()
        pieces = batch.split(parts * parts_to_fit(batch.ids))
        losses = [self._backward(part, len(part.labels) / len(batch.labels)) for part in pieces]
        if self.settings.clip_norm:
            clip_grad_norm_(self.model.parameters(), self.settings.clip_norm)
        self.optimizer.step()
        self.average.after_step()
        return losses[0] if len(losses) == 1 else torch.stack(losses).sum()

    def _backward(self, part: Batch, share: float) -> Tensor:
        """Add the gradients of ``part``, that ``share`` of its batch; returns its loss."""

        def loss_at(*shift: Tensor) -> Tensor:
            with self.autocast:
                logits = self.model(part.ids, part.lengths, *shift)  # (B, C)
            loss = training_loss(logits.float(), part.labels, self.class_weights)
            return loss * share if share < 1 else loss

        if self.settings.adversarial:
            width = self.model.get_parameter("embedding.weight").shape[1]
            shift = torch.zeros(*part.ids.shape, width, device=self.device, requires_grad=True)
            return adversarial.backward(loss_at, shift, self.settings.adversarial)
        loss = loss_at()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def _evaluate(self, validation: Encoded, parts: int) -> Metrics:
        at_once = EVALUATED_AT_ONCE // parts
        try:
            model = self.average.model
            return evaluate(model, validation, autocast=self.autocast, batch_size=at_once)
        except NotFiniteError as error:
            raise self._explained(error) from None

    def _check(self, losses: list[Tensor], last_step: int) -> None:
        """Look at the latest losses, the last of which is of ``last_step``, and forget them."""
        for back, value in enumerate(torch.stack(losses).tolist() if losses else [], 1):
            if not math.isfinite(value):
                step = last_step - len(losses) + back
                raise self._explained(
                    NotFiniteError(f"the training loss became {value} in step {step}")
                )
        losses.clear()

    def _explained(self, error: NotFiniteError) -> NotFiniteError:
        advice = f"try a lower lr or a clip_norm ({self.settings!r})"
        return NotFiniteError(f"{error} of epoch {self.epoch}; {advice}")

    def _after_epoch(self, scores: Metrics) -> None:
        self.schedule.after_epoch(scores.loss)
        score = self.criterion.value(scores)
        if self.criterion.is_better(score, self.best_score):
            self.best_score, self.best_loss, self.best_epoch = score, scores.loss, self.epoch
            self.best_probabilities = scores.probabilities
            state = self.average.model.state_dict()
            self.best_weights = {name: value.clone() for name, value in state.items()}
