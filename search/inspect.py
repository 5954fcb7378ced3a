"""``python -m search.inspect``: what is read of a data set, before anything is trained."""

import search.own_packages  # noqa: F401 - before all others

# isort: split
from typing import Annotated

import typer

from model.settings import Tokens
from search import options as of_data
from search.console.exits import guarded
from search.options import data_options

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def inspect(
    *,
    dataset: of_data.Dataset = None,
    study: Annotated[str | None, typer.Option(help="read as this study would")] = None,
    tokens: Annotated[Tokens | None, typer.Option(help="default: words, or auto")] = None,
    text_column: of_data.TextColumn = None,
    label_column: of_data.LabelColumn = None,
    header: of_data.Header = None,
    encoding: of_data.Encoding = None,
    separator: of_data.Separator = None,
    labels: of_data.Labels = None,
    skip_unlabelled: of_data.Skip = None,
    drop_small_classes: of_data.Drop = None,
    validation: of_data.Validation = None,
    split_column: of_data.SplitColumn = None,
    group_column: of_data.GroupColumn = None,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Show rows, classes, words, lengths, repeats and three texts of each class."""
    options = {"tokens": tokens, **data_options(dict(locals()))}

    def show() -> None:
        from search.console import inspecting  # --help answers without torch

        inspecting.show(study, dataset, options, as_json=as_json)

    raise typer.Exit(guarded(show))


if __name__ == "__main__":
    app()
