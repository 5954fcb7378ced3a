"""Made-up studies whose response to each parameter is known."""

from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.study import StudyDirection
from optuna.trial import create_trial

from search.findings.evidence import Evidence
from search.findings.importance import (
    Importance,
    importance_of,
)
from search.storage.record import StudyRecord
from tests.search.records import COMPLETE, PRUNED

KINDS: dict[str, BaseDistribution] = {
    "cell": CategoricalDistribution(("gru", "lstm", "rnn")),
    "lr": FloatDistribution(1e-4, 1e-2, log=True),
    "layers": IntDistribution(1, 4),
    "flag": CategoricalDistribution((False, True)),
}
Params = dict[str, Any]


def made(
    loss: Callable[[Params], float],
    count: int = 40,
    *,
    noise: float = 0.005,
    pruned: Callable[[Params], bool] = lambda _: False,
    direction: StudyDirection = StudyDirection.MINIMIZE,
    kept: Callable[[Params], bool] = lambda _: True,
) -> StudyRecord:
    """Random trials of six epochs, the ``pruned`` ones of three, all of ``kept`` parameters."""
    rng = np.random.default_rng(0)
    study = optuna.create_study(study_name="made", direction=direction)
    sign = -1 if direction == StudyDirection.MAXIMIZE else 1
    while len(study.get_trials(deepcopy=False)) < count:
        params = {
            "cell": str(rng.choice(["gru", "lstm", "rnn"])),
            "lr": float(10 ** rng.uniform(-4, -2)),
            "layers": int(rng.integers(1, 5)),
            "flag": bool(rng.integers(2)),
        }
        if not kept(params):
            continue
        last = loss(params) + sign * noise * rng.standard_normal()
        curve = [last + sign * 0.3 * (0.5**e - 0.5**6) for e in range(1, 7)]
        curve = curve[:3] if pruned(params) else curve
        study.add_trial(
            create_trial(
                state=PRUNED if pruned(params) else COMPLETE,
                value=curve[-1],
                params=params,
                distributions=KINDS,
                intermediate_values=dict(enumerate(curve, 1)),
            )
        )
    return StudyRecord.of(study)


def found(study: StudyRecord) -> Importance:
    values = importance_of(Evidence(record=study))
    assert isinstance(values, Importance)
    return values


def by_cell(params: Params) -> float:
    return 0.3 + (0.1 if params["cell"] == "rnn" else 0.0)


def by_lr(params: Params) -> float:
    return float(0.3 + 0.05 * np.log10(params["lr"] / 1e-3) ** 2)


def by_layers(params: Params) -> float:
    return 0.3 + 0.02 * float(params["layers"])


def by_flag(params: Params) -> float:
    return 0.3 + 0.03 * bool(params["flag"])
