"""Is bf16 as good as float32? ``python -m benchmarks.precision --dataset agnews``.

The same configuration is trained with the same seeds in both precisions; the validation losses
and accuracies stand side by side.
"""

from typing import Annotated

import typer

from benchmarks.measure import Row, show
from data.corpus import load_corpus
from data.preparation import prepare
from model.assembly import assemble
from model.devices import find_device
from model.memory import keep_freed_memory
from model.settings import ModelSettings, Precision, TrainSettings
from model.training import fit

THRESHOLD = 25
PRECISIONS: tuple[Precision, ...] = ("float32", "bf16")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def precision(
    *,
    dataset: Annotated[str, typer.Option(help="file, folder, Hub name, or demo")] = "demo",
    hidden: Annotated[int, typer.Option(help="units of the LSTM")] = 64,
    epochs: Annotated[int, typer.Option(min=1)] = 3,
    seeds: Annotated[int, typer.Option(min=1)] = 3,
    gpu: Annotated[int | None, typer.Option(help="index of a CUDA device")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Train each seed in both precisions."""
    keep_freed_memory()
    device = find_device(gpu)
    prepared = prepare(load_corpus(dataset), share=0.05, examples=None, seed=42)
    net_settings = ModelSettings(hidden_dim=hidden, vocab_threshold=THRESHOLD)
    rows: list[Row] = []
    for seed in range(seeds):
        for name in PRECISIONS:
            settings = TrainSettings(epochs=epochs, precision=name, adversarial=0.0)
            made = assemble(prepared, net_settings, settings, seed=seed, device=device)
            curve = fit(made.trainer, made.train, made.validation)
            best = min(curve, key=lambda epoch: epoch.validation_loss)
            rows.append(
                {
                    "seed": seed,
                    "precision": name,
                    "validation loss": f"{best.validation_loss:.4f}",
                    "accuracy": f"{best.accuracy:.4f}",
                    "best epoch": best.number,
                    "its seconds": best.seconds,
                }
            )
    title = (
        f"LSTM {hidden}, {epochs} epochs of {len(prepared.train):,} texts, "
        f"{len(prepared.validation):,} to validate"
    )
    show(title, rows, device=device, as_json=as_json)


if __name__ == "__main__":
    app()
