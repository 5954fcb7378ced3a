"""Planted studies: responses to parameters that are known."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

Params = dict[str, Any]

KINDS: dict[str, BaseDistribution] = {
    "cell": CategoricalDistribution(("rnn", "gru", "lstm")),
    "lr": FloatDistribution(1e-4, 0.05, log=True),
    "dropout": FloatDistribution(0.0, 0.6),
    "idle_choice": CategoricalDistribution(("a", "b", "c")),
    "idle_flag": CategoricalDistribution((False, True)),
    "idle_number": FloatDistribution(1.0, 100.0, log=True),
    "idle_whole": IntDistribution(1, 4),
}


class Planted(NamedTuple):
    """A response that is known.

    Attributes:
        name: of it.
        loss: its final loss by parameters, in nats.
        real: the parameters whose worst value is above the best one by more than a training's
            noise, the largest first.
        noise: of a training, in nats.
        diverging: share of trainings that end far above, whatever their parameters.
        paced: how much faster a tenfold learning rate learns.
    """

    name: str
    loss: Callable[[Params], float]
    real: tuple[str, ...]
    noise: float = 0.006
    diverging: float = 0.0
    paced: float = 0.1


def decades(params: Params, best: float) -> float:
    """How many powers of ten the learning rate is above ``best``."""
    return float(np.log10(params["lr"] / best))


def _bowl(p: Params) -> float:
    return float(0.3 + 0.04 * decades(p, 0.003) ** 2 + 0.01 * abs(p["dropout"] - 0.2))


def _cells(p: Params) -> float:
    costs = {"rnn": 0.1, "gru": 0.0, "lstm": 0.01}
    return float(0.25 + costs[p["cell"]] + 0.01 * decades(p, 0.003) ** 2)


def _cliff(p: Params) -> float:
    if p["lr"] > 0.02:
        return 1.3
    return float(0.35 + 0.02 * decades(p, 0.01) ** 2 + 0.02 * (p["dropout"] - 0.3) ** 2)


def _together(p: Params) -> float:
    best = {"rnn": 0.001, "gru": 0.004, "lstm": 0.004}[p["cell"]]
    return float(0.3 + 0.04 * decades(p, best) ** 2)


def _regular(p: Params) -> float:
    return float(0.4 + 0.25 * (p["dropout"] - 0.2) ** 2 + 0.004 * decades(p, 0.003) ** 2)


PLANTED = (
    Planted("bowl", _bowl, ("lr",)),
    Planted("cells", _cells, ("cell", "lr")),
    Planted("cliff", _cliff, ("lr",), noise=0.01),
    Planted("together", _together, ("lr", "cell")),
    Planted("regular", _regular, ("dropout", "lr"), noise=0.004),
    Planted("unlucky", _bowl, ("lr",), diverging=0.06),
    Planted("nothing", lambda _: 0.3, (), paced=0.0),
)
