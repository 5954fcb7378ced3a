"""Which change helps? ``python -m benchmarks.candidates --dataset agnews --record runs.jsonl``.

Each change to one base configuration is trained with the same seeds as the base; the differences
of their best validation losses are taken seed by seed. Runs already in the record are not
trained again.
"""

import statistics
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from benchmarks.measure import Row, show
from benchmarks.paired import Record, Run, difference, mean
from data.corpus import load_corpus
from data.preparation import prepare

BASE: dict[str, Any] = {
    "cell": "lstm",
    "hidden_dim": 128,
    "embedding_init": "corpus",
    "vocab_threshold": 2,
    "dropout": 0.3,
    "epochs": 4,
    "batch_size": 128,
    "lr": 2e-3,
    "ema": 0.99,
    "clip_norm": 5.0,
    "adversarial": 0.0,
}
ADVERSARIAL: dict[str, Any] = {"adversarial": 1.0}
WIDE: dict[str, Any] = {**ADVERSARIAL, "bidirectional": True, "embedding_dim": 256}
FALLING: dict[str, Any] = {"schedule": "linear"}
# Does a length mean the same in few dimensions and in many?
LENGTHS: dict[str, dict[str, Any]] = {
    f"adversarial {length:g}, dimensions {width}": {"adversarial": length, "embedding_dim": width}
    for width in (32, 128, 512)
    for length in (0.5, 1.0, 2.0)
}
CHANGES: dict[str, dict[str, Any]] = {
    **LENGTHS,
    "adversarial 1": ADVERSARIAL,
    "adversarial 1, falling rate": {**ADVERSARIAL, **FALLING},
    "adversarial 1, falling rate with warm-up": {**ADVERSARIAL, **FALLING, "warmup_ratio": 0.1},
    "adversarial 2": {"adversarial": 2.0},
    "adversarial 1, embedding 256": {**ADVERSARIAL, "embedding_dim": 256},
    "adversarial 1, both directions": {**ADVERSARIAL, "bidirectional": True},
    "adversarial 1, both directions, embedding 256": WIDE,
    "adversarial 1, both directions, embedding 256, falling rate": {**WIDE, **FALLING},
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
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def candidates(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    record: Annotated[Path, typer.Option(help="JSON lines, one a run; appended to")],
    seeds: Annotated[int, typer.Option(min=2)] = 3,
    examples: Annotated[int | None, typer.Option(help="training rows; default: all")] = None,
    only: Annotated[list[str] | None, typer.Option(help="these changes; default: all")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Train the base and each change with every seed, and show the differences."""
    unknown = sorted(set(only or ()) - set(CHANGES))
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r}: choose among {', '.join(CHANGES)}")
    wanted = {name: {**BASE, **CHANGES.get(name, {})} for name in ["base", *(only or CHANGES)]}
    prepared = prepare(load_corpus(dataset), share=0.05, examples=examples, seed=42)
    trained = Record(record)
    texts = dataset if examples is None else f"{dataset}, {examples} rows"
    trained.complete(texts, prepared, wanted, range(seeds))
    base = trained.of(texts, "base", range(seeds))
    rows = [_row(name, trained.of(texts, name, range(seeds)), base) for name in wanted]
    show(f"changes to {BASE}", rows, device=torch.device("cpu"), as_json=as_json)


def _row(name: str, runs: list[Run], base: list[Run]) -> Row:
    """Means, and the paired difference to the base with its standard error."""
    gains, error = difference(runs, base, "loss")
    return {
        "change": name,
        "validation loss": f"{mean(runs, 'loss'):.4f}",
        "difference": "" if name == "base" else f"{statistics.mean(gains):+.4f} ± {error:.4f}",
        "better": "" if name == "base" else f"{sum(g < 0 for g in gains)} of {len(gains)}",
        "accuracy": f"{mean(runs, 'accuracy'):.4f}",
        "best epoch": mean(runs, "epoch"),
        "s an epoch": mean(runs, "seconds"),
    }


if __name__ == "__main__":
    app()
