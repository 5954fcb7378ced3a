"""All commands in one: ``recurrent-search run``, also as ``python -m search run``."""

import search.own_packages  # noqa: F401 - before all others

# isort: split
import typer

from search.ablate import ablate
from search.export import export
from search.final import final
from search.inspect import inspect
from search.predict import predict
from search.report import report
from search.run import run
from search.status import status

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
for command in (inspect, run, status, report, final, ablate, predict, export):
    app.command()(command)


if __name__ == "__main__":
    app()
