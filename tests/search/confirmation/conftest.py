"""A searched study, and the same confirmed: made once, a copy for each test."""

import shutil
from contextlib import chdir
from pathlib import Path

import pytest

from tests.search.commands import (
    search,
)
from tests.search.confirmation.ablations import ENDS, ablate
from tests.search.confirmation.finals import final
from tests.search.conftest import STUDY, write_news


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A study of four trials, none pruned, with a file of test rows; and the same confirmed."""
    searched = tmp_path_factory.mktemp("made") / "searched"
    searched.mkdir()
    write_news(searched / "news.csv")
    (searched / "small.toml").write_text(STUDY, "utf-8")
    write_news(searched / "test.csv", rows=60, seed=1)
    with chdir(searched):
        search("--trials", "4", "--pruner", "none")
    confirmed = searched.with_name("confirmed")
    shutil.copytree(searched, confirmed)
    with chdir(confirmed):
        final()
    ablated = searched.with_name("ablated")
    shutil.copytree(searched, ablated)
    with chdir(ablated):
        ablate(*ENDS)
    return {"searched": searched, "confirmed": confirmed, "ablated": ablated}


@pytest.fixture
def searched(made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The searched study in a folder of its own."""
    return _copied(made["searched"], tmp_path, monkeypatch)


@pytest.fixture
def confirmed(made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The confirmed study likewise."""
    return _copied(made["confirmed"], tmp_path, monkeypatch)


@pytest.fixture
def ablated(made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The searched study with an ablation likewise."""
    return _copied(made["ablated"], tmp_path, monkeypatch)


def _copied(made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, folder, dirs_exist_ok=True)
    monkeypatch.chdir(folder)
    return folder
