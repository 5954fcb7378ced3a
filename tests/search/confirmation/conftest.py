"""A searched study, and the same confirmed: made once, a copy for each test."""

import shutil
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from search.api import open_study
from search.findings.listed import Listed
from search.request import AblationRequest
from tests.search.commands import (
    search,
)
from tests.search.confirmation.ablations import ENDS, ablate
from tests.search.confirmation.finals import final
from tests.search.confirmation.listings import AFTER, CLAIMS, PUBLISHED, loss, write
from tests.search.confirmation.planting import Loss, run_all, with_planted
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


@pytest.fixture
def listed(place: Path) -> Path:
    """A place with a study that lists configurations and was never run."""
    claims = [f'{{ says = "claim {i}", {claim} }}' for i, claim in enumerate(CLAIMS)]
    write(place, f"after = {AFTER}\npublished = {PUBLISHED}\nclaims = [{', '.join(claims)}]\n")
    return place


@pytest.fixture
def trained(listed: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Listed]:
    monkeypatch.setattr("search.trials.keeping.keep_best", lambda *_: None)

    def train(of: Loss = loss, *, noise: float = 0.0005, **asked: Any) -> Listed:
        run_all(with_planted(AblationRequest(study="listed.toml", **asked), of, noise))
        values = open_study("listed").findings().ablation.values
        assert isinstance(values, Listed)
        return values

    return train
