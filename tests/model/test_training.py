"""Training learns, stops, keeps its best weights, repeats itself, and fails with a reason."""

import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from model.epoch import Epoch
from model.memory import STEPS_AT_ONCE
from model.metrics import NotFiniteError
from model.settings import TrainSettings
from model.training import Trainer, fit
from tests.model.texts import NEEDS_BF16, NOISY, TRAIN, VALIDATION, loss_of, net, trainer, training


def run(model: nn.Module, settings: TrainSettings, seed: int = 5) -> list[Epoch]:
    return list(fit(trainer(model, settings, seed), TRAIN, VALIDATION))


def without_time(epochs: list[Epoch]) -> list[Epoch]:
    return [epoch._replace(seconds=0.0) for epoch in epochs]


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
def test_it_learns_what_only_order_tells(cell: str, optimizer: str) -> None:
    epochs = run(net(cell=cell), training(epochs=8, optimizer=optimizer, clip_norm=5.0))
    assert [epoch.number for epoch in epochs] == list(range(1, 9))
    assert max(epoch.accuracy for epoch in epochs) > 0.9
    assert epochs[-1].train_loss < epochs[0].train_loss / 2


@NEEDS_BF16
def test_bf16_learns_too() -> None:
    assert run(net(), training(epochs=8, precision="bf16"))[-1].accuracy > 0.9


def test_same_seed_same_numbers_whatever_runs_between() -> None:
    settings = training(ema=0.9)
    noisy = {"dropout": 0.5, "layers": 2}
    alone = without_time(run(net(**noisy), settings))
    between = []
    for epoch in fit(trainer(net(**noisy), settings), TRAIN, VALIDATION):
        torch.rand(7)  # somebody else draws from the global generator
        run(net(), training(epochs=1), seed=9)
        between.append(epoch)
    assert without_time(between) == alone
    assert without_time(run(net(**noisy), settings, seed=6)) != alone


def test_global_random_state_is_left_alone() -> None:
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    run(net(dropout=0.5), training(epochs=1))
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("end", ["exhausted", "closed"])
def test_the_model_keeps_its_best_epochs_weights(end: str) -> None:
    model = net()
    epochs = fit(trainer(model, training(epochs=12, lr=5e-2)), *NOISY)
    losses = [next(epochs).validation_loss for _ in range(10)]
    if end == "closed":
        epochs.close()
    else:
        losses += [epoch.validation_loss for epoch in epochs]
    assert losses.index(min(losses)) < len(losses) - 1, "the case needs a best before the last"
    assert loss_of(model, NOISY[1]) == pytest.approx(min(losses), abs=1e-6)


def test_patience_ends_it_early() -> None:
    epochs = fit(trainer(net(), training(epochs=30, patience=2)), *NOISY)
    losses = [epoch.validation_loss for epoch in epochs]
    assert len(losses) < 30
    assert losses.index(min(losses)) == len(losses) - 3


def test_plateau_lowers_the_rate_after_two_epochs_without_improvement() -> None:
    epochs = list(fit(trainer(net(), training(epochs=12, schedule="plateau")), *NOISY))
    bad, best = 0, math.inf
    for now, following in pairwise(epochs):
        bad = 0 if now.validation_loss < best * (1 - 1e-4) else bad + 1
        best = min(best, now.validation_loss)
        assert following.lr == pytest.approx(now.lr * (0.1 if bad == 2 else 1))
        bad = 0 if bad == 2 else bad
    assert epochs[-1].lr < 1e-2


def test_clipping_bounds_the_step() -> None:
    clipped, free = net(), net()
    start = [p.detach().clone() for p in clipped.parameters()]
    tiny = {"epochs": 1, "batch_size": 800, "lr": 1e-3}
    run(clipped, training(**tiny, clip_norm=1e-12))
    run(free, training(**tiny))

    def moved(model: nn.Module) -> float:
        now = zip(start, model.parameters(), strict=True)
        return max(float((a - b).detach().abs().max()) for a, b in now)

    assert moved(free) > 9e-4
    assert moved(clipped) < 5e-4


class Poisoned(nn.Module):
    """A net whose logits become ``value`` at its ``at``-th call."""

    def __init__(self, value: float, at: int) -> None:
        super().__init__()
        self.inner, self.value, self.left = net(), value, at

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        self.left -= 1
        logits: Tensor = self.inner(ids, lengths)
        return logits * self.value if self.left == 0 else logits


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize(
    ("call", "where"),
    [(1, "training loss .* step 1 of epoch 1;"), (25, "step 25 of epoch 1;"),
     (26, "validation loss .* step 1 of epoch 1;"), (30, "step 4 of epoch 2;")],
)  # fmt: skip
def test_a_loss_that_is_not_finite_ends_it_at_once(value: float, call: int, where: str) -> None:
    model = Poisoned(value, call)
    with pytest.raises(NotFiniteError, match=where) as caught:
        run(model, training(ema=0.0))
    assert "lr=0.01" in str(caught.value)
    assert model.left == 0, "not one step more"
    assert all(torch.isfinite(p).all() for p in model.parameters()) or call < 26


def test_parts_of_a_batch_add_up_to_the_whole() -> None:
    whole, parts = (trainer(net(), training(epochs=1)) for _ in range(2))
    parts.parts.count = 4
    one, four = whole.run_epoch(TRAIN, VALIDATION), parts.run_epoch(TRAIN, VALIDATION)
    assert four.train_loss == pytest.approx(one.train_loss, rel=1e-4)
    assert four.validation_loss == pytest.approx(one.validation_loss, rel=1e-3)


class Hungry(nn.Module):
    """A net that has memory for ``most`` texts at once."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.inner, self.most = net(), most

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        if len(ids) > self.most:
            torch.empty(2**50)  # asks the allocator for what no machine has
        logits: Tensor = self.inner(ids, lengths)
        return logits


def test_a_batch_of_many_steps_goes_through_the_net_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, parts = (trainer(net(), training(epochs=1)) for _ in range(2))
    expected = whole.run_epoch(TRAIN, VALIDATION)
    seen: list[torch.Size] = []
    parts.model.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape))
    monkeypatch.setitem(STEPS_AT_ONCE, "cpu", 64)
    got = parts.run_epoch(TRAIN, VALIDATION)
    assert parts.parts.count == 1, "memory did not run out"
    assert len(seen) > len(TRAIN) // 32
    assert max(shape.numel() for shape in seen) <= 64 + max(shape[1] for shape in seen)
    assert got.train_loss == pytest.approx(expected.train_loss, rel=1e-5)
    assert got.validation_loss == pytest.approx(expected.validation_loss, rel=1e-5)


@pytest.mark.parametrize(("most", "parts"), [(31, 2), (16, 2), (15, 4), (8, 4)])
def test_batches_are_halved_where_memory_runs_out(most: int, parts: int) -> None:
    hungry = trainer(Hungry(most), training(epochs=1))
    halved = hungry.run_epoch(TRAIN, VALIDATION)
    assert hungry.parts.count == parts, "of 32 texts"
    whole = trainer(net(), training(epochs=1)).run_epoch(TRAIN, VALIDATION)
    assert halved.train_loss == pytest.approx(whole.train_loss, rel=1e-4)


def test_halving_has_a_floor() -> None:
    with pytest.raises(RuntimeError, match="allocate"):
        trainer(Hungry(most=7), training(epochs=1)).run_epoch(TRAIN, VALIDATION)


def test_an_epoch_that_takes_too_long_is_given_up() -> None:
    slow = Trainer(net(), training(), seed=5, longest_epoch=1e-4)
    with pytest.raises(TimeoutError, match=r"epoch 1 has taken over 0\.0001 s at step 1"):
        slow.run_epoch(TRAIN, VALIDATION)
