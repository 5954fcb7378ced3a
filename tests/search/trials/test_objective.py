"""A search for something else than the loss: the highest score is best, everywhere."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import optuna
import pytest
from optuna.study import StudyDirection
from optuna.trial import TrialState
from typer.testing import CliRunner

from data.corpus import load_corpus
from data.splitting import split
from model.checkpoint import load
from model.criterion import Criterion
from model.epoch import Epoch
from search.api import open_study
from search.definition.reading import read_definition
from search.errors import StudyError
from search.findings.evidence import Evidence
from search.findings.page import render
from search.findings.sections import findings_of
from search.interrupts import check_interrupt
from search.status import app
from search.storage.home import StudyHome
from search.storage.record import StudyRecord
from search.trials import loop
from search.trials.objective import make_objective, prepare_for
from tests.search.commands import DATABASE, facts, search, trials
from tests.search.conftest import edit

RARE = 40  # of 240 texts
FIELDS = {"accuracy": "accuracy", "macro_f1": "macro_f1", "f1:rare": "score"}
NAMES = {"accuracy": "accuracy", "macro_f1": "macro-F1", "f1:rare": "F1 of 'rare'"}


@pytest.fixture
def imbalanced(place: Path) -> Path:
    """A sixth of the texts is rare, and a word tells it in most of them."""
    rng = random.Random(1)
    lines = ["text,label"]
    for i in range(240):
        words = rng.choices(["the", "of", "a", "and", "to", "new"], k=rng.randint(3, 8))
        if (i < RARE) is (rng.random() < 0.93):
            words[rng.randrange(len(words))] = "fraud"
        lines.append(f"{' '.join(words)} {i % 7},{'rare' if i < RARE else 'common'}")
    (place / "news.csv").write_text("\n".join(lines) + "\n", "utf-8")
    plain = "batch_size = 4\nadversarial = 0.0"  # else no net is so bad that it is pruned
    sooner = ("lr = { low = 1e-3", "lr = { low = 1e-2")  # for most to learn in time
    changes = (("epochs = 3", "epochs = 5"), ("batch_size = 32", plain), sooner)
    edit(place / "small.toml", *changes)
    return place


def status(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["--study", "small", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("objective", FIELDS)
def test_the_highest_score_is_best_everywhere(imbalanced: Path, objective: str) -> None:
    output = search("--trials", "20", "--objective", objective).output
    study = optuna.load_study(study_name="small", storage=DATABASE)
    assert study.direction == StudyDirection.MAXIMIZE
    assert {t.state for t in trials()} == {TrialState.COMPLETE, TrialState.PRUNED}
    for trial in trials():
        curve = trial.user_attrs["curve"]
        values = [row[FIELDS[objective]] for row in curve]
        assert [row["score"] for row in curve] == values
        assert list(trial.intermediate_values.values()) == values
        best = values.index(max(values))
        assert trial.user_attrs["best_epoch"] == curve[best]["number"]
        assert trial.user_attrs["best_loss"] == curve[best]["validation_loss"]
        if trial.state == TrialState.COMPLETE:
            assert trial.value == max(values)
        else:
            pruning = trial.user_attrs["pruned"]
            assert pruning["value"] == max(values)
            assert pruning["value"] < pruning["median"], "a worse one was pruned"
    complete = [t for t in trials() if t.state == TrialState.COMPLETE]
    top = max(complete, key=lambda t: (t.value or 0.0, -t.number))
    record = StudyRecord.of(study)
    assert record.best is not None
    assert record.best.number == study.best_trial.number == top.number
    assert len({t.value for t in complete}) > 1
    name = NAMES[objective]
    assert f"searched for the highest {name}\n" in output
    assert f"best trial {top.number}: {name} {top.value:.4f}, " in output
    _check_words(record, name)
    _check_classifier(imbalanced, record, objective)


def _check_words(record: StudyRecord, name: str) -> None:
    best = record.best
    assert best is not None
    page = render(findings_of(Evidence(record=record))).replace("&#39;", "'")
    assert f": {name} {best.value:.4f}" in page
    assert f'<th scope="col">{name}</th>' in page
    assert f"won, with {name} {best.value:.4f}, " in status("--why", str(best.number))
    pruned = record.in_state(TrialState.PRUNED)[0]
    why = status("--why", str(pruned.number))
    assert f"its highest {name} until then was " in why
    assert ", below " in why
    assert f"{name} {best.value:.4f}  " in status()
    everything = CliRunner().invoke(app, [], env={"COLUMNS": "200"}).output
    assert f"{name} {best.value:.4f}" in everything
    assert "best loss" not in everything


def _check_classifier(place: Path, record: StudyRecord, objective: str) -> None:
    """The kept classifier has the best trial's score on its validation texts."""
    corpus = load_corpus(str(place / "news.csv"))
    rows = split(corpus.labels, share=0.2, seed=7)[1].tolist()
    predicted = load(place / "studies/small/best").predict([corpus.texts[i] for i in rows])
    said = np.array(predicted)
    right = np.array([corpus.class_names[corpus.labels[i]] for i in rows])
    f1 = [
        2 * float(((said == c) & (right == c)).sum())
        / max(float((said == c).sum() + (right == c).sum()), 1.0)
        for c in ("common", "rare")
    ]  # fmt: skip
    measured = {
        "accuracy": float((said == right).mean()),
        "macro_f1": sum(f1) / 2,
        "f1:rare": f1[1],
    }
    assert record.best is not None
    assert measured[objective] == pytest.approx(record.best.value)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_going_on_changes_nothing(imbalanced: Path, jobs: str) -> None:
    wanted = ("--objective", "f1:rare", "--trials", "9")
    search(*wanted, "--name", "whole")
    stopped = 0

    def stop_at_times() -> None:
        nonlocal stopped
        stopped += 1
        check_interrupt()
        if stopped % 7 == 0:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "check_interrupt", stop_at_times)
        search(*wanted, expect=130)
        search(*wanted, expect=130)
    if jobs == "1":
        search(*wanted)
        assert [facts(t) for t in trials()] == [facts(t) for t in trials("whole")]
        best, whole = (
            json.loads((imbalanced / f"studies/{name}/best/settings.json").read_text("utf-8"))
            for name in ("small", "whole")
        )
        for classifier in (best, whole):
            del classifier["about"]["study"], classifier["about"]["trained"]
        assert best == whole
    else:
        search(*wanted, "--jobs", jobs)
    best_trial = open_study("small").best
    assert best_trial is not None
    _check_classifier(imbalanced, open_study("small").record, "f1:rare")


@pytest.mark.usefixtures("in_process")
def test_of_equal_trials_the_first_is_kept_whichever_ended_first(
    imbalanced: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By accuracy many are equal: kept and best are the same one all the same."""
    monkeypatch.setattr(Criterion, "value", lambda _self, _metrics: 0.5)
    search("--objective", "accuracy", "--trials", "3", "--pruner", "none")
    study = optuna.load_study(study_name="small", storage=DATABASE)
    assert study.best_trial.number == 0
    assert open_study("small").record.ranking[0].number == 0
    kept = json.loads((imbalanced / "studies/small/best/settings.json").read_text("utf-8"))
    assert trials()[0].params["hidden_dim"] == _hidden(kept)
    assert trials()[0].user_attrs["best_epoch"] == 1


def _hidden(kept: dict[str, object]) -> object:
    found = kept.get("hidden_dim")
    if found is not None:
        return found
    nested = [v for v in kept.values() if isinstance(v, dict) and "hidden_dim" in v]
    return nested[0]["hidden_dim"]


@pytest.mark.parametrize(
    ("objective", "said"),
    [
        ("f1:Rare", "objective f1:Rare: there is no class 'Rare'; there are common, rare"),
        ("f2", "objective = 'f2': should be loss, accuracy, macro_f1 or f1:CLASS"),
    ],
)
def test_what_cannot_be_searched_for_is_said_before_any_work(
    imbalanced: Path, objective: str, said: str
) -> None:
    output = search("--trials", "2", "--objective", objective, expect=2).output
    assert said in output
    assert not (imbalanced / "studies").exists()


def test_a_class_without_validation_texts_is_refused(imbalanced: Path) -> None:
    """A corpus may come with validation rows of its own, which have some of the classes."""
    corpus = load_corpus("news.csv")
    own = replace(corpus, validation=np.arange(240) >= 200)
    home = StudyHome(name="small", url=DATABASE)
    for objective in ("f1:common", "f1:rare"):
        definition = read_definition(imbalanced / "small.toml", {"objective": objective})
        if objective == "f1:common":
            made = make_objective(own, prepare_for(definition, own), definition, home)
            assert made.criterion == Criterion("f1", own.class_names.index("common"))
            continue
        with pytest.raises(StudyError, match="none of the 40 validation texts is of this class"):
            make_objective(own, prepare_for(definition, own), definition, home)


def test_another_objective_is_another_study(imbalanced: Path) -> None:
    search("--trials", "1", "--epochs", "1")
    output = search("--trials", "2", "--epochs", "1", "--objective", "accuracy", expect=2).output
    assert "search.objective: loss -> accuracy" in output
    assert len(trials()) == 1


def test_an_empty_study_of_another_direction_is_left_alone(imbalanced: Path) -> None:
    (imbalanced / "studies").mkdir()
    optuna.create_study(study_name="small", storage=DATABASE, direction="maximize")
    output = search("--trials", "1", "--epochs", "1", expect=2).output
    assert "was made by another program" in output
    search("--trials", "1", "--epochs", "1", "--objective", "accuracy")
    assert Epoch.of(trials()[0].user_attrs["curve"][0]).score == trials()[0].value
