"""A study that lists configurations, and what training each would give."""

import json
from pathlib import Path
from typing import Any

from search.findings.published import CONFIRMED, CONTRADICTED, NOISE
from search.workers.task import Task

HEAD = """
[data]
dataset = "news.csv"
validation = 0.2
[search]
epochs = 1
[fixed]
batch_size = 32
precision = "float32"
"""
ROWS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "gru"},
    {"cell": "lstm"},
    {"cell": "gru", "dropout": 0.5},
    {"cell": "gru", "hidden_dim": 8, "pooling": "mean"},
    {"cell": "gru", "lr": 0.01},
    {"cell": "gru", "pooling": "mean"},
    {"cell": "gru", "epochs": 4},
    {"cell": "gru", "epochs": 4, "schedule": "plateau"},
]
USUAL = {"cell": "rnn", "dropout": 0.0, "hidden_dim": 4, "lr": 0.001, "pooling": "max",
         "epochs": 1, "schedule": "none"}  # fmt: skip
AFTER = [0, 1, 1, 1, 0, 1, 1, 7]
PUBLISHED = [0.50, 0.60, 0.62, 0.61, 0.66, 0.65, 0.60, 0.55, 0.70]
CLAIMS = {
    'order = ["gru", "rnn"], of = "cell"': CONFIRMED,
    'order = ["lstm", "gru"], of = "cell"': NOISE,
    'order = ["lstm", "gru", "rnn"], of = "cell"': NOISE,
    'order = ["rnn", "gru"], of = "cell"': CONTRADICTED,
    'most = "cell"': CONFIRMED,
    'most = "pooling"': CONTRADICTED,
    'no_gain = "pooling"': CONFIRMED,
    'no_gain = "hidden_dim"': CONTRADICTED,
    "row = 7, rises_after = 2": CONFIRMED,
    "row = 7, rises_after = 1": NOISE,
    "row = 8, rises_less_than = 7": CONFIRMED,
    "row = 7, rises_less_than = 8": CONTRADICTED,
}


def loss(task: Task) -> float | list[float]:
    """Of the cells the RNN is worse; units gain 0.05, the rate 0.03, dropout costs 0.02."""
    net, training = task.net_settings, task.train_settings
    level = 0.5 - 0.1 * (net.cell != "rnn") - 0.05 * (net.hidden_dim == 8)
    level += 0.02 * (net.dropout == 0.5) - 0.03 * (training.lr == 0.01)
    if training.epochs == 1:
        return level
    late = 0.0 if training.schedule == "none" else -0.03
    return [level + 0.05, level, level + 0.03, level + 0.05 + late]


def write(place: Path, table: str, rows: list[dict[str, Any]] = ROWS, head: str = HEAD) -> None:
    text = head
    for row in rows:
        pairs = [f"{name} = {json.dumps(value)}\n" for name, value in {**USUAL, **row}.items()]
        text += "[[enqueue]]\n" + "".join(pairs)
    (place / "listed.toml").write_text(text + f"[ablation]\n{table}")
