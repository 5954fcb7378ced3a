"""The same search on local processes and on a Ray cluster: ``python -m benchmarks.places``.

The cluster has three nodes on this machine. Trials are drawn at random and none is pruned, so that
both ways train the same ones. What a trial costs beside its training is the slope of two searches
of trainings as short as they can be; needs the extra ``[ray]``.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from ray.cluster_utils import Cluster

from benchmarks.measure import Row, show
from search.storage.reading import load_study
from search.storage.record import StudyRecord

ROOT = Path(__file__).parent.parent
SEARCH = '[search]\nsampler = "random"\npruner = "none"\n'
SHORT, FEW, MANY = ("--epochs", "1", "--examples", "200"), 4, 24
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def places(
    *,
    trials: Annotated[int, typer.Option(min=1, help="real ones")] = 16,
    jobs: Annotated[int, typer.Option(min=1, help="trainings at once")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Run both ways and compare what they took and what came out."""
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    ways = {
        "local processes": ("--jobs", str(jobs)),
        "Ray, three nodes": ("--jobs", str(jobs), "--ray", cluster.address),
    }
    try:
        rows = [_measured(name, options, trials, jobs) for name, options in ways.items()]
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]
    title = f"{trials} trials of the demo's space, {jobs} at once"
    show(title, rows, device=torch.device("cpu"), as_json=as_json)


def _measured(name: str, options: Sequence[str], trials: int, jobs: int) -> Row:
    with tempfile.TemporaryDirectory(dir=".", prefix=".places-") as folder:
        taken, record = _search(Path(folder), options, trials)
    trained = sum(trial.stored.seconds or 0 for trial in record.finished)
    short = []
    for count in (FEW, MANY):
        with tempfile.TemporaryDirectory(dir=".", prefix=".places-") as folder:
            wall, made = _search(Path(folder), (*options, *SHORT), count)
        short.append((wall, sum(trial.stored.seconds or 0 for trial in made.finished)))
    (first, within), (second, within_more) = short
    beside = (second - first) * jobs - (within_more - within)
    assert record.best is not None
    return {
        "on": name,
        "s": taken,
        "of which training, s": trained / jobs,
        "beside it, ms a trial": 1000 * beside / (MANY - FEW),
        "best": record.best.number,
        "its loss": f"{record.best.value:.6f}",
        "loss of all": f"{sum(trial.value or 0 for trial in record.finished):.9f}",
    }


def _search(folder: Path, options: Sequence[str], trials: int) -> tuple[float, StudyRecord]:
    """Seconds of the command, and the study that it made."""
    demo = (ROOT / "studies" / "demo.toml").read_text("utf-8")
    (folder / "both.toml").write_text(demo.replace("[search]\n", SEARCH), "utf-8")
    command = [sys.executable, "-m", "search.run", "--study", "both.toml", "--quiet"]
    began = time.perf_counter()
    subprocess.run([*command, "--trials", str(trials), *options], check=True, cwd=folder)
    taken = time.perf_counter() - began
    _, record = load_study("both", f"sqlite:///{folder}/studies/studies.db")
    return taken, record


if __name__ == "__main__":
    app()
