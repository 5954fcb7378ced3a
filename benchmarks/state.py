"""What it costs to write a training's state after each epoch.

``python -m benchmarks.state --dataset PATH``: seconds of an epoch and of writing its state, for
several nets, one epoch each; writes are the median of five.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.table import Table

from data.corpus import load_corpus
from data.preparation import prepare
from model.assembly import assemble
from model.classifier import weight_count
from model.memory import keep_freed_memory
from model.settings import ModelSettings, TrainSettings
from model.snapshot import write_snapshot
from model.training import Trainer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def state(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    hidden: Annotated[str, typer.Option(help="hidden sizes")] = "64,256",
    threshold: Annotated[int, typer.Option(help="vocabulary threshold")] = 10,
) -> None:
    """Time epochs and the writing of their states."""
    keep_freed_memory()  # as the search does
    prepared = prepare(load_corpus(dataset), share=0.05, examples=None, seed=42)
    table = Table("LSTM hidden", "weights", "epoch, s", "state, MiB", "write, s", "share")
    for size in map(int, hidden.split(",")):
        net_settings = ModelSettings(hidden_dim=size, vocab_threshold=threshold)
        assembly = assemble(prepared, net_settings, TrainSettings(adversarial=0.0), seed=1)
        trainer = assembly.trainer
        epoch = trainer.run_epoch(assembly.train, assembly.validation).seconds
        with tempfile.TemporaryDirectory(dir=".") as folder:
            path = Path(folder, "0.pt")
            write = statistics.median(_write(path, trainer) for _ in range(5))
            megabytes = path.stat().st_size / 2**20
        weights = weight_count(assembly.net)
        table.add_row(
            str(size), f"{weights:,}", f"{epoch:.2f}", f"{megabytes:.1f}", f"{write:.3f}",
            f"{write / epoch:.2%}",
        )  # fmt: skip
    Console().print(table)
    print(f"{len(prepared.train):,} texts, {torch.get_num_threads()} threads")


def _write(path: Path, trainer: Trainer) -> float:
    start = time.perf_counter()
    write_snapshot(path, {}, trainer, [])
    return time.perf_counter() - start


if __name__ == "__main__":
    app()
