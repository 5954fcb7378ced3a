"""Which epoch is the best, by each score, and what follows from it in a training."""

import math

import pytest
import torch

from model.criterion import BY_LOSS, Criterion, best_of
from model.epoch import Epoch
from model.metrics import Metrics
from model.training import Trainer
from tests.model.texts import NOISY, net, training

NOBODY = torch.empty(0, 2)
METRICS = Metrics(loss=0.5, accuracy=0.9, macro_f1=0.6, f1=(0.95, 0.25), probabilities=NOBODY)
TABLE = [
    (BY_LOSS, 0.5, False),
    (Criterion("accuracy"), 0.9, True),
    (Criterion("macro_f1"), 0.6, True),
    (Criterion("f1", 0), 0.95, True),
    (Criterion("f1", 1), 0.25, True),
]


@pytest.mark.parametrize(("criterion", "value", "maximize"), TABLE, ids=str)
def test_each_score_has_its_value_and_its_direction(
    criterion: Criterion, value: float, maximize: bool
) -> None:
    assert criterion.value(METRICS) == value
    assert criterion.maximize is maximize
    assert criterion.is_better(0.3, 0.2) is maximize
    assert criterion.is_better(0.2, 0.3) is not maximize
    assert not criterion.is_better(0.2, 0.2), "of equals the earlier one stays"
    assert criterion.is_better(0.2, criterion.worst)


@pytest.mark.parametrize("given", [("f1", None), ("loss", 1)], ids=str)
def test_a_class_belongs_to_f1_alone(given: tuple[str, int | None]) -> None:
    with pytest.raises(ValueError, match="a class is needed for f1"):
        Criterion(*given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("maximize", "number"), [(True, 2), (False, 1)])
def test_the_best_epoch_is_the_first_of_equals(maximize: bool, number: int) -> None:
    scores = [0.1, 0.7, 0.7, 0.1]
    curve = [Epoch(i, 1.0, 1.0, 0.5, 0.5, 0.1, 1.0, score) for i, score in enumerate(scores, 1)]
    best = best_of(curve, maximize=maximize)
    assert best is not None
    assert best.number == number
    assert best_of([], maximize=maximize) is None


def test_a_row_without_a_score_is_compared_by_its_loss() -> None:
    row = Epoch(1, 1.0, 0.4, 0.5, 0.5, 0.1, 1.0, 0.9)._asdict()
    assert Epoch.of(row).score == 0.9
    del row["score"]
    assert Epoch.of(row).score == 0.4
    assert math.isnan(Epoch.of({"number": 1}).score)


@pytest.mark.parametrize("criterion", [BY_LOSS, Criterion("accuracy"), Criterion("f1", 1)])
def test_a_training_keeps_and_waits_for_its_own_best_epoch(criterion: Criterion) -> None:
    """On few texts with wrong labels the loss is at its best long before the accuracy."""
    settings = training(epochs=30, lr=2e-2, patience=4)
    trainer = Trainer(net(hidden_dim=8), settings, seed=5, criterion=criterion)
    curve = []
    while not trainer.done:
        curve.append(trainer.run_epoch(*NOISY))
    best = best_of(curve, maximize=criterion.maximize)
    assert best is not None
    assert trainer.best_epoch == best.number
    assert trainer.best_score == best.score
    assert trainer.best_loss == best.validation_loss
    assert len(curve) == min(best.number + 4, 30)
    by_loss = best_of([e._replace(score=e.validation_loss) for e in curve], maximize=False)
    assert by_loss is not None
    assert (by_loss.number == best.number) is (criterion == BY_LOSS)
