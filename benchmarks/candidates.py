"""Which change helps? ``python -m benchmarks.candidates --dataset agnews --record runs.jsonl``.

Each change to one base configuration is trained with the same seeds as the base; the differences
of their best validation losses are taken seed by seed. Runs already in the record are not
trained again.
"""

import json
import math
import statistics
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from rich.console import Console

from benchmarks.measure import Row, show
from data.corpus import load_corpus
from data.preparation import Prepared, prepare
from model.assembly import assemble
from model.memory import keep_freed_memory
from model.settings import ModelSettings, TrainSettings
from model.training import fit

BASE: dict[str, Any] = {
    "cell": "lstm",
    "hidden_dim": 128,
    "embedding_init": "corpus",
    "vocab_threshold": 2,
    "dropout": 0.3,
    "epochs": 3,
    "batch_size": 128,
    "lr": 2e-3,
    "ema": 0.99,
    "clip_norm": 5.0,
}
CHANGES: dict[str, dict[str, Any]] = {
    "random start": {"embedding_init": "random"},
    "no averaged weights": {"ema": 0.0},
    "plateau": {"schedule": "plateau"},
    "batch 64": {"batch_size": 64},
    "batch 256": {"batch_size": 256},
    "batch 512": {"batch_size": 512},
    "max+mean pooling": {"pooling": "max+mean"},
    "weight decay 0.1": {"optimizer": "adamw", "weight_decay": 0.1},
    "embedding 256": {"embedding_dim": 256},
    "threshold 25": {"vocab_threshold": 25},
    "no clipping": {"clip_norm": 0.0},
    "bidirectional": {"bidirectional": True},
    "bidirectional, embedding 256": {"bidirectional": True, "embedding_dim": 256},
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def candidates(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    record: Annotated[Path, typer.Option(help="JSON lines, one a run; appended to")],
    seeds: Annotated[int, typer.Option(min=2)] = 3,
    only: Annotated[list[str] | None, typer.Option(help="these changes; default: all")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Train the base and each change with every seed, and show the differences."""
    unknown = sorted(set(only or ()) - set(CHANGES))
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r}: choose among {', '.join(CHANGES)}")
    wanted = ["base", *(only or CHANGES)]
    done = _read(record)
    missing = [(n, s) for s in range(seeds) for n in wanted if (n, s) not in done]
    progress = Console(stderr=True)
    prepared = prepare(load_corpus(dataset), share=0.05, examples=None, seed=42)
    keep_freed_memory()
    for name, seed in missing:
        run = done[name, seed] = _train(prepared, name, seed)
        with record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(run) + "\n")
        progress.print(f"{len(done)}: {run}", highlight=False)
    rows = [_row(name, [done[name, s] for s in range(seeds)], done) for name in wanted]
    show(f"changes to {BASE}", rows, device=torch.device("cpu"), as_json=as_json)


def _read(record: Path) -> dict[tuple[str, int], dict[str, Any]]:
    lines = record.read_text("utf-8").splitlines() if record.exists() else []
    runs = [json.loads(line) for line in lines]
    return {(run["name"], run["seed"]): run for run in runs}


def _train(prepared: Prepared, name: str, seed: int) -> dict[str, Any]:
    values = {**BASE, **CHANGES.get(name, {})}
    net_settings = ModelSettings(
        **{k: v for k, v in values.items() if k in ModelSettings.model_fields}
    )
    train_settings = TrainSettings(
        **{k: v for k, v in values.items() if k in TrainSettings.model_fields}
    )
    made = assemble(prepared, net_settings, train_settings, seed=seed)
    epochs = list(fit(made.trainer, made.train, made.validation))
    best = min(epochs, key=lambda e: e.validation_loss)
    return {
        "name": name,
        "seed": seed,
        "loss": best.validation_loss,
        "accuracy": best.accuracy,
        "epoch": best.number,
        "seconds": sum(e.seconds for e in epochs) / len(epochs),
    }


def _row(
    name: str, runs: list[dict[str, Any]], done: dict[tuple[str, int], dict[str, Any]]
) -> Row:
    """Means, and the paired difference to the base with its standard error."""
    gains = [run["loss"] - done["base", run["seed"]]["loss"] for run in runs]
    error = statistics.stdev(gains) / math.sqrt(len(gains))
    return {
        "change": name,
        "validation loss": f"{statistics.mean(run['loss'] for run in runs):.4f}",
        "difference": "" if name == "base" else f"{statistics.mean(gains):+.4f} ± {error:.4f}",
        "better": "" if name == "base" else f"{sum(g < 0 for g in gains)} of {len(gains)}",
        "accuracy": f"{statistics.mean(run['accuracy'] for run in runs):.4f}",
        "best epoch": statistics.mean(run["epoch"] for run in runs),
        "s an epoch": statistics.mean(run["seconds"] for run in runs),
    }


if __name__ == "__main__":
    app()
