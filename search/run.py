"""``python -m search.run``: search, or go on with a search."""

from typing import Annotated

import typer

from model.settings import Precision
from search.definition import Pruner, Sampler
from search.storage import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def run(
    *,
    trials: Annotated[int, typer.Option(min=1, help="total of finished trials")] = 50,
    study: Annotated[str | None, typer.Option(help="a name under studies/, or a file")] = None,
    dataset: Annotated[str | None, typer.Option(help="Hub name, folder, file, or demo")] = None,
    gpu: Annotated[int | None, typer.Option(min=0, help="CUDA device; default: the CPU")] = None,
    name: Annotated[str | None, typer.Option(help="the study's name in the storage")] = None,
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
    epochs: Annotated[int | None, typer.Option(min=1, help="epochs of a trial")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="of split, sampler, training")] = None,
    timeout: Annotated[
        float | None, typer.Option(min=0, help="seconds; no new trial then")
    ] = None,
    sampler: Annotated[Sampler | None, typer.Option(help="default: the study's, or tpe")] = None,
    pruner: Annotated[Pruner | None, typer.Option(help="default: the study's, or median")] = None,
    examples: Annotated[int | None, typer.Option(min=2, help="use N training rows")] = None,
    precision: Annotated[Precision | None, typer.Option(help="default: auto")] = None,
    text_column: Annotated[str | None, typer.Option(help="A+B joins columns")] = None,
    label_column: Annotated[str | None, typer.Option(help="the column of the classes")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print nothing but errors")] = False,
) -> None:
    """Search for the best recurrent classifier; the same command goes on where it stopped."""
    from search.session import Request
    from search.terminal import search

    definition = {
        "epochs": epochs, "seed": seed, "sampler": sampler, "pruner": pruner,
        "examples": examples, "precision": precision, "text": text_column, "label": label_column,
    }  # fmt: skip
    request = Request(study, dataset, name, storage, gpu, definition)
    raise typer.Exit(search(request, trials=trials, timeout=timeout, quiet=quiet))


if __name__ == "__main__":
    app()
