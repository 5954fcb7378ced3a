"""``python -m search.run``: search, or go on with a search."""

import re
from typing import Annotated

import typer

import search.own_packages  # noqa: F401 - before all others
from model.settings import Precision
from search.definition.tables import Pruner, Sampler
from search.request import Request
from search.storage.urls import DEFAULT_STORAGE

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

# Options that take several lines.
Trials = Annotated[int | None, typer.Option(min=1, help="total of finished trials; default: 50")]
Hours = Annotated[float | None, typer.Option(min=0, help="as many trials as fit that time")]
ExtendSpace = Annotated[
    bool, typer.Option("--extend-space", help="accept a \\[space] that became wider")
]
Timeout = Annotated[float | None, typer.Option(min=0, help="seconds; no new trial then")]
TrialTimeout = Annotated[
    float | None, typer.Option(min=0, help="seconds; a trial ends then with its best so far")
]
MaxFailures = Annotated[int | None, typer.Option(min=1, help="stop after so many failed trials")]
TakeOver = Annotated[
    bool, typer.Option("--take-over", help="go on with running trials of other hosts")
]

Enqueue = Annotated[
    list[str] | None, typer.Option(help="try this next: 'cell=gru hidden_dim=64'; repeatable")
]
Objective = Annotated[
    str | None, typer.Option(help="loss, accuracy, macro_f1 or f1:CLASS; default: the study's")
]
RebuildBest = Annotated[
    bool, typer.Option("--rebuild-best", help="only train the best trial's lost classifier again")
]


@app.command()
def run(
    *,
    trials: Trials = None,
    hours: Hours = None,
    plan: Annotated[bool, typer.Option("--plan", help="measure, say the cost, stop")] = False,
    extend_space: ExtendSpace = False,
    study: Annotated[str | None, typer.Option(help="a name under studies/, or a file")] = None,
    dataset: Annotated[str | None, typer.Option(help="Hub name, folder, file, or demo")] = None,
    gpu: Annotated[str | None, typer.Option(help="CUDA devices: 0, or 0,1; default: CPU")] = None,
    per_gpu: Annotated[int | None, typer.Option(min=1, help="trials at once on each GPU")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="trials at once")] = None,
    name: Annotated[str | None, typer.Option(help="the study's name in the storage")] = None,
    storage: Annotated[str, typer.Option(help="database URL")] = DEFAULT_STORAGE,
    epochs: Annotated[int | None, typer.Option(min=1, help="epochs of a trial")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="of split, sampler, training")] = None,
    timeout: Timeout = None,
    trial_timeout: TrialTimeout = None,
    max_failures: MaxFailures = None,
    take_over: TakeOver = False,
    enqueue: Enqueue = None,
    rebuild_best: RebuildBest = False,
    sampler: Annotated[Sampler | None, typer.Option(help="default: the study's, or tpe")] = None,
    pruner: Annotated[Pruner | None, typer.Option(help="default: the study's, or median")] = None,
    objective: Objective = None,
    examples: Annotated[int | None, typer.Option(min=2, help="use N training rows")] = None,
    precision: Annotated[Precision | None, typer.Option(help="default: auto")] = None,
    text_column: Annotated[str | None, typer.Option(help="A+B joins columns")] = None,
    label_column: Annotated[str | None, typer.Option(help="the column of the classes")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print nothing but errors")] = False,
) -> None:
    """Search for the best recurrent classifier; the same command goes on where it stopped."""
    from search.console.searching import search  # --help answers without Optuna

    request = Request(
        study=study,
        dataset=dataset,
        name=name,
        storage=storage,
        trials=trials,
        hours=hours,
        timeout=timeout,
        trial_timeout=trial_timeout,
        max_failures=max_failures,
        take_over=take_over,
        extend_space=extend_space,
        enqueue=tuple(enqueue or ()),
        rebuild_best=rebuild_best,
        gpus=_gpus(gpu),
        jobs=jobs,
        per_gpu=per_gpu,
        options={
            "epochs": epochs, "seed": seed, "sampler": sampler, "pruner": pruner,
            "objective": objective,
            "examples": examples, "precision": precision, "text": text_column,
            "label": label_column,
        },
    )  # fmt: skip
    raise typer.Exit(search(request, plan_only=plan, quiet=quiet))


def _gpus(text: str | None) -> tuple[int, ...]:
    if text is None:
        return ()
    if not re.fullmatch(r"\d+(,\d+)*", text):
        raise typer.BadParameter(f"{text!r} is not a list of device numbers such as 0 or 0,1,2")
    return tuple(dict.fromkeys(int(number) for number in text.split(",")))


if __name__ == "__main__":
    app()
