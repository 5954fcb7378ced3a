"""The learning rate at each step of a training."""

import pytest
import torch
from torch import nn

from model.optimization import Schedule, make_optimizer
from model.settings import TrainSettings
from tests.model.texts import TRAIN, VALIDATION, net, trainer, training


def rates(
    steps: int, settings: dict[str, object], losses: list[float] | None = None
) -> list[float]:
    """What each of ``steps`` steps has of the rate; an epoch ends with each of the ``losses``."""
    wanted = TrainSettings.model_validate({"lr": 1.0, **settings})
    optimizer = make_optimizer(nn.Linear(1, 1), wanted)
    schedule = Schedule(optimizer, wanted)
    seen = []
    for step in range(steps):
        schedule.before_step(step, steps)
        seen.append(optimizer.param_groups[0]["lr"])
        if losses and (step + 1) % (steps // len(losses)) == 0:
            schedule.after_epoch(losses[(step + 1) * len(losses) // steps - 1])
    return seen


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [1, 1, 1, 1, 1]),
        ({"schedule": "linear"}, [1, 0.8, 0.6, 0.4, 0.2]),
        ({"schedule": "linear", "warmup_ratio": 0.4}, [0.5, 1, 1, 2 / 3, 1 / 3]),
        ({"warmup_ratio": 0.4}, [0.5, 1, 1, 1, 1]),
        ({"warmup_ratio": 0.9}, [0.25, 0.5, 0.75, 1, 1]),
        ({"schedule": "linear", "warmup_ratio": 0.01}, [1, 0.8, 0.6, 0.4, 0.2]),
    ],
    ids=str,
)
def test_the_rate_by_steps(settings: dict[str, object], expected: list[float]) -> None:
    assert rates(5, settings) == pytest.approx(expected)


def test_a_plateau_follows_the_warmup() -> None:
    settings: dict[str, object] = {"schedule": "plateau", "warmup_ratio": 0.34}
    seen = rates(6, settings, losses=[1.0, 2, 2, 2, 2, 2])
    assert seen == pytest.approx([0.5, 1, 1, 0.1, 0.1, 0.01])


def test_a_training_falls_over_all_its_epochs() -> None:
    one = trainer(net(), training(epochs=2, batch_size=400, schedule="linear"))
    epochs = [one.run_epoch(TRAIN, VALIDATION) for _ in range(2)]
    assert [epoch.lr for epoch in epochs] == pytest.approx([0.75e-2, 0.25e-2])


def test_no_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="warmup_ratio"):
        TrainSettings(warmup_ratio=1.0)
    assert isinstance(make_optimizer(nn.Linear(1, 1), TrainSettings()), torch.optim.Adam)
