"""``python -m search.report``: a study as one offline HTML page."""

import sys
import webbrowser
from typing import Annotated

import typer

from search.exits import exits
from search.storage import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def report(
    *,
    study: Annotated[str | None, typer.Option(help="default: the one begun last")] = None,
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
    open_it: Annotated[bool, typer.Option("--open", help="show it in the browser")] = False,
) -> None:
    """Write studies/STUDY/report.html: what the search found, and what mattered."""
    import optuna

    from search.choice import FOLDER, check_name
    from search.storage import load_study

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    with exits():
        opened = load_study(study, storage)
        folder = FOLDER / check_name(opened.study_name)
    from search.page import write_report

    path = write_report(opened, folder / "report.html")
    print(path)
    if open_it and not webbrowser.open(path.resolve().as_uri()):
        print("no browser could be started: open the file above in one", file=sys.stderr)


if __name__ == "__main__":
    app()
