"""Searches replayed from a table of trainings: what they are shown, and what they count."""

import json
from pathlib import Path

import optuna
import pytest
from optuna.pruners import BasePruner, MedianPruner, NopPruner
from optuna.samplers import RandomSampler, TPESampler
from optuna.trial import FrozenTrial

from benchmarks.replay import EPOCHS, replay
from benchmarks.trainings import Table
from tests.search.records import definition

CURVES = {"gru": [1.0, 0.8, 0.7, 0.65, 0.6], "lstm": [1.0, 0.6, 0.5, 0.45, 0.5]}
RATES = (1e-4, 1e-2, 1.0)


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """A cell's curve, 0.1 lower at the middle learning rate."""
    lines = [definition().model_dump(mode="json", exclude_unset=True)]
    for cell, curve in CURVES.items():
        for lr in RATES:
            losses = [round(loss - 0.1 * (lr == RATES[1]), 5) for loss in curve]
            lines.append({"params": {"cell": cell, "lr": lr}, "losses": losses})
    path = tmp_path / "table.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return Table.read(path)


@pytest.mark.parametrize(
    ("cell", "lr", "lowest"),
    [("lstm", 2e-2, 0.35), ("lstm", 0.5, 0.45), ("gru", 2e-3, 0.5), ("gru", 2e-4, 0.6)],
)
def test_the_nearest_training_is_of_the_same_cell_and_the_nearest_rate(
    table: Table, cell: str, lr: float, lowest: float
) -> None:
    assert table.nearest({"cell": cell, "lr": lr}).min() == pytest.approx(lowest)


@pytest.mark.parametrize(
    ("pruner", "least", "most"),
    [(NopPruner(), EPOCHS // 5, EPOCHS // 5), (MedianPruner(), EPOCHS // 5 + 1, EPOCHS)],
)
def test_a_search_counts_the_epochs_that_it_was_shown(
    table: Table, pruner: BasePruner, least: int, most: int
) -> None:
    found = replay(table, RandomSampler, pruner, seed=1)
    assert least <= found.trials <= most
    assert found.loss == pytest.approx(0.35)
    assert not found.killed


def test_a_pruner_that_kills_all_but_the_first_kills_the_winner(table: Table) -> None:
    class Killer(NopPruner):
        def prune(self, study: optuna.Study, trial: FrozenTrial) -> bool:
            return trial.number > 0

    found = [replay(table, RandomSampler, Killer(), seed) for seed in range(4)]
    assert any(each.killed for each in found)
    assert all(each.trials == EPOCHS - 4 for each in found)


def test_the_same_seed_is_the_same_search(table: Table) -> None:
    def search() -> object:
        return replay(table, lambda seed: TPESampler(seed=seed), MedianPruner(), seed=3)

    assert search() == search()
