"""The learning rate at each step of a training."""

import subprocess
import sys
from copy import deepcopy

import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

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
        seen.append(optimizer.lr)
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


THEIRS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


def gradients(step: int) -> list[torch.Tensor | None]:
    """Those of a layer of three and two; the bias has none in the first steps."""
    generator = torch.Generator().manual_seed(step)
    weight = torch.randn(2, 3, generator=generator)
    return [weight, torch.randn(2, generator=generator) if step > 1 else None]


@pytest.mark.parametrize("kind", THEIRS)
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_weights_move_as_pytorchs_own_optimizers_move_them(kind: str, decay: float) -> None:
    settings = TrainSettings.model_validate({"optimizer": kind, "weight_decay": decay, "lr": 0.1})
    layers = [nn.Linear(3, 2) for _ in range(3)]
    for layer in layers[1:]:
        layer.load_state_dict(layers[0].state_dict())
    ours = make_optimizer(layers[0], settings)
    theirs = THEIRS[kind](layers[1].parameters(), lr=0.1, weight_decay=decay, fused=True)
    resumed = make_optimizer(layers[2], settings)
    for step in range(8):
        if step == 4:  # a snapshot of PyTorch's optimizer, as earlier versions wrote it
            layers[2].load_state_dict(layers[1].state_dict())
            resumed.load_state_dict(deepcopy(theirs.state_dict()))
        for layer, optimizer in zip(layers, (ours, theirs, resumed), strict=True):
            for parameter, gradient in zip(layer.parameters(), gradients(step), strict=True):
                parameter.grad = gradient
            optimizer.step()
            optimizer.zero_grad()
            assert all(parameter.grad is None for parameter in layer.parameters())
        assert torch.equal(layers[0].weight, layers[1].weight)
        assert torch.equal(layers[0].bias, layers[1].bias)
    assert torch.equal(layers[2].weight, layers[1].weight)
    assert torch.equal(layers[2].bias, layers[1].bias)


def test_a_plateau_is_pytorchs() -> None:
    wanted = TrainSettings(schedule="plateau", lr=1e-7)
    ours = make_optimizer(nn.Linear(1, 1), wanted)
    schedule = Schedule(ours, wanted)
    theirs = torch.optim.Adam(nn.Linear(1, 1).parameters(), lr=1e-7)
    plateau = ReduceLROnPlateau(theirs, factor=0.1, patience=1)
    for i, loss in enumerate([1.0, 0.99995, 0.9998, 1, 1, 1, 0.5, float("nan"), 2, 1, 1, 1, 1]):
        schedule.after_epoch(loss)
        plateau.step(loss)
        assert ours.lr == theirs.param_groups[0]["lr"], i
        if i == 5:
            schedule.load_state_dict(plateau.state_dict())


def test_training_needs_no_compiler() -> None:
    code = (
        "import sys\n"
        "from tests.model.texts import TRAIN, VALIDATION, net, trainer, training\n"
        "one = trainer(net(), training(epochs=1, adversarial=0.1, ema=0.9, clip_norm=1.0))\n"
        "one.run_epoch(TRAIN, VALIDATION)\n"
        "print('torch._dynamo' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout == "False\n"
