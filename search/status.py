"""``python -m search.status``: what studies there are, and how one of them stands."""

import search.own_packages  # noqa: F401 - before all others

# isort: split
from typing import Annotated

import typer

from search.console.exits import guarded
from search.storage.urls import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def status(
    *,
    study: Annotated[str | None, typer.Option(help="show its trials; default: a list")] = None,
    why: Annotated[int | None, typer.Option(min=0, help="explain how this trial ended")] = None,
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
) -> None:
    """Show the studies of a database, one study's trials, or why a trial ended as it did."""

    def show() -> None:
        from search.console import showing  # --help answers without Optuna

        if why is not None:
            showing.show_why(why, study, storage)
        elif study is None:
            showing.show_studies(storage)
        else:
            showing.show_study(study, storage)

    raise typer.Exit(guarded(show))


if __name__ == "__main__":
    app()
