"""One training epoch: this pipeline against the notebook's way, same model, same rows.

``python -m benchmarks.epoch --dataset agnews``: seconds (median), what they are relative to the
notebook's, tokens a second, padding, share of the machine's measured rate of matrix products in
the same precision, and share of the time that is not forward, backward and step.
"""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from typing import Annotated, NamedTuple

import joblib
import torch
import typer
from torch import Tensor, nn

from benchmarks.measure import Row, in_turns, matmul_rate, seconds, show
from benchmarks.notebook import MAX_LENGTH, Texts, loader, train_epoch
from data.batching import Batch, Encoded
from data.corpus import load_corpus
from data.preparation import prepare, split
from data.vocabulary import Vocabulary
from model.classifier import build
from model.devices import find_device
from model.memory import keep_freed_memory, parts_to_fit
from model.settings import Cell, ModelSettings, Precision, TrainSettings
from model.training import Trainer

BATCH = 512
THRESHOLD = 25
GATES: dict[Cell, int] = {"rnn": 1, "gru": 3, "lstm": 4}
WARM = 2 * BATCH  # texts: libraries are loaded, kernels compiled
PRECISIONS: dict[Precision, torch.dtype] = {"float32": torch.float32, "bf16": torch.bfloat16}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Place(NamedTuple):
    """Which texts, and where to train."""

    dataset: str
    examples: int
    gpu: int | None


class Data(NamedTuple):
    """The same rows, for both ways."""

    train: Encoded
    texts: Texts
    vocabulary: Vocabulary
    classes: int
    device: torch.device


class Timed(Trainer):
    """A trainer that knows how long its epochs took, and its steps."""

    running = 0.0
    stepping = 0.0

    def time_epoch(self, train: Encoded) -> float:
        """Train one epoch; seconds."""
        self.running += (taken := seconds(lambda: self.run_epoch(train, train.first(1))))
        return taken

    def _step(self, batch: Batch, parts: int) -> Tensor:
        start = time.perf_counter()
        loss = super()._step(batch, parts)
        self.stepping += time.perf_counter() - start
        return loss


@app.command()
def epoch(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    examples: Annotated[int, typer.Option(min=0, help="training texts; 0: all")] = 4096,
    cells: Annotated[str, typer.Option(help="of rnn, gru, lstm")] = "rnn,gru,lstm",
    hidden: Annotated[str, typer.Option(help="units of a layer")] = "64,256",
    repeats: Annotated[int, typer.Option(min=1, help="the median of these counts")] = 3,
    gpu: Annotated[int | None, typer.Option(help="index of a CUDA device")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Time epochs of both ways in turns."""
    place = Place(dataset, examples, gpu)
    data = load(place)
    rates = {str(name): matmul_rate(dtype, data.device) for name, dtype in PRECISIONS.items()}
    rows: list[Row] = []
    keep_freed_memory()  # as the search does; the notebook's way runs in a process without it
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere:
        for size in map(int, hidden.split(",")):
            for cell in cells.split(","):
                settings = ModelSettings.model_validate(
                    {"cell": cell, "hidden_dim": size, "vocab_threshold": THRESHOLD}
                )

                def notebook(settings: ModelSettings = settings) -> float:
                    return elsewhere.submit(notebook_epoch, place, settings).result()

                rows += compare(settings, data, notebook, repeats, rates)
    both = ", ".join(f"{name} {rate / 1e9:.0f} GFLOP/s" for name, rate in rates.items())
    title = f"{len(data.train):,} texts, batches of {BATCH}; matrix products: {both}"
    show(title, rows, device=data.device, as_json=as_json)


@cache
def load(place: Place) -> Data:
    """The first training texts; the vocabulary is that of all of them."""
    corpus = load_corpus(place.dataset)
    prepared = prepare(corpus, share=0.05, examples=None, seed=42)
    rows, _ = split(corpus.labels, share=0.05, seed=42)
    rows = rows[: place.examples or None]
    vocabulary = prepared.vocabulary.cut(THRESHOLD)
    device = find_device(place.gpu)
    train = Encoded.of(
        prepared.train.part(0, len(rows)).cut(vocabulary.size(), MAX_LENGTH), device
    )
    texts = Texts([corpus.texts[i] for i in rows], corpus.labels[rows], vocabulary)
    return Data(train, texts, vocabulary, len(corpus.class_names), device)


def compare(
    settings: ModelSettings,
    data: Data,
    notebook: Callable[[], float],
    repeats: int,
    rates: dict[str, float],
) -> list[Row]:
    """Rows of one configuration: the notebook's way, then ours in each precision."""
    ours = {str(name): _trainer(settings, data, name) for name in PRECISIONS}
    notebook()  # to warm up
    ways: dict[str, Callable[[], float]] = {
        name: partial(trainer.time_epoch, data.train) for name, trainer in ours.items()
    }
    taken = in_turns({"notebook": notebook, **ways}, repeats)
    steps = int(data.train.lengths.sum())
    own = _own_padding(data)
    padding = {"notebook": _padding(data.train.lengths), "float32": own, "bf16": own}
    rate = {"notebook": rates["float32"], **rates}
    flops = 3 * _forward_flops(settings, data)  # the backward pass: twice the forward
    outside: dict[str, str] = {way: f"{1 - t.stepping / t.running:.1%}" for way, t in ours.items()}
    return [
        {
            "net": f"{settings.cell} {settings.hidden_dim}",
            "way": way,
            "epoch, s": time,
            "times as fast": taken["notebook"] / time,
            "1,000 tokens/s": steps / time / 1e3,
            "padding": f"{padding[way]:.0%}",
            "of the rate": f"{flops / rate[way] / time:.0%}",
            "outside": outside.get(way, ""),
        }
        for way, time in taken.items()
    ]


def notebook_epoch(place: Place, settings: ModelSettings) -> float:
    """Seconds of an epoch of the notebook's way."""
    net, optimizer = _notebook_net(place, settings)
    batches = loader(load(place).texts, batch_size=BATCH, workers=joblib.cpu_count())
    return seconds(lambda: train_epoch(net, batches, optimizer))


@cache
def _notebook_net(
    place: Place, settings: ModelSettings
) -> tuple[nn.Module, torch.optim.Optimizer]:
    net = _net(settings, load(place))
    return net, torch.optim.Adam(net.parameters(), lr=1e-3)


def _trainer(settings: ModelSettings, data: Data, precision: Precision) -> Timed:
    training = TrainSettings(
        epochs=1000,
        batch_size=BATCH,
        precision=precision,
        ema=0.0,
        clip_norm=0.0,
        adversarial=0.0,
    )  # as the notebook trains
    trainer = Timed(_net(settings, data), training, seed=0)
    trainer.run_epoch(data.train.first(WARM), data.train.first(1))
    trainer.stepping = 0.0
    return trainer


def _net(settings: ModelSettings, data: Data) -> nn.Module:
    net = build(settings, vocabulary_size=data.vocabulary.size(), classes=data.classes, seed=0)
    return net.to(data.device)


def _padding(lengths: Tensor) -> float:
    """Share of padding in batches drawn at random."""
    mixed = lengths[torch.randperm(len(lengths), generator=torch.Generator().manual_seed(0))]
    batches = torch.split(mixed, BATCH)
    return 1 - int(lengths.sum()) / sum(int(batch.max()) * len(batch) for batch in batches)


def _own_padding(data: Data) -> float:
    order = torch.Generator().manual_seed(0)
    parts = (
        part
        for batch in data.train.shuffled(BATCH, order)
        for part in batch.split(parts_to_fit(batch.ids))
    )
    return 1 - int(data.train.lengths.sum()) / sum(part.ids.numel() for part in parts)


def _forward_flops(settings: ModelSettings, data: Data) -> float:
    """Multiplications and additions of a pass over the real steps: recurrent layer and head."""
    units = settings.hidden_dim
    recurrent = 2 * GATES[settings.cell] * units * (units + units) * int(data.train.lengths.sum())
    return recurrent + 2 * units * (units + data.classes) * len(data.train)


if __name__ == "__main__":
    app()
