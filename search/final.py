"""``python -m search.final``: a study's best configurations confirmed, and the model made."""

import search.own_packages  # noqa: F401 - before all others

# isort: split
from typing import Annotated

import typer

from search import options as of_data
from search.console.exits import guarded
from search.options import Gpu, Jobs, PerGpu, Ray, TakeOver, device_numbers
from search.request import FinalRequest
from search.storage.environment import command_line
from search.storage.urls import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Study = Annotated[str | None, typer.Option(help="its name; default: the one begun last")]
Configs = Annotated[int, typer.Option(min=1, help="best configurations to train again")]
Seeds = Annotated[int, typer.Option(min=1, help="trainings of each")]
Members = Annotated[
    int, typer.Option("--ensemble", min=0, help="the model is an ensemble of at most so many")
]
Refit = Annotated[bool, typer.Option("--refit", help="train the model on the validation rows too")]
Test = Annotated[str | None, typer.Option(help="file, or split, of test rows: opened once")]
Force = Annotated[bool, typer.Option("--force", help="open test rows that the search has seen")]
Verify = Annotated[bool, typer.Option("--verify", help="train the chosen net again, and compare")]


@app.command()
def final(
    *,
    study: Study = None,
    storage: of_data.Storage = DEFAULT_STORAGE,
    configs: Configs = 5,
    seeds: Seeds = 3,
    ensemble: Members = 0,
    refit: Refit = False,
    test: Test = None,
    force: Force = False,
    verify: Verify = False,
    plan: Annotated[bool, typer.Option("--plan", help="measure, say the cost, stop")] = False,
    dataset: of_data.Dataset = None,
    gpu: Gpu = None,
    per_gpu: PerGpu = None,
    jobs: Jobs = None,
    ray: Ray = None,
    take_over: TakeOver = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print nothing but errors")] = False,
) -> None:
    """Train a study's best configurations with fresh seeds, and write studies/STUDY/model."""
    if refit and ensemble:
        raise typer.BadParameter("--refit and --ensemble exclude each other")
    asked = FinalRequest(
        study=study,
        storage=storage,
        configs=configs,
        seeds=seeds,
        ensemble=ensemble,
        refit=refit,
        test=test,
        force=force,
        verify=verify,
        dataset=dataset,
        take_over=take_over,
        gpus=device_numbers(gpu),
        jobs=jobs,
        ray=ray,
        per_gpu=per_gpu,
    )

    def confirm() -> None:
        from search.console import confirming  # --help answers without Optuna

        confirming.confirm(asked, plan_only=plan, quiet=quiet)

    raise typer.Exit(guarded(confirm, again=command_line(), quiet=quiet))


if __name__ == "__main__":
    app()
