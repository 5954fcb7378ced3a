"""Words are moved where a text's loss grows fastest, by a given length, and both losses count."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from data.batching import Batch
from model.adversarial import as_long_as
from model.classifier import RecurrentClassifier
from model.memory import STEPS_AT_ONCE
from tests.model.texts import NEEDS_BF16, TRAIN, VALIDATION, net, random_batch, trainer, training

LENGTHS = [9, 2, 5, 7, 3, 4, 4, 8]
LABELS = torch.tensor([0, 1, 1, 0, 1, 0, 1, 1])
# Without dropout, whose draws come in another order where a batch is in parts.
CELLS = [
    {"cell": "rnn", "dropout": 0.0},
    {"cell": "gru", "dropout": 0.0, "bidirectional": True},
    {"cell": "lstm", "dropout": 0.0, "layers": 2},
]


def from_embedded(model: RecurrentClassifier, embedded: Tensor, lengths: Tensor) -> Tensor:
    """The loss where ``embedded`` stands for the words."""
    handle = model.embedding.register_forward_hook(lambda *_: embedded)
    logits = model(torch.zeros(embedded.shape[:2], dtype=torch.int64), lengths)
    handle.remove()
    return functional.cross_entropy(logits, LABELS)


def by_hand(model: RecurrentClassifier, length: float) -> list[Tensor]:
    """Gradients of the paper's loss, its parts one after the other."""
    ids, lengths = random_batch(LENGTHS)
    embedded = model.embedding(ids).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(from_embedded(model, embedded, lengths), embedded)
    longer = (embedded.shape[-1] / 128) ** 0.5
    move = torch.stack([length * longer * g / g.square().sum().sqrt() for g in gradient])
    clean = from_embedded(model, model.embedding(ids), lengths)
    moved = from_embedded(model, model.embedding(ids) + move, lengths)
    return list(torch.autograd.grad(clean + moved, list(model.parameters())))


def of_a_step(model: RecurrentClassifier, parts: int, **settings: object) -> list[Tensor]:
    """The gradients that a trainer's step leaves; its rate is too small to matter."""
    one = trainer(model, training(lr=1e-20, **settings))
    ids, lengths = random_batch(LENGTHS)
    one._step(Batch(ids, lengths, LABELS), parts)
    return [p.grad for p in model.parameters() if p.grad is not None]


@pytest.mark.parametrize("parts", [1, 2, 4])
@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_steps_gradients_are_the_papers(cell: dict[str, object], parts: int) -> None:
    expected = by_hand(net(**cell), 2.0)
    got = of_a_step(net(**cell), parts, adversarial=2.0)
    torch.testing.assert_close(got, expected, atol=1e-6, rtol=1e-4)
    plain = of_a_step(net(**cell), parts)
    assert any(not torch.allclose(a, b) for a, b in zip(got, plain, strict=True))


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_padding_is_not_moved(cell: dict[str, object]) -> None:
    model = net(**cell)
    ids, lengths = random_batch(LENGTHS)
    shift = torch.zeros(*ids.shape, 16, requires_grad=True)
    functional.cross_entropy(model(ids, lengths, shift), LABELS).backward()  # type: ignore[no-untyped-call]
    assert shift.grad is not None
    moved = as_long_as(shift.grad, 3.0)
    padding = torch.arange(ids.shape[1]) >= lengths[:, None]
    assert moved[padding].eq(0).all()
    assert moved[~padding].ne(0).any()
    torch.testing.assert_close(moved.flatten(1).norm(dim=1), torch.full((len(ids),), 3.0))


def test_a_gradient_of_nothing_moves_nothing() -> None:
    gradient = torch.zeros(2, 3, 4)
    gradient[1, 0, 0] = 1e-15
    moved = as_long_as(gradient, 1.0)
    assert moved[0].eq(0).all()
    assert moved[1, 0, 0] == pytest.approx(1.0)


@pytest.mark.parametrize("precision", ["float32", pytest.param("bf16", marks=NEEDS_BF16)])
def test_it_learns_with_all_that_a_training_may_have(precision: str) -> None:
    settings = training(epochs=8, adversarial=0.5, clip_norm=1.0, ema=0.9, precision=precision)
    epochs = trainer(net(), settings)
    accuracies = [epochs.run_epoch(TRAIN, VALIDATION).accuracy for _ in range(8)]
    assert max(accuracies) > 0.9


def test_batches_in_parts_give_the_whole_batches_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, parts = (trainer(net(dropout=0.0), training(adversarial=1.0)) for _ in range(2))
    expected = whole.run_epoch(TRAIN, VALIDATION)
    monkeypatch.setitem(STEPS_AT_ONCE, "cpu", 64)
    got = parts.run_epoch(TRAIN, VALIDATION)
    assert got.train_loss == pytest.approx(expected.train_loss, rel=1e-4)
    assert got.validation_loss == pytest.approx(expected.validation_loss, rel=1e-3)


class Hungry(nn.Module):
    """A net that has memory for 16 texts at once where their words are moved."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = net(dropout=0.0)
        self.embedding = self.inner.embedding

    def forward(self, ids: Tensor, lengths: Tensor, shift: Tensor | None = None) -> Tensor:
        if shift is not None and not shift.requires_grad and len(ids) > 16:
            torch.empty(2**50)
        logits: Tensor = self.inner(ids, lengths, shift)
        return logits


def test_memory_that_runs_out_at_the_moved_words_halves_the_batch() -> None:
    """The first pass has left gradients by then: they must not count twice."""
    hungry = trainer(Hungry(), training(epochs=1, adversarial=1.0))
    whole = trainer(net(dropout=0.0), training(epochs=1, adversarial=1.0))
    halved = hungry.run_epoch(TRAIN, VALIDATION)
    assert hungry.parts.count == 2
    assert halved.train_loss == pytest.approx(
        whole.run_epoch(TRAIN, VALIDATION).train_loss, rel=1e-3
    )
