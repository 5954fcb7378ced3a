"""``python -m search.ablate``: which change helped, one at a time, trained."""

import search.own_packages  # noqa: F401 - before all others

# isort: split
from typing import Annotated

import typer

from search import options as of_data
from search.console.exits import guarded
from search.options import Gpu, Jobs, PerGpu, Ray, TakeOver, device_numbers
from search.request import AblationRequest
from search.storage.environment import command_line
from search.storage.urls import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Study = Annotated[str | None, typer.Option(help="its name; default: the one begun last")]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        help='a trial\'s number, enqueue, defaults, settings such as "cell=rnn layers=1", or a '
        "TOML or JSON file of them; default: the first that the study file queues, or the "
        "defaults",
    ),
]
To = Annotated[
    str | None,
    typer.Option("--to", help="likewise; default: the confirmed configuration, or the best"),
]
Seeds = Annotated[int, typer.Option(min=2, help="trainings of each configuration")]
Order = Annotated[
    str | None,
    typer.Option(help="of the changes, as in cell,lr; default: what helps most comes next"),
]


@app.command()
def ablate(
    *,
    study: Study = None,
    storage: of_data.Storage = DEFAULT_STORAGE,
    start: From = None,
    goal: To = None,
    seeds: Seeds = 3,
    order: Order = None,
    plan: Annotated[bool, typer.Option("--plan", help="measure, say the cost, stop")] = False,
    markdown: Annotated[bool, typer.Option(help="print the result as Markdown")] = False,
    dataset: of_data.Dataset = None,
    gpu: Gpu = None,
    per_gpu: PerGpu = None,
    jobs: Jobs = None,
    ray: Ray = None,
    take_over: TakeOver = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print nothing but errors")] = False,
) -> None:
    """Train the way from one configuration to another, one change at a time."""
    asked = AblationRequest(
        study=study,
        storage=storage,
        start=start,
        goal=goal,
        seeds=seeds,
        order=tuple(name.strip() for name in order.split(",")) if order else (),
        dataset=dataset,
        take_over=take_over,
        gpus=device_numbers(gpu),
        jobs=jobs,
        ray=ray,
        per_gpu=per_gpu,
    )

    def run() -> None:
        from search.console import ablating  # --help answers without Optuna

        ablating.ablate(asked, plan_only=plan, as_markdown=markdown, quiet=quiet)

    raise typer.Exit(guarded(run, again=command_line(), quiet=quiet))


if __name__ == "__main__":
    app()
