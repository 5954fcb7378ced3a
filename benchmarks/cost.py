"""What reading both ways and adversarial training cost: ``python -m benchmarks.cost``.

Epochs of the same texts, in turns; each cost is a ratio to the plain net of one direction.
"""

from functools import partial
from typing import Annotated, Any

import torch
import typer

from benchmarks.measure import Row, in_turns, seconds, show
from data.corpus import load_corpus
from data.preparation import Prepared, prepare
from model.assembly import Assembly, assemble
from model.devices import find_device, resolve_precision
from model.memory import keep_freed_memory
from model.settings import settings_of

WAYS: dict[str, dict[str, Any]] = {
    "one direction": {"adversarial": 0.0},
    "both directions": {"bidirectional": True, "adversarial": 0.0},
    "adversarial": {"adversarial": 1.0},
    "adversarial, both directions": {"bidirectional": True, "adversarial": 1.0},
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def cost(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    examples: Annotated[int, typer.Option(min=1, help="training texts")] = 4096,
    cell: Annotated[str, typer.Option(help="rnn, gru or lstm")] = "lstm",
    hidden: Annotated[int, typer.Option(min=1, help="units of a layer and direction")] = 128,
    embedding: Annotated[int, typer.Option(min=1, help="dimensions of a word")] = 128,
    repeats: Annotated[int, typer.Option(min=1, help="the median of these counts")] = 3,
    gpu: Annotated[int | None, typer.Option(help="index of a CUDA device")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Time an epoch of each way, in turns."""
    device = find_device(gpu)
    prepared = prepare(load_corpus(dataset), share=0.05, examples=examples, seed=42)
    keep_freed_memory()
    base: dict[str, Any] = {"cell": cell, "hidden_dim": hidden, "embedding_dim": embedding}
    base["embedding_init"] = "random"
    made = {name: _make(prepared, {**base, **changes}, device) for name, changes in WAYS.items()}
    ways = {name: partial(_seconds, assembly) for name, assembly in made.items()}
    in_turns(ways, 1)  # the first epoch of a net makes its kernels
    taken = in_turns(ways, repeats)
    rows: list[Row] = [
        {"way": name, "epoch, s": time, "times one direction": time / taken["one direction"]}
        for name, time in taken.items()
    ]
    precision = resolve_precision("auto", device)
    title = f"{cell} {hidden}, embedding {embedding}, {examples:,} texts, {precision}"
    show(title, rows, device=device, as_json=as_json)


def _make(prepared: Prepared, values: dict[str, Any], device: torch.device) -> Assembly:
    net_settings, train_settings = settings_of({"epochs": 1000, **values})
    return assemble(prepared, net_settings, train_settings, seed=0, device=device)


def _seconds(assembly: Assembly) -> float:
    """Of an epoch of training; one text validates."""
    trainer, train = assembly.trainer, assembly.train
    return seconds(lambda: trainer.run_epoch(train, train.first(1)))


if __name__ == "__main__":
    app()
