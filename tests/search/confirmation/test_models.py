"""The models that a confirmation leads to: on disk, elsewhere, alone and together."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import optuna
import pytest
import torch

from data.corpus import load_corpus
from data.raw_texts import encode_texts
from model.checkpoint import load
from model.ensemble import Ensemble
from model.prediction import TextClassifier
from search.api import open_study
from search.preparing import prepare_job
from search.request import Request
from tests.search.commands import (
    DATABASE,
    python_path,
    search,
    trials,
)
from tests.search.confirmation.finals import final, final_record


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


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    classifier = load(folder)
    assert isinstance(classifier, TextClassifier)
    return classifier.net.state_dict()


def test_a_net_that_is_gone_is_trained_again(confirmed: Path) -> None:
    net = Path("studies/small-final/nets") / str(load("studies/small/model").about["trial"])
    before = _weights(net)
    shutil.rmtree(net)
    final()
    after = _weights(net)
    assert all(torch.equal(before[name], after[name]) for name in before)
    study = optuna.load_study(study_name="small-final", storage=DATABASE)
    other = study.trials[int(net.name)]
    shutil.rmtree(net)
    with sqlite3.connect("studies/studies.db") as database:
        database.execute(
            "UPDATE trial_values SET value = value - 0.001 WHERE trial_id = ?", (other._trial_id,)
        )
    assert "trained again here its value is" in final(expect=2)
