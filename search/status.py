"""``python -m search.status``: what studies there are, and how one of them stands."""

import sys
from typing import Annotated

import typer

from search.storage import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def status(
    *,
    study: Annotated[str | None, typer.Option(help="show its trials; default: a list")] = None,
    why: Annotated[int | None, typer.Option(min=0, help="explain how this trial ended")] = None,
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
) -> None:
    """Show the studies of a database, one study's trials, or why a trial ended as it did."""
    import optuna
    from rich.console import Console

    from search.definition import PlaceError, StudyError
    from search.overview import studies_table, trial_line
    from search.storage import load_studies, load_study
    from search.summary import standing_lines
    from search.why import why as explain

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    console = Console(highlight=False, soft_wrap=True)
    try:
        if why is not None:
            console.print(explain(load_study(study, storage), why), markup=False)
        elif study is None:
            console.print(studies_table(load_studies(storage)))
        else:
            opened = load_study(study, storage)
            for trial in opened.get_trials(deepcopy=False):
                console.print(trial_line(trial, ours="definition" in opened.user_attrs))
            console.print(*standing_lines(opened), sep="\n", markup=False)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(2) from None
    except PlaceError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    app()
