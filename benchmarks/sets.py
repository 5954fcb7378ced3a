"""Nets on other texts than news: ``python -m benchmarks.sets --folder F --record runs.jsonl``.

Each configuration is trained on every set of the folder with the same seeds, on the rows that a
search would train on, and scored on the rows that a search would choose by. Beside them stands a
linear classifier on TF-IDF. Runs already in the record are not trained again.
"""

from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from benchmarks.measure import Row, show
from benchmarks.paired import Record, Values, mean
from data.corpus import load_corpus
from data.kinds import resolve_kind
from data.preparation import Prepared, Treatment, prepare
from model.baseline import linear_baseline

PLAIN: dict[str, Any] = {
    "cell": "lstm",
    "hidden_dim": 64,
    "embedding_dim": 128,
    "dropout": 0.4,
    "vocab_threshold": 2,
    "epochs": 12,
    "batch_size": 32,
    "lr": 3e-3,
    "schedule": "linear",
    "warmup_ratio": 0.1,
    "patience": 4,
    "adversarial": 0.0,
}
CHANGES: dict[str, dict[str, Any]] = {
    "plain": {},
    "adversarial": {"adversarial": 1.0},
    "adversarial, both directions": {"adversarial": 1.0, "bidirectional": True},
    "adversarial, constant rate": {"adversarial": 1.0, "schedule": "none", "warmup_ratio": 0.0},
    "adversarial, falling without warm-up": {"adversarial": 1.0, "warmup_ratio": 0.0},
    "adversarial, class weights sqrt": {"adversarial": 1.0, "class_weights": "sqrt"},
    "adversarial, class weights balanced": {"adversarial": 1.0, "class_weights": "balanced"},
}
SPLIT_SEED = 42
SHARE = 0.05

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def sets(
    *,
    folder: Annotated[Path, typer.Option(help="one file a set")],
    record: Annotated[Path, typer.Option(help="JSON lines, one a run; appended to")],
    seeds: Annotated[int, typer.Option(min=2)] = 3,
    only: Annotated[list[str] | None, typer.Option(help="these sets; default: all")] = None,
    change: Annotated[list[str] | None, typer.Option(help="these; default: all")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Train every configuration on every set with every seed, and show the means."""
    trained = Record(record)
    paths = sorted(p for p in folder.iterdir() if p.suffix in (".csv", ".tsv", ".jsonl"))
    rows: list[Row] = []
    for path in paths:
        if only and path.stem not in only:
            continue
        prepared, values = _ready(path)
        wanted = {name: {**values, **CHANGES[name]} for name in change or CHANGES}
        trained.complete(path.stem, prepared, wanted, range(seeds))
        rows.append(_row(path.stem, "linear SVM", "", *linear_baseline(prepared)[:2]))
        for name in wanted:
            runs = trained.of(path.stem, name, range(seeds))
            scores = (mean(runs, key) for key in ("accuracy", "macro_f1"))
            rows.append(_row(path.stem, name, f"{mean(runs, 'loss'):.3f}", *scores))
    show(f"{PLAIN}, {seeds} seeds", rows, device=torch.device("cpu"), as_json=as_json)


def _ready(path: Path) -> tuple[Prepared, Values]:
    """The texts of ``path`` as a search would have them, and the plain configuration for them."""
    corpus = load_corpus(str(path))
    kind = resolve_kind("auto", corpus.texts)
    treatment = Treatment(kinds=(kind,), repeats="together")
    prepared = prepare(corpus, share=SHARE, examples=None, seed=SPLIT_SEED, treatment=treatment)
    return prepared, {**PLAIN, "tokens": kind}


def _row(texts: str, model: str, loss: str, accuracy: float, macro_f1: float) -> Row:
    scores = {"accuracy": f"{accuracy:.3f}", "macro-F1": f"{macro_f1:.3f}"}
    return {"set": texts, "model": model, "validation loss": loss, **scores}


if __name__ == "__main__":
    app()
