"""``python -m search.report``: what a study found, as a page, text, data or images."""

from pathlib import Path

import search.own_packages  # noqa: F401 - before all others

# isort: split
from typing import Annotated

import typer

from search.console.exits import guarded
from search.storage.urls import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Compare = Annotated[
    str | None, typer.Option(help="another study of the same texts, compared by rows")
]
Output = Annotated[
    Path | None, typer.Option(help="the page's file; default: studies/STUDY/report.html")
]
Markdown = Annotated[bool, typer.Option("--markdown", help="print text for a pull request")]
Json = Annotated[bool, typer.Option("--json", help="print all findings as data")]
Png = Annotated[Path | None, typer.Option(help="folder to write each figure to as an image")]


@app.command()
def report(
    *,
    study: Annotated[str | None, typer.Option(help="default: the one begun last")] = None,
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
    compare: Compare = None,
    output: Output = None,
    open_it: Annotated[bool, typer.Option("--open", help="show it in the browser")] = False,
    markdown: Markdown = False,
    as_json: Json = False,
    png: Png = None,
) -> None:
    """Write studies/STUDY/report.html: what the search found, and what mattered."""
    given = dict(locals())

    def show() -> None:
        from search.console import reporting  # --help answers without Optuna

        reporting.report(reporting.Asked(**given))

    # What is printed for another program holds nothing else, also where it is interrupted.
    raise typer.Exit(guarded(show, quiet=markdown or as_json))


if __name__ == "__main__":
    app()
