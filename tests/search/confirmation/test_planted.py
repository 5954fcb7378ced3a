"""Ablations whose truth is known: trainings are replaced by a function of settings and seed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import optuna
import pytest

from search.api import open_study
from search.confirmation.ablating import Ablating
from search.errors import SearchFailedError, StudyError
from search.findings.ablation import Ablation
from search.findings.cards.ablation import ablation_card
from search.findings.contrasts import HELPS, HURTS, NOTHING
from search.request import AblationRequest
from search.trials.watcher import Silent
from search.workers.events import Begun, Failure
from search.workers.protocol import Workers
from search.workers.task import Task
from tests.search.commands import search
from tests.search.confirmation.planting import Loss, Planted, PlantedWorkers, run_all, with_planted
from tests.search.conftest import edit

FROM = "cell=rnn hidden_dim=4 lr=0.001 dropout=0.0 layers=1"
TO = "cell=gru hidden_dim=8 lr=0.01 dropout=0.5 layers=2"


def additive(task: Task) -> float:
    """The cell gains 0.1, the rate 0.05, dropout costs 0.02; units and layers do nothing."""
    net, training = task.net_settings, task.train_settings
    gains = 0.1 * (net.cell == "gru") + 0.05 * (training.lr == 0.01) - 0.02 * (net.dropout == 0.5)
    return 0.5 - gains


def together(task: Task) -> float:
    """More units gain 0.05 beside the better cell alone."""
    net = task.net_settings
    return additive(task) - 0.05 * (net.cell == "gru" and net.hidden_dim == 8)


@pytest.fixture(autouse=True)
def without_nets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.trials.keeping.keep_best", lambda *_: None)


def planted(loss: Loss = additive, *, noise: float = 0.002, **asked: Any) -> Ablating:
    ends = {"start": FROM, "goal": TO, **asked}
    return with_planted(AblationRequest(study="small", **ends), loss, noise)


def trained(ablating: Ablating) -> Ablation:
    run_all(ablating)
    values = open_study("small").findings().ablation.values
    assert isinstance(values, Ablation)
    return values


def runs() -> int:
    url = "sqlite:///studies/studies.db"
    return len(optuna.load_study(study_name="small-ablation", storage=url).get_trials())


def test_the_path_and_the_words_are_the_planted_ones(searched: Path) -> None:
    values = trained(planted())
    assert [step.name for step in values.path[:2]] == ["cell", "lr"]
    assert values.path[-1].name == "dropout"
    words = {step.name: step.word for step in values.path}
    expected = {"cell": HELPS, "lr": HELPS, "dropout": HURTS, "hidden_dim": NOTHING}
    assert words == {**expected, "layers": NOTHING}
    assert {step.name: step.word for step in values.back} == words
    assert [step.name for step in values.back][:2] == ["cell", "lr"]
    true = {"cell": -0.1, "lr": -0.05, "dropout": 0.02, "hidden_dim": 0.0, "layers": 0.0}
    for step in values.path:
        assert step.score is not None
        assert abs(step.score.interval.value - true[step.name]) < 4 * step.score.error
    assert not values.interactions
    assert values.missing == 0
    assert 0 < values.smallest < 0.02


def test_where_more_is_better_the_words_are_the_same(place: Path) -> None:
    edit(place / "small.toml", ("seed = 7", 'seed = 7\nobjective = "accuracy"'))
    search("--trials", "1")
    values = trained(planted())
    assert values.objective == "accuracy"
    words = {step.name: step.word for step in values.path}
    assert [step.name for step in values.path[:2]] == ["cell", "lr"]
    assert (words["cell"], words["lr"], words["dropout"]) == (HELPS, HELPS, HURTS)
    assert [step.name for step in values.back][:2] == ["cell", "lr"]
    first = values.path[0]
    assert first.score is not None
    assert first.loss is not None
    assert first.score.interval.value == pytest.approx(-first.loss.interval.value, abs=1e-6)
    sentence = ablation_card(values).sentence
    assert "cell (+0." in sentence
    assert "cell costs 0." in sentence


def test_racing_saves_trainings_and_loses_nothing(searched: Path) -> None:
    values = trained(planted())
    whole = 3 * (1 + 5 * 6 // 2 + 5 - 2)
    assert runs() < whole - 5
    assert min(values.path[0].tried.values()) == 2


def test_what_helps_only_beside_another_change_is_said(searched: Path) -> None:
    values = trained(planted(together, order=("hidden_dim", "cell", "lr", "layers", "dropout")))
    words = {step.name: step.word for step in values.path}
    assert words["hidden_dim"] == NOTHING
    assert {step.name: step.word for step in values.back}["hidden_dim"] == HELPS
    assert [each.name for each in values.interactions] == ["hidden_dim"]
    sentence = ablation_card(values).sentence
    assert re.search(r"hidden_dim does 0\.0\d+ nats better beside all other changes", sentence)


def test_a_configuration_that_diverges_is_no_end_of_it(searched: Path) -> None:
    def diverging(task: Task) -> float:
        is_bad = task.net_settings.layers == 2 and task.net_settings.cell == "rnn"
        return float("nan") if is_bad else additive(task)

    values = trained(planted(diverging))
    names = [step.name for step in values.path]
    assert names.index("cell") < names.index("layers")
    back = {step.name: step for step in values.back}
    assert back["cell"].score is None
    assert "no result" in (ablation_card(values).sentence)


def test_more_seeds_settle_what_a_few_left_open(searched: Path) -> None:
    goal = FROM.replace("dropout=0.0", "dropout=0.5")
    few = trained(planted(noise=0.02, seeds=2, goal=goal))
    assert few.path[0].word == NOTHING
    many = trained(
        planted(noise=0.02, seeds=40, goal="cell=rnn lr=0.001 hidden_dim=4 dropout=0.5")
    )
    assert many.path[0].word == HURTS
    assert many.smallest < few.smallest


def test_a_training_that_fails_is_said_and_tried_again(searched: Path) -> None:
    def failing(task: Task) -> float:
        raise RuntimeError

    class Failing(PlantedWorkers):
        def submit(self, task: Task) -> None:
            failure = Failure(kind="bug", message="it broke", device="none")
            begun = Begun(0, "", 1, 1, {"device": "none", "precision": "float32"})
            self.events = [(task.number, begun), (task.number, failure)]

    @dataclass(frozen=True)
    class Broken(Planted):
        @contextmanager
        def workers(self, prepared: object, snapshots: object) -> Iterator[Workers]:
            yield Failing(failing, 0.0)

    ablating = planted(goal=FROM.replace("rnn", "gru"))
    broken = Broken(ablating.job.placement.devices)
    study = ablating.open()
    found = ablating.next(study)
    assert found is not None
    with suppress(SearchFailedError):
        replace(ablating.job, placement=broken).run(study, found[0], Silent())
    with pytest.raises(StudyError, match=r"failed .*: it broke; the same command tries again"):
        ablating.check_trained(study, found[0])
    assert trained(ablating).path[0].word == HELPS
