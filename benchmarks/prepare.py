"""What comes before the first batch: ``python -m benchmarks.prepare --dataset agnews``.

The whole command is started, with an empty cache and with its own, and stopped at its first
batch; the tokens are made anew and by ``datasets.map``; a vocabulary is cut at a new threshold.
"""

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated

import torch
import typer

from benchmarks.measure import Row, in_turns, seconds, show
from data.corpus import load_corpus
from data.preparation import prepare as prepare_texts
from data.tokens import tokenize, tokenize_all

# Says when a worker has all it needs for its first batch, and what this process had imported.
FIRST_BATCH = """
import sys, time
from search.run import app  # first, as in the command
import psutil
from search.console.progress import Progress
def first(self, *begun):
    print(time.time() - psutil.Process().create_time(), *sys.modules)
    raise SystemExit
Progress.training_begun = first
app(sys.argv[1:])
"""
IMPORTS = """
import importlib, sys, time
start = time.perf_counter()
for name in sys.stdin.read().split():
    if not name.startswith("__"):
        try: importlib.import_module(name)
        except ImportError: pass
print(time.perf_counter() - start)
"""
COMMANDS = ("run", "report", "status")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def prepare(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    repeats: Annotated[int, typer.Option(min=1, help="the median of these counts")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Time what a search does before it trains."""
    place = str(Path(dataset).resolve()) if Path(dataset).exists() else dataset
    corpus = load_corpus(place)
    prepared = prepare_texts(corpus, share=0.05, examples=None, seed=42)
    with tempfile.TemporaryDirectory() as folder:
        _first_batch(place, Path(folder, "warm"))
        taken = in_turns(
            {
                "command to its first batch, cold": lambda: _cold(place),
                "command to its first batch, warm": lambda: _first_batch(
                    place, Path(folder, "warm")
                )[0],
                "of which imports": lambda: _imports(_first_batch(place, Path(folder, "warm"))[1]),
                "tokens": lambda: seconds(lambda: tokenize_all(corpus.texts)),
                "tokens by datasets.map": lambda: _map(corpus.texts),
                "a new threshold": lambda: seconds(
                    lambda: prepared.train.cut(prepared.vocabulary.size(10), 256)
                ),
                **{f"{name} --help": partial(_help, name) for name in COMMANDS},
            },
            repeats,
        )
    rows: list[Row] = [{"what": name, "s": time} for name, time in taken.items()]
    title = f"{len(corpus.texts):,} texts, {len(prepared.vocabulary.words):,} words"
    show(title, rows, device=torch.device("cpu"), as_json=as_json)


def _cold(dataset: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return _first_batch(dataset, Path(folder))[0]


def _first_batch(dataset: str, cache: Path) -> tuple[float, list[str]]:
    """Seconds from the process' start, and the modules it had imported."""
    arguments = ["--study", "quick", "--dataset", dataset]
    with tempfile.TemporaryDirectory() as folder:
        storage = ["--storage", str(Path(folder, "studies.db"))]
        printed = _python(FIRST_BATCH, *arguments, *storage, cache=cache)
    taken, *modules = printed.splitlines()[-1].split()
    return float(taken), modules


def _imports(modules: list[str]) -> float:
    return float(_python(IMPORTS, given=" ".join(modules)))


def _map(texts: list[str]) -> float:
    import datasets

    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory() as folder:
        rows = datasets.Dataset.from_dict({"text": texts})
        file = str(Path(folder, "tokens.arrow"))
        return seconds(lambda: rows.map(_tokens, num_proc=os.cpu_count(), cache_file_name=file))


def _tokens(row: dict[str, str]) -> dict[str, list[str]]:
    return {"tokens": tokenize(row["text"])}


def _help(name: str) -> float:
    command = [sys.executable, "-m", f"search.{name}", "--help"]
    return seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))


def _python(code: str, *arguments: str, given: str = "", cache: Path | None = None) -> str:
    place = {"XDG_CACHE_HOME": str(cache)} if cache else {}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=given, env={**os.environ, "PYTHONPATH": ".", **place},
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    app()
