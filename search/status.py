"""``python -m search.status``: what studies there are, and how one of them stands."""

from typing import Annotated

import typer

from search.exits import exits
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

    from search.overview import studies_table, trial_line
    from search.storage import load_studies, load_study
    from search.summary import standing_lines
    from search.why import why as explain

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    console = Console(highlight=False, soft_wrap=True)
    with exits():
        if why is not None:
            console.print(explain(load_study(study, storage), why), markup=False)
        elif study is None:
            console.print(studies_table(load_studies(storage)))
        else:
            opened = load_study(study, storage)
            for trial in opened.get_trials(deepcopy=False):
                console.print(trial_line(trial, ours="definition" in opened.user_attrs))
            console.print(*standing_lines(opened), sep="\n", markup=False)


if __name__ == "__main__":
    app()
