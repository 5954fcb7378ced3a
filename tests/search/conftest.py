"""A folder of its own for each test: a small data set and a study of it, quick to search."""

import random
from pathlib import Path

import pytest

STUDY = """
[data]
dataset = "news.csv"
validation = 0.2
[search]
epochs = 3
seed = 7
[space]
cell = ["rnn", "gru", "lstm"]
hidden_dim = { low = 4, high = 12, step = 4 }
lr = { low = 1e-3, high = 1e-1, log = true }
dropout = { low = 0.0, high = 0.5 }
[fixed]
batch_size = 32
vocab_threshold = 0
precision = "float32"
"""


def write_news(path: Path, rows: int = 240, seed: int = 0) -> None:
    """Texts of which the class is the word that comes first."""
    rng = random.Random(seed)
    lines = ["text,label"]
    for i in range(rows):
        label = ("goal", "market")[i % 2]
        other = ("market", "goal")[i % 2]
        words = rng.choices(["the", "of", "a", "and", "to", "new"], k=rng.randint(2, 6))
        lines.append(f"{label} {' '.join(words)} {other} {rng.choice(words)},{label}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with ``news.csv`` and ``small.toml``."""
    monkeypatch.chdir(tmp_path)
    write_news(tmp_path / "news.csv")
    (tmp_path / "small.toml").write_text(STUDY, "utf-8")
    return tmp_path
