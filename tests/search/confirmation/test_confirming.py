"""``search.final`` trains the best configurations again, with fresh seeds that they share."""

import json
import re
from pathlib import Path

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState
from typer.testing import CliRunner

from model.checkpoint import load
from model.training import Trainer
from search.api import open_study
from search.final import app
from search.storage.marks import queue
from search.trials.seeds import derive
from tests.search.commands import (
    DATABASE,
    add_running,
    facts,
    kill_after,
    search,
    status,
    trials,
)
from tests.search.confirmation.finals import OPTIONS, final, final_record
from tests.search.conftest import DIVERGING, edit


def test_the_best_configurations_are_trained_with_shared_fresh_seeds(searched: Path) -> None:
    output = final()
    ranking = open_study("small").record.ranking[:2]
    runs = trials("small-final")
    assert [t.params for t in runs] == [t.params for t in ranking] * 2
    assert all(t.state == TrialState.COMPLETE for t in runs)
    home = open_study("small-final").home
    seeds = [load(home.net(t.number)).about["seed"] for t in runs]
    assert seeds[0] == seeds[1]
    assert seeds[2] == seeds[3]
    assert len({*seeds, *_seeds_of_the_search()}) == 2 + 4
    means = [np.mean([runs[i].value, runs[i + 2].value]) for i in (0, 1)]
    for trial, mean in zip(ranking, means, strict=True):
        assert re.search(rf"trial {trial.number}: {trial.value:.4f} -> {mean:.4f} \(", output)
    held = "held" if means[0] <= means[1] else "did not hold"
    assert f"the order of the 2 configurations {held}" in output
    assert "small-final: 4 complete" in status("--study", "small-final")


def _seeds_of_the_search() -> list[int]:
    study = open_study("small")
    return [derive(7, trial.number, "training") for trial in study.record.trials]


def test_killed_and_gone_on_with_it_is_as_if_never_killed(searched: Path) -> None:
    command = ("search.final", "--study", "small", *OPTIONS, "--seeds", "3")
    kill_after("small-final", 2, *command)
    final("--seeds", "3", "--jobs", "2")
    broken = [facts(t) for t in trials("small-final")]
    assert len(broken) == 6
    optuna.delete_study(study_name="small-final", storage=DATABASE)
    final("--seeds", "3")
    unbroken = [facts(t) for t in trials("small-final")]
    assert [f[2:4] for f in broken] == [f[2:4] for f in unbroken]


def test_more_seeds_and_configurations_extend_what_is_there(confirmed: Path) -> None:
    before = [facts(t) for t in trials("small-final")]
    final("--seeds", "3", "--configs", "3")
    after = trials("small-final")
    assert [facts(t) for t in after][:4] == before
    assert len(after) == 9
    repetitions = sorted(t.user_attrs.get("repetition", 1) for t in after)
    assert repetitions == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_a_plan_trains_nothing(searched: Path) -> None:
    output = final("--plan")
    assert "2 configurations, 2 seeds each: 4 trainings to run" in output
    assert "time: about" in output
    with pytest.raises(KeyError):
        trials("small-final")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--study", "nowhere"), "no such study"),
        (("--study", "small-final"), "holds confirmations: python -m search.final --study small"),
        (("--test", "nowhere.csv"), "no such file"),
        (("--test", "news.csv"), "of its 240 texts are texts of the search"),
        (("--refit", "--ensemble", "2"), "exclude each other"),
        (("--configs", "0"), "greater than or equal to 1"),
    ],
)
def test_mistakes(confirmed: Path, arguments: tuple[str, ...], says: str) -> None:
    output = final(*arguments, expect=2)
    assert says in " ".join(output.split())
    assert "Traceback" not in output
    assert final_record().openings == ()


def test_a_study_that_has_nothing_to_confirm(place: Path) -> None:
    edit(place / "small.toml", *DIVERGING)
    search("--trials", "2", "--max-failures", "1", expect=1)
    assert "has no complete trial yet" in final(expect=2)


def test_fewer_configurations_than_asked_for_are_said(searched: Path) -> None:
    output = final("--configs", "9", "--seeds", "1")
    assert "9 configurations are asked for, 4 configurations are complete" in output


def test_a_study_of_listed_configurations(place: Path) -> None:
    (place / "listed.toml").write_text(
        '[data]\ndataset = "news.csv"\nvalidation = 0.2\n[search]\nepochs = 2\n'
        '[fixed]\nhidden_dim = 4\nbatch_size = 32\nprecision = "float32"\n'
        '[[enqueue]]\ncell = "gru"\n[[enqueue]]\ncell = "lstm"\nlr = 1e-2\n'
    )
    search("--study", "listed.toml")
    result = CliRunner().invoke(app, ["--study", "listed", *OPTIONS])
    assert result.exit_code == 0, result.output
    assert len(trials("listed-final")) == 4


def test_a_final_study_is_not_searched(confirmed: Path) -> None:
    output = search("--study", "small-final", expect=2).output
    assert "holds confirmations: python -m search.final --study small" in output


@pytest.mark.usefixtures("in_process")
def test_where_all_trainings_fail_the_reason_is_said(
    searched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Trainer, *_: object) -> object:
        raise RuntimeError("made to fail")

    monkeypatch.setattr(Trainer, "run_epoch", fail)
    output = final(expect=1)
    assert "3 trials in a row failed" in output
    assert "made to fail" in output


@pytest.mark.usefixtures("in_process")
def test_a_failed_training_is_tried_again_with_its_own_seed(
    searched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Trainer.run_epoch
    calls: list[int] = []

    def fail(self: Trainer, *arguments: object) -> object:
        calls.append(0)
        if len(calls) == 1:
            raise RuntimeError("made to fail")
        return whole(self, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "run_epoch", fail)
        output = final()
    assert "1 training is not complete: the same command runs it" in output
    final()
    runs = trials("small-final")
    assert [t.state for t in runs] == [TrialState.FAIL] + [TrialState.COMPLETE] * 4
    assert runs[4].params == runs[0].params
    home = open_study("small-final").home
    assert load(home.net(4)).about["seed"] == load(home.net(1)).about["seed"]
    stored = json.loads((home.net(4) / "settings.json").read_text())
    assert stored["about"]["trial"] == 4


def test_a_search_that_still_runs_is_said(searched: Path) -> None:
    add_running()
    assert "1 trial is still running in small: this goes by the 4 that are complete" in final()


def test_a_plan_counts_what_a_killed_run_left_waiting(confirmed: Path) -> None:
    study = optuna.load_study(study_name="small-final", storage=DATABASE)
    queue(study, trials()[0].params, repetition=9)
    assert "0 trainings to run" in final("--plan")
    params = open_study("small").record.ranking[0].params
    queue(study, params, repetition=3)
    assert "2 trainings to run" in final("--plan", "--seeds", "3")
    final()
    assert [t.state for t in trials("small-final")][4:] == [TrialState.WAITING] * 2
    final("--seeds", "3")
    waiting = [t for t in trials("small-final") if t.state == TrialState.WAITING]
    assert [t.number for t in waiting] == [4], "nobody asked for a ninth seed"
