"""A whole search: ``python -m benchmarks.search --dataset agnews``.

The notebook's way in Optuna's loop, as its PyTorch example has it (the data made anew for each
trial, nothing pruned), against this search with one job and with as many as there are cores: wall
time, and time and epochs to the best validation loss that all of them reach. Then what a search
of all texts spends outside its training.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Annotated, NamedTuple

import joblib
import optuna
import torch
import typer
from optuna.trial import FrozenTrial, TrialState

from benchmarks.measure import Row, show
from benchmarks.notebook import Texts, loader, train_epoch, validation_loss
from data.corpus import load_corpus
from data.preparation import part, split
from data.tokens import tokenize_all
from data.vocabulary import rank_words
from model.classifier import build
from model.settings import ModelSettings

STUDY = """
[data]
dataset = "{dataset}"
examples = {examples}
[search]
epochs = {epochs}
seed = {seed}
[space]
cell = ["gru", "lstm"]
hidden_dim = [32, 64]
lr = {{ low = 1e-3, high = 1e-2, log = true }}
[fixed]
vocab_threshold = 2
batch_size = 128
embedding_init = "random"
ema = 0.0
clip_norm = 0.0
"""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Size(NamedTuple):
    """What is searched; ``dataset`` is absolute, since searches run in folders of their own."""

    dataset: str
    examples: int
    trials: int
    epochs: int


class Ran(NamedTuple):
    """A search that ended: each trial's end (seconds from the start), epochs and best loss."""

    seconds: float
    trials: list[tuple[float, int, float]]

    def until(self, loss: float) -> tuple[float, int]:
        """Seconds, and epochs of all trials, to the first trial of this loss."""
        epochs = 0
        for end, trained, reached in sorted(self.trials):
            epochs += trained
            if reached <= loss:
                return end, epochs
        raise ValueError(f"no trial reached {loss}")


@app.command()
def search(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    examples: Annotated[int, typer.Option(min=100, help="training texts")] = 2000,
    trials: Annotated[int, typer.Option(min=1)] = 4,
    epochs: Annotated[int, typer.Option(min=1)] = 2,
    repeats: Annotated[int, typer.Option(min=1, help="searches of each way")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Compare whole searches, in turns."""
    place = str(Path(dataset).resolve()) if Path(dataset).exists() else dataset
    size = Size(place, examples, trials, epochs)
    cores = joblib.cpu_count()
    names = ["notebook", "1 job", f"{cores} jobs"]
    ran: dict[str, list[tuple[Ran, float, int]]] = {name: [] for name in names}
    for seed in range(repeats):
        runs = dict(zip(names, [_notebook(size, seed), _ours(size, seed, 1)], strict=False))
        runs[names[2]] = _ours(size, seed, cores)
        all_reach = max(min(loss for *_, loss in run.trials) for run in runs.values())
        for name, run in runs.items():
            ran[name].append((run, *run.until(all_reach)))
    rows: list[Row] = [
        {
            "way": name,
            "whole search, s": median(run.seconds for run, *_ in found),
            "epochs": median(sum(t[1] for t in run.trials) for run, *_ in found),
            "to the same loss, s": median(seconds for _, seconds, _ in found),
            "its epochs": median(epochs for *_, epochs in found),
        }
        for name, found in ran.items()
    ]
    cpu = torch.device("cpu")
    show(f"{examples:,} texts, {trials} trials", rows, device=cpu, as_json=as_json)
    show("all texts, outside training", [_overhead(place)], device=cpu, as_json=as_json)


def _ours(size: Size, seed: int, jobs: int) -> Ran:
    definition = STUDY.format(**size._asdict(), seed=seed)
    command = ["--study", "study.toml", "--trials", str(size.trials), "--jobs", str(jobs)]
    started = time.time()
    study, _ = _run(definition, *command)
    ended = [
        (t.datetime_complete.timestamp() - started, len(t.user_attrs["curve"]), _loss(t))
        for t in study
        if t.datetime_complete
    ]
    return Ran(time.time() - started, ended)


def _loss(trial: FrozenTrial) -> float:
    return min(trial.intermediate_values.values())


def _run(definition: str, *arguments: str) -> tuple[list[FrozenTrial], int]:
    """The trials of a search, and the peak of its memory, bytes."""
    code = "import sys; from search.run import app; app(sys.argv[1:])"
    root = str(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory(dir=".", prefix=".search-") as folder:
        Path(folder, "study.toml").write_text(definition, "utf-8")
        command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); {code}"]
        counted = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, "
            "stdout=subprocess.DEVNULL); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", counted, *command, *arguments],
            cwd=folder, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        storage = f"sqlite:///{folder}/studies/studies.db"
        study = optuna.load_study(study_name="study", storage=storage)
        return study.get_trials(), int(done.stdout) * 1024


def _notebook(size: Size, seed: int) -> Ran:
    """The notebook's way: everything is made anew for each trial, and every epoch is run."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    started = time.time()
    ended: list[tuple[float, int, float]] = []

    def objective(trial: optuna.Trial) -> float:
        cell = trial.suggest_categorical("cell", ["gru", "lstm"])
        hidden = trial.suggest_categorical("hidden_dim", [32, 64])
        lr = trial.suggest_float("lr", 1e-3, 1e-2, log=True)
        settings = ModelSettings.model_validate({"cell": cell, "hidden_dim": hidden})
        loss = min(_notebook_losses(size, settings, lr, seed=1000 * seed + trial.number))
        ended.append((time.time() - started, size.epochs, loss))
        return loss

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=size.trials)
    return Ran(time.time() - started, ended)


def _notebook_losses(size: Size, settings: ModelSettings, lr: float, *, seed: int) -> list[float]:
    corpus = load_corpus(size.dataset)
    train, validation = split(corpus.labels, share=0.05, seed=42)
    train = part(train, corpus, examples=size.examples, seed=42)
    tokens = tokenize_all([corpus.texts[i] for i in train])
    vocabulary, _ = rank_words(tokens, torch.arange(len(train)).numpy())
    words = vocabulary.cut(2)
    batches = [
        loader(
            Texts([corpus.texts[i] for i in rows], corpus.labels[rows], words),
            batch_size=128,
            workers=joblib.cpu_count(),
        )
        for rows in (train, validation)
    ]
    torch.manual_seed(seed)
    classes = len(corpus.class_names)
    net = build(settings, vocabulary_size=words.size(), classes=classes, seed=seed)
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    for _ in range(size.epochs):
        train_epoch(net, batches[0], optimizer)
        losses.append(validation_loss(net, batches[1]))
    return losses


def _overhead(dataset: str) -> Row:
    """One job on all texts: how long the study is busy, and how much of that is training."""
    definition = STUDY.format(dataset=dataset, examples=100, epochs=1, seed=0)
    definition = definition.replace("examples = 100\n", "").replace("32, 64", "256")
    definition = definition.replace("batch_size = 128", "batch_size = 512")
    definition = definition.replace("vocab_threshold = 2", "vocab_threshold = 25")
    definition = definition.replace('"gru", "lstm"', '"lstm"')
    trials, peak = _run(definition, "--study", "study.toml", "--trials", "1")
    first, last = trials[0].datetime_start, trials[-1].datetime_complete
    assert first and last
    busy = (last - first).total_seconds()
    training = sum(row["seconds"] for t in trials for row in t.user_attrs["curve"])
    return {
        "net": "lstm 256",
        "trials": len(trials),
        "s": busy,
        "in training, s": training,
        "outside": f"{1 - training / busy:.2%}",
        "trial's ms outside": 1000 * (busy - training) / len(trials),
        "peak memory, MB": peak / 1e6,
        "states": ", ".join(TrialState(t.state).name for t in trials),
    }


if __name__ == "__main__":
    app()
