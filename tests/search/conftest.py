"""A folder of its own for each test: a small data set and a study of it, quick to search."""

import os
import random
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from search.request import Request
from tests.search.commands import DATABASE
from tests.search.prediction.classifiers import make

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
# Changes of that study, with which the loss of the first epoch is not finite.
DIVERGING = (
    ("lr = { low = 1e-3, high = 1e-1, log = true }", "lr = [9.0]"),
    ("[fixed]", "[fixed]\noptimizer = 'adamw'\nweight_decay = 1e30"),
)


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


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Change lines of the study file at ``path``."""
    study = path.read_text("utf-8")
    for before, after in changes:
        assert study.count(before) == 1, before
        study = study.replace(before, after)
    path.write_text(study, "utf-8")


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, place: Path) -> Iterator[str]:
    """An empty database; of PostgreSQL where ``POSTGRESQL_URL`` names a server for tests."""
    if request.param == "sqlite":
        yield DATABASE
        return
    server = os.environ.get("POSTGRESQL_URL")
    if not server:
        pytest.skip("no PostgreSQL server: POSTGRESQL_URL is not set")
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"search_{uuid.uuid4().hex}"
    with engine.connect() as connected:
        connected.execute(text(f"CREATE DATABASE {name}"))
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connected:
        connected.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands train in this very process, for tests that change what a training does."""
    defaults = Request.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "in_process", True)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with ``news.csv`` and ``small.toml``."""
    monkeypatch.chdir(tmp_path)
    write_news(tmp_path / "news.csv")
    (tmp_path / "small.toml").write_text(STUDY, "utf-8")
    return tmp_path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a classifier in the folder "model"."""
    monkeypatch.chdir(tmp_path)
    make(Path("model"))
    return tmp_path
