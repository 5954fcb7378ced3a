"""``python -m search.report``: a study as one offline HTML page."""

from typing import Annotated

import typer

import search.own_packages  # noqa: F401 - before all others
from search.console.exits import guarded
from search.storage.urls import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def report(
    *,
    study: Annotated[str | None, typer.Option(help="default: the one begun last")] = None,
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
    open_it: Annotated[bool, typer.Option("--open", help="show it in the browser")] = False,
) -> None:
    """Write studies/STUDY/report.html: what the search found, and what mattered."""

    def show() -> None:
        from search.console import showing  # --help answers without Optuna

        showing.show_report(study, storage, open_it=open_it)

    raise typer.Exit(guarded(show))


if __name__ == "__main__":
    app()
