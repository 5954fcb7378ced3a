"""Averaged weights: the formula by hand; scored and kept in place of the last step's."""

import pytest
import torch
from torch import nn

from model.averaging import Average
from tests.model.texts import TRAIN, VALIDATION, loss_of, net, trainer, training


@pytest.mark.parametrize("decay", [0.0, 0.3, 0.99])
def test_the_average_is_the_formulas(decay: float) -> None:
    model = nn.Linear(1, 1, bias=False)
    average = Average(model, decay)
    expected = 0.0
    for step in range(12):
        with torch.no_grad():
            model.weight.fill_(float(step**2))
        average.after_step()
        kept = min(decay, (1 + step) / (10 + step)) if step else 0.0
        expected = kept * expected + (1 - kept) * step**2
    assert float(next(average.model.parameters()).detach()) == pytest.approx(expected, rel=1e-5)
    assert float(model.weight.detach()) == 121.0


def test_what_is_scored_and_kept_is_the_average() -> None:
    one = trainer(net(), training(epochs=1, ema=0.9))
    epoch = one.run_epoch(TRAIN, VALIDATION)
    last = loss_of(one.model, VALIDATION)
    one.restore_best()
    assert loss_of(one.model, VALIDATION) == pytest.approx(epoch.validation_loss)
    assert last != pytest.approx(epoch.validation_loss)


def test_training_itself_does_not_depend_on_the_average() -> None:
    plain, averaged = (trainer(net(), training(ema=ema)) for ema in (0.0, 0.9))
    for one in (plain, averaged):
        one.run_epoch(TRAIN, VALIDATION)
    for a, b in zip(plain.model.parameters(), averaged.model.parameters(), strict=True):
        assert torch.equal(a, b)
