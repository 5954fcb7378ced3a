"""Configurations trained with the same seeds, each training once: what is recorded stays."""

import json
import math
import statistics
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from data.preparation import Prepared
from model.assembly import assemble
from model.memory import keep_freed_memory
from model.settings import settings_of
from model.training import fit

Values = Mapping[str, Any]  # settings of net and training
Run = dict[str, Any]
Runs = dict[tuple[str, str, int], Run]  # by texts, name of the configuration, seed


class Record:
    """JSON lines, one a training; what is there is not trained again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        runs = [json.loads(line) for line in lines]
        self.runs: Runs = {(run["texts"], run["name"], run["seed"]): run for run in runs}

    def complete(
        self, texts: str, prepared: Prepared, wanted: Mapping[str, Values], seeds: Iterable[int]
    ) -> None:
        """Train each of ``wanted`` with each seed on ``prepared``, called ``texts``."""
        progress = Console(stderr=True)
        for seed in seeds:
            for name, values in wanted.items():
                if (texts, name, seed) not in self.runs:
                    run = {"texts": texts, "name": name, "seed": seed}
                    run |= train(prepared, values, seed)
                    self.runs[texts, name, seed] = run
                    with self.path.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(run) + "\n")
                    progress.print(f"{len(self.runs)}: {run}", highlight=False, soft_wrap=True)

    def of(self, texts: str, name: str, seeds: Iterable[int]) -> list[Run]:
        """The trainings of the configuration ``name`` on ``texts``."""
        return [self.runs[texts, name, seed] for seed in seeds]


def train(prepared: Prepared, values: Values, seed: int) -> Run:
    """Train to the end; the best epoch by validation loss, and all accuracies."""
    keep_freed_memory()
    net_settings, train_settings = settings_of(values)
    made = assemble(prepared, net_settings, train_settings, seed=seed)
    epochs = list(fit(made.trainer, made.train, made.validation))
    best = min(epochs, key=lambda e: e.validation_loss)
    return {
        "loss": best.validation_loss,
        "accuracy": best.accuracy,
        "macro_f1": best.macro_f1,
        "epoch": best.number,
        "curve": [round(e.validation_loss, 4) for e in epochs],
        "accuracies": [round(e.accuracy, 4) for e in epochs],
        "seconds": sum(e.seconds for e in epochs) / len(epochs),
    }


def mean(runs: list[Run], key: str) -> float:
    """The mean of what the trainings have under ``key``."""
    return float(statistics.mean(run[key] for run in runs))


def difference(runs: list[Run], base: list[Run], key: str) -> tuple[list[float], float]:
    """By how much ``runs`` exceed ``base`` seed by seed, and the mean's standard error."""
    by_seed = [run[key] - other[key] for run, other in zip(runs, base, strict=True)]
    return by_seed, statistics.stdev(by_seed) / math.sqrt(len(by_seed))
