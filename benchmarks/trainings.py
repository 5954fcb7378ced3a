"""Configurations of a study, trained to their last epoch: a table in a file of JSON lines."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import create_trial

from search.definition.space import distributions
from search.definition.tables import Definition
from search.storage.record import StudyRecord
from search.trials.pruning import longest


@dataclass(frozen=True, kw_only=True)
class Table:
    """Trained configurations of a study.

    Attributes:
        definition: of the study.
        kinds: what each parameter was drawn from.
        params: of each training.
        places: of the trainings in the space, by parameter; each spans 1.
        curves: validation losses, in nats, by training and epoch.
    """

    definition: Definition
    kinds: dict[str, BaseDistribution]
    params: list[dict[str, Any]]
    places: dict[str, np.ndarray]
    curves: np.ndarray

    @classmethod
    def read(cls, path: Path) -> "Table":
        """The table that ``write`` wrote to ``path``."""
        first, *rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
        definition = Definition.model_validate(first)
        params = [row["params"] for row in rows]
        kinds = distributions(definition)
        return cls(
            definition=definition,
            kinds=kinds,
            params=params,
            places={
                name: np.array([_place(kind, row[name]) for row in params])
                for name, kind in kinds.items()
            },
            curves=np.array([row["losses"] for row in rows]),
        )

    def nearest(self, params: Mapping[str, Any]) -> np.ndarray:
        """The curve of the training whose configuration is nearest to ``params``."""
        curve: np.ndarray = self.curves[int(self.apart(params).argmin())]
        return curve

    def apart(self, params: Mapping[str, Any]) -> np.ndarray:
        """How far each training's configuration is from ``params``.

        Distances are Gower's (1971, "A general coefficient of similarity"): of numbers by their
        share of the range, of choices 0 or 1.
        """
        away = np.zeros(len(self.params))
        for name, places in self.places.items():
            kind = self.kinds[name]
            apart = np.abs(places - _place(kind, params[name]))
            away += apart > 0 if isinstance(kind, CategoricalDistribution) else apart
        return away


def _place(kind: BaseDistribution, value: Any) -> float:
    internal = kind.to_internal_repr(value)
    if isinstance(kind, CategoricalDistribution):
        return internal
    assert isinstance(
        kind, optuna.distributions.FloatDistribution | optuna.distributions.IntDistribution
    )
    scale: Callable[[float], float] = math.log if kind.log else float
    low, high = scale(kind.low), scale(kind.high)
    return (scale(internal) - low) / (high - low) if high > low else 0.0


def write(record: StudyRecord, path: Path) -> None:
    """Write the trials of a study that ran to their last epoch."""
    assert record.binding is not None, "another program's study"
    definition = record.binding.definition
    whole = [t for t in record.ranking if len(t.stored.curve) == longest(definition)]
    lines: list[Mapping[str, Any]] = [
        definition.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    ]
    for trial in sorted(whole, key=lambda trial: trial.number):
        losses = [round(epoch.validation_loss, 5) for epoch in trial.stored.curve]
        lines.append({"params": trial.params, "losses": losses})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    print(f"{path}: {len(whole)} of {len(record.ranking)} complete trials")


def importance(table: Table) -> dict[str, float]:
    """How much of the losses' differences each parameter explains, over all trainings."""
    study = optuna.create_study()
    for params, curve in zip(table.params, table.curves, strict=True):
        value = float(curve.min())
        study.add_trial(create_trial(params=params, distributions=table.kinds, value=value))
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
    return optuna.importance.get_param_importances(study, evaluator=evaluator)
