"""What a study found, on texts it never saw: ``python -m benchmarks.final --study NAME ...``.

The best configuration is trained with three seeds, and the five best once each, for the mean of
their probabilities. Beside them stands a linear classifier on TF-IDF, which has the validation
rows too; p is McNemar's exact test of the others against it. All of it was chosen by validation;
the test texts are opened last, once.
"""

import statistics
from dataclasses import replace
from typing import Annotated

import numpy as np
import numpy.typing as npt
import torch
import typer
from joblib import Parallel, delayed
from scipy.stats import binomtest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.measure import Row, show
from data.corpus import load_corpus
from data.preparation import Prepared
from model.assembly import assemble
from model.epoch import Epoch
from model.memory import keep_freed_memory
from model.prediction import TextClassifier
from model.training import fit
from search.definition.tables import Definition
from search.storage.record import StudyRecord, TrialRecord
from search.storage.studies import load_study
from search.storage.urls import DEFAULT_STORAGE
from search.trials.objective import prepare_for
from search.trials.seeds import derive

COLUMNS = ("model", "validation loss", "validation accuracy", "test accuracy", "p")
EMPTY: Row = dict.fromkeys(COLUMNS, "")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def final(
    *,
    study: Annotated[str, typer.Option(help="the study's name in the storage")],
    test: Annotated[str, typer.Option(help="file of the test texts")],
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
    seeds: Annotated[int, typer.Option(min=2, help="of the best configuration")] = 3,
    together: Annotated[int, typer.Option(min=1, help="best configurations averaged")] = 5,
    jobs: Annotated[int, typer.Option(min=1, help="trainings at once, on the CPU")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Train what the study chose, then read the test texts."""
    _, record = load_study(study, storage)
    assert record.binding is not None, "another program's study"
    definition = record.binding.definition
    reading = definition.data.reading()
    corpus = load_corpus(definition.data.dataset, reading)
    prepared = prepare_for(definition, corpus)
    best = _best(record, together)
    names = [f"trial {best[0].number}, seed {i + 1}" for i in range(seeds)]
    chosen = [(best[0], i) for i in range(seeds)] + [(trial, 0) for trial in best[1:]]
    trained = Parallel(n_jobs=jobs)(
        delayed(_train)(prepared, definition, trial, repeat) for trial, repeat in chosen
    )
    linear = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC())
    linear.fit(corpus.texts, corpus.labels)

    tested = load_corpus(test, replace(reading, own_validation=False))
    assert tested.class_names == corpus.class_names
    probabilities = [classifier.predict_proba(tested.texts) for classifier, _ in trained]
    averaged = np.mean([probabilities[0], *probabilities[seeds:]], axis=0)
    right = tested.labels == linear.predict(tested.texts)
    names += [f"trial {trial.number}" for trial in best[1:]]
    rows: list[Row] = []
    for name, (_, epoch), each in zip(names, trained, probabilities, strict=True):
        rows.append(_row(name, each.argmax(axis=1) == tested.labels, right, epoch))
    single = statistics.mean(float(row["test accuracy"]) for row in rows[:seeds])
    rows.append(
        {
            **EMPTY,
            "model": f"mean of trial {best[0].number}'s seeds",
            "test accuracy": f"{single:.4f}",
        }
    )
    name = f"mean probabilities of the {len(best)} trials"
    rows.append(_row(name, averaged.argmax(axis=1) == tested.labels, right))
    rows.append({**_row("TF-IDF of 1-2 words, linear SVM", right, right), "p": ""})
    title = f"{study}: {len(prepared.train):,} training and {len(tested.texts):,} test texts"
    show(title, rows, device=torch.device("cpu"), as_json=as_json)


def _best(record: StudyRecord, count: int) -> list[TrialRecord]:
    """The best complete trials, one for each configuration, best first."""
    by_configuration = {str(trial.params): trial for trial in reversed(record.ranking)}
    return sorted(by_configuration.values(), key=record.sort_key)[:count]


def _train(
    prepared: Prepared, definition: Definition, trial: TrialRecord, repeat: int
) -> tuple[TextClassifier, Epoch]:
    """Train as the study did, with the trial's own seed first; the best epoch's net and scores."""
    keep_freed_memory()
    purpose = "training" if repeat == 0 else f"training {repeat}"
    seed = derive(definition.search.seed, trial.number, purpose)
    net_settings, train_settings = definition.settings(trial.params)
    made = assemble(prepared, net_settings, train_settings, seed=seed)
    epochs = list(fit(made.trainer, made.train, made.validation))
    words = prepared.vocabulary.cut(net_settings.vocab_threshold)
    classifier = TextClassifier(made.net, words, prepared.class_names)
    return classifier, min(epochs, key=lambda e: e.validation_loss)


def _row(
    model: str,
    right: npt.NDArray[np.bool_],
    linear: npt.NDArray[np.bool_],
    epoch: Epoch | None = None,
) -> Row:
    """What ``model`` got right, and by chance how often it and ``linear`` would differ so."""
    won, lost = int((right & ~linear).sum()), int((linear & ~right).sum())
    return {
        **EMPTY,
        "model": model,
        "validation loss": f"{epoch.validation_loss:.4f}" if epoch else "",
        "validation accuracy": f"{epoch.accuracy:.4f}" if epoch else "",
        "test accuracy": f"{right.mean():.4f}",
        "p": f"{binomtest(won, max(won + lost, 1)).pvalue:.1g}",
    }


if __name__ == "__main__":
    app()
