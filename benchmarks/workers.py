"""What a worker costs in memory: ``python -m benchmarks.workers --dataset PATH``.

Each worker trains one epoch; then what the system would get back if that worker ended is read:
its own pages and its share of those it has in common with others (USS and PSS of Linux).
"""

import tempfile
from pathlib import Path
from typing import Annotated

import psutil
import typer

from data.corpus import load_corpus
from data.preparation import prepare
from model.epoch import Epoch
from model.settings import ModelSettings, TrainSettings
from search.workers.processes import Processes
from search.workers.snapshots import SnapshotFolder
from search.workers.task import Task

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def workers(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    jobs: Annotated[int, typer.Option(min=1)] = 2,
    hidden: Annotated[int, typer.Option(help="units of the LSTM")] = 128,
) -> None:
    """Train an epoch in each of several workers and print what memory they take."""
    prepared = prepare(load_corpus(dataset), share=0.05, examples=None, seed=42)
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "texts.pt")
        prepared.save(texts)
        processes = Processes(texts, ["cpu"] * jobs, snapshots=SnapshotFolder(Path(folder)))
        for i in range(jobs):
            processes.submit(
                Task(
                    number=i,
                    net_settings=ModelSettings(hidden_dim=hidden, vocab_threshold=10),
                    train_settings=TrainSettings(epochs=2),
                    seed=1,
                    fingerprint="",
                    longest_epoch=float("inf"),
                )
            )
        waiting = set(range(jobs))
        while waiting:
            for number, event in processes.wait(None):
                if isinstance(event, Epoch):
                    waiting.discard(number)
        for worker in processes.workers:
            assert worker.process is not None
            memory = psutil.Process(worker.process.pid).memory_full_info()
            print(
                f"worker {worker.process.pid}: {memory.uss / 2**20:.0f} MiB of its own, "
                f"{memory.pss / 2**20:.0f} MiB with its share of common pages"
            )
        size = texts.stat().st_size / 2**20
        processes.close()
    print(f"{len(prepared.train):,} texts in a file of {size:.0f} MiB, LSTM {hidden}")


if __name__ == "__main__":
    app()
