"""``python -m search.export``: a classifier for where this program is not, in ONNX's format."""

import search.own_packages  # noqa: F401 - before all others

# isort: split
from pathlib import Path
from typing import Annotated

import typer

from search.console.exits import guarded
from search.storage.urls import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def export(
    *,
    model: Annotated[Path | None, typer.Option(help="folder of a classifier")] = None,
    study: Annotated[str | None, typer.Option(help="of its model, else of its best")] = None,
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
    output: Annotated[Path, typer.Option(help="folder to write; an earlier export is replaced")],
    check: Annotated[
        Path | None, typer.Option(help="file with a text a line, to compare net and file with")
    ] = None,
) -> None:
    """Write model.onnx, tokenizer.json, labels.json and classify.py, which needs no torch."""

    def show() -> None:
        from search.console import exporting  # --help answers without PyTorch

        exporting.export_classifier(output, check, model=model, study=study, storage=storage)

    raise typer.Exit(guarded(show))


if __name__ == "__main__":
    app()
