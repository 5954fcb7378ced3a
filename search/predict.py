"""``python -m search.predict``: classify texts with a trained classifier."""

import search.own_packages  # noqa: F401 - before all others

# isort: split
from pathlib import Path
from typing import Annotated

import typer

from data.reading import Reading
from search import options as of_data
from search.console.exits import guarded
from search.prediction.request import Request
from search.storage.urls import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Texts = Annotated[list[str] | None, typer.Argument(help="default: standard input, a text a line")]
File = Annotated[
    Path | None,
    typer.Option("--input", help="CSV, TSV, JSON lines, Parquet, or a text a line (.txt)"),
]
Output = Annotated[
    Path | None, typer.Option(help=".csv, .tsv, .jsonl, .parquet; default: standard output")
]
Model = Annotated[Path | None, typer.Option(help="folder of the classifier")]
Study = Annotated[str | None, typer.Option(help="its confirmed model, else its best trial's")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="of an output that is there")]
Json = Annotated[bool, typer.Option("--json", help="print JSON lines")]


@app.command()
def predict(
    texts: Texts = None,
    *,
    model: Model = None,
    study: Study = None,
    file: File = None,
    output: Output = None,
    overwrite: Overwrite = False,
    text_column: of_data.TextColumn = None,
    header: of_data.Header = None,
    encoding: of_data.Encoding = None,
    separator: of_data.Separator = None,
    storage: of_data.Storage = DEFAULT_STORAGE,
    as_json: Json = False,
) -> None:
    """Classify texts: the arguments', a file's or, a text a line, standard input's."""
    request = Request(
        texts=tuple(texts or ()),
        file=file,
        output=output,
        overwrite=overwrite,
        model=model,
        study=study,
        storage=storage,
        reading=Reading(text=text_column, header=header, encoding=encoding, separator=separator),
        as_json=as_json,
    )

    def show() -> int:
        from search.console import predicting  # --help answers without torch

        return predicting.predict(request)

    raise typer.Exit(guarded(show, quiet=True))


if __name__ == "__main__":
    app()
