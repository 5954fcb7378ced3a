"""``search.final``: configurations confirmed, a model made, test rows opened once."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import numpy as np
import optuna
import pytest
import torch
from optuna.trial import TrialState
from typer.testing import CliRunner

from data.corpus import load_corpus
from data.raw_texts import encode_texts
from model.checkpoint import load
from model.ensemble import Ensemble
from model.prediction import TextClassifier
from model.training import Trainer
from search.api import open_study
from search.final import app
from search.preparing import prepare_job
from search.request import Request
from search.storage.record import StudyRecord
from search.trials.seeds import derive
from tests.search.commands import (
    DATABASE,
    add_running,
    facts,
    python_path,
    search,
    status,
    trials,
    wait_for,
)
from tests.search.conftest import DIVERGING, STUDY, edit, write_news

OPTIONS = ("--configs", "2", "--seeds", "2")


def final(*arguments: str, expect: int = 0) -> str:
    """What it printed."""
    result = CliRunner().invoke(app, ["--study", "small", *OPTIONS, *arguments])
    assert result.exit_code == expect, result.output
    return result.output


def final_record() -> StudyRecord:
    return StudyRecord.of(optuna.load_study(study_name="small-final", storage=DATABASE))


@pytest.fixture(scope="module")
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
    return {"searched": searched, "confirmed": confirmed}


@pytest.fixture
def searched(made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The searched study in a folder of its own."""
    return _copied(made["searched"], tmp_path, monkeypatch)


@pytest.fixture
def confirmed(made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The confirmed study likewise."""
    return _copied(made["confirmed"], tmp_path, monkeypatch)


def _copied(made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, folder, dirs_exist_ok=True)
    monkeypatch.chdir(folder)
    return folder


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


def test_the_model_is_the_best_seeds_net_and_loads_without_optuna(confirmed: Path) -> None:
    runs = trials("small-final")
    chosen = min(((0, 2), (1, 3)), key=lambda pair: sum(runs[i].value or 0 for i in pair))
    best = min(chosen, key=lambda i: runs[i].value or 0)
    moved = confirmed / "elsewhere"
    (confirmed / "studies" / "small" / "model").rename(moved)
    code = (
        "import sys\n"
        "for name in ('optuna', 'datasets', 'sklearn', 'scipy', 'data.corpus', 'data.files'):\n"
        "    sys.modules[name] = None\n"
        "from model.checkpoint import load\n"
        f"model = load({str(moved)!r})\n"
        "print(model.about['trial'], *model.predict(['goal the', 'market of']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=python_path(), cwd=confirmed, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.split()[0] == str(best)
    assert set(done.stdout.split()[1:]) <= {"goal", "market"}
    card = (moved / "README.md").read_text("utf-8")
    assert card.startswith("---\nlibrary_name: pytorch\npipeline_tag: text-classification\n---\n")
    assert "- news.csv: 192 training and 48 validation rows" in card
    assert "No test rows were opened." in card


def test_validation_probabilities_are_kept_of_complete_trials_alone(searched: Path) -> None:
    search("--trials", "12", "--name", "pruning")
    record = open_study("pruning").record
    home = open_study("pruning").home
    kept = {int(path.stem) for path in (home.folder / "probabilities").iterdir()}
    assert kept == {trial.number for trial in record.complete}
    assert len(kept) < 12
    best = record.best
    assert best is not None
    said = np.load(home.probabilities(best.number))
    assert said.dtype == np.float16
    classifier = load(home.best)
    assert isinstance(classifier, TextClassifier)
    assert said.shape == (48, 2)
    assert said.sum(axis=1) == pytest.approx(np.ones(48), abs=2e-3)
    labels = _validation_labels()
    assert np.mean(said.argmax(axis=1) == labels) == pytest.approx(best.stored.accuracy)


def _validation_labels() -> np.ndarray:
    """By the split itself, which the probabilities are in the order of."""
    job = prepare_job(Request(study="small", as_stored=True))
    return np.asarray(job.prepared.validation.labels)


def test_the_test_is_opened_once_and_each_look_is_remembered(confirmed: Path) -> None:
    output = final("--test", "test.csv")
    assert "test.csv, 60 texts" in output
    assert "look 1 of 1" in output
    assert "warning" not in output
    record = final_record()
    assert len(record.openings) == 1
    opening = record.openings[0]
    assert (opening.rows, opening.test, opening.model) == (60, "test.csv", "net")
    corpus = load_corpus("test.csv")
    names = list(opening.scores)
    assert names[0].startswith("seed ")
    assert names[-1] == "linear SVM"
    assert "ensemble" in names
    model = load("studies/small/model")
    right = np.mean([a == corpus.class_names[b] for a, b in zip(
        model.predict(corpus.texts), corpus.labels, strict=True)])  # fmt: skip
    assert opening.scores[names[0]]["accuracy"][0] == pytest.approx(right)
    assert opening.scores["linear SVM"]["p"] is None
    card = Path("studies/small/model/README.md").read_text("utf-8")
    assert f"| {names[0]} | {right:.4f} (" in card
    again = final("--test", "test.csv")
    assert "look 2 of 2" in again
    assert "warning: test rows were opened before" in again
    assert len(final_record().openings) == 2
    final()
    assert "look 2 of 2" in Path("studies/small/model/README.md").read_text("utf-8")


def test_without_test_no_code_reads_test_rows(confirmed: Path) -> None:
    """The file beside the training rows is one that cannot be read."""
    (confirmed / "test.csv").unlink()
    (confirmed / "test.csv").mkdir()
    final("--ensemble", "2", "--verify")
    final("--test", "test", expect=2)
    assert final_record().openings == ()


def test_an_ensemble_predicts_as_the_mean_of_its_members(confirmed: Path) -> None:
    output = final("--ensemble", "3")
    assert "too few validation texts to choose members by, so it is the plain mean" in output
    model = load("studies/small/model")
    assert isinstance(model, Ensemble)
    assert len(model.members) == 3
    assert sum(model.weights) == pytest.approx(1)
    texts = ["goal of the", "market new goal", ""]
    mean = np.mean([member.predict_proba(texts) for member in model.members], axis=0)
    assert model.predict_proba(texts) == pytest.approx(mean, abs=1e-6)
    assert model.classes_ == ("goal", "market")
    assert model.predict(texts) == [model.classes_[i] for i in mean.argmax(axis=1)]


def test_a_refit_trains_on_all_texts_and_shows_no_validation_loss(confirmed: Path) -> None:
    final("--refit", "--test", "test.csv")
    model = load("studies/small/model")
    assert isinstance(model, TextClassifier)
    assert "validation_loss" not in model.about
    words = {w for text in load_corpus("news.csv").texts for w in text.split()}
    assert set(model.vocabulary.words) == words
    assert int(model.vocabulary.counts.sum()) == sum(
        len(text.split()) for text in load_corpus("news.csv").texts
    )
    card = Path("studies/small/model/README.md").read_text("utf-8")
    assert "no validation loss can be shown for it" in card
    assert next(iter(final_record().openings[0].scores)) == "refit"
    assert "linear SVM, refit" in final_record().openings[0].scores


def test_verify_says_whether_all_comes_again(confirmed: Path) -> None:
    assert "the same curve and weights, bit for bit" in final("--verify")
    for path in open_study("small-final").home.folder.glob("nets/*/weights.pt"):
        weights = torch.load(path)
        torch.save({name: value + 0.5 for name, value in weights.items()}, path)
    assert "weights by up to 0.5" in final("--verify")


def test_killed_and_gone_on_with_it_is_as_if_never_killed(searched: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "search.final", "--study", "small", *OPTIONS, "--seeds", "3"],
        env=python_path(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(lambda: _complete("small-final") >= 2)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    final("--seeds", "3", "--jobs", "2")
    broken = [facts(t) for t in trials("small-final")]
    assert len(broken) == 6
    optuna.delete_study(study_name="small-final", storage=DATABASE)
    final("--seeds", "3")
    unbroken = [facts(t) for t in trials("small-final")]
    assert [f[2:4] for f in broken] == [f[2:4] for f in unbroken]


def _complete(name: str) -> int:
    try:
        found = optuna.load_study(study_name=name, storage=DATABASE)
    except KeyError:  # not begun yet
        return 0
    return len(found.get_trials(states=(TrialState.COMPLETE,)))


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


def test_a_class_that_the_search_never_saw_counts_as_wrong(confirmed: Path) -> None:
    with (confirmed / "test.csv").open("a") as file:
        file.write("rain of the,weather\n" * 20)
    output = final("--test", "test.csv")
    assert "classes that the search does not have, counted as wrong: 'weather' 20" in output
    opening = final_record().openings[0]
    assert opening.rows == 80
    assert all(each["accuracy"][0] <= 0.75 for each in opening.scores.values())


def test_rows_that_the_search_has_seen_are_counted_and_left_out_beside(confirmed: Path) -> None:
    lines = (confirmed / "news.csv").read_text().splitlines()[1:11]
    with (confirmed / "test.csv").open("a") as file:
        file.write("\n".join(lines) + "\n")
    before = len(load_corpus("test.csv").texts)
    output = final("--test", "test.csv")
    opening = final_record().openings[0]
    assert opening.rows == before == 70
    assert 10 <= opening.repeated < 35
    assert f"{opening.repeated} of them are texts of the search too" in output
    output = final("--test", "news.csv", "--force")
    assert "240 of them are texts of the search too" in output


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
    assert "1 training failed: the same command tries it again" in output
    final()
    runs = trials("small-final")
    assert [t.state for t in runs] == [TrialState.FAIL] + [TrialState.COMPLETE] * 4
    assert runs[4].params == runs[0].params
    home = open_study("small-final").home
    assert load(home.net(4)).about["seed"] == load(home.net(1)).about["seed"]
    stored = json.loads((home.net(4) / "settings.json").read_text())
    assert stored["about"]["trial"] == 4


def test_the_linear_member_reads_raw_texts_as_encoded_ones(confirmed: Path) -> None:
    final("--ensemble", "5")
    model = load("studies/small/model")
    assert isinstance(model, Ensemble)
    linear = model.members[-1]
    assert not isinstance(linear, TextClassifier)
    texts = ["goal of the market", "", "words that nobody knows"]
    encoded = encode_texts(texts, linear.vocabulary, "words")
    assert linear.of_encoded(encoded) == pytest.approx(linear.predict_proba(texts))
    assert linear.predict(["goal the market"]) == ["goal"]


def test_a_full_disk_keeps_the_model_that_was_there(confirmed: Path) -> None:
    """Its folder is a file system of its own, of two megabytes."""
    folder, aside = confirmed / "studies" / "small", confirmed / "aside"
    shutil.copytree(folder, aside)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"no right to mount: {mounted.stderr}")
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        with pytest.raises(OSError, match="No space"), (folder / "filler").open("wb") as filler:
            while True:
                filler.write(b"0" * 4096)
                filler.flush()
        output = final("--ensemble", "5", expect=1)
        assert "No space left" in output
        assert "go on with" in output
        assert isinstance(load(folder / "model"), TextClassifier)
        assert {path.name for path in folder.iterdir() if path.name.startswith(".")} == set()
        (folder / "filler").unlink()
        final("--ensemble", "5")
        assert isinstance(load(folder / "model"), Ensemble)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_search_that_still_runs_is_said(searched: Path) -> None:
    add_running()
    assert "1 trial is still running in small: this goes by the 4 that are complete" in final()


def test_a_test_file_that_is_not_there_is_said_before_hours_of_training(searched: Path) -> None:
    assert "--test tset.csv: no such file or folder" in final("--test", "tset.csv", expect=2)
    with pytest.raises(KeyError):
        trials("small-final")
