"""``python -m search.run``: search, or go on with a search."""

import search.own_packages  # noqa: F401 - before all others

# isort: split
from functools import partial
from typing import Annotated

import typer

from model.settings import Precision, Tokens
from search import options as of_data
from search.console.exits import guarded
from search.definition.checks import SETTINGS
from search.definition.tables import Pruner, Sampler
from search.options import Gpu, Jobs, PerGpu, Ray, TakeOver, data_options, device_numbers
from search.request import Request
from search.storage.environment import command_line
from search.storage.urls import DEFAULT_STORAGE
from search.workers.server import process_context

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
DEFINITION = (
    "epochs", "seed", "sampler", "pruner", "objective", "examples", "precision", "tokens",
)  # fmt: skip
OTHERS = ("plan", "quiet", "gpu", "enqueue")  # options that need a closer look, or go elsewhere
SETTING_NAMES = f"Settings of a study file: {', '.join(SETTINGS)}. README has them in a table."

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
Enqueue = Annotated[
    list[str] | None, typer.Option(help="try this next: 'cell=gru hidden_dim=64'; repeatable")
]
Ordered = Annotated[
    bool, typer.Option("--ordered", help="with several at once: propose what one at a time would")
]
Objective = Annotated[
    str | None, typer.Option(help="loss, accuracy, macro_f1 or f1:CLASS; default: the study's")
]
RebuildBest = Annotated[
    bool, typer.Option("--rebuild-best", help="only train the best trial's lost classifier again")
]
AuditPruning = Annotated[
    int, typer.Option(min=0, help="then finish so many pruned trials, drawn at random")
]


@app.command(epilog=SETTING_NAMES)
def run(
    *,
    trials: Trials = None,
    hours: Hours = None,
    plan: Annotated[bool, typer.Option("--plan", help="measure, say the cost, stop")] = False,
    extend_space: ExtendSpace = False,
    study: Annotated[str | None, typer.Option(help="a name under studies/, or a file")] = None,
    dataset: of_data.Dataset = None,
    gpu: Gpu = None,
    per_gpu: PerGpu = None,
    jobs: Jobs = None,
    ray: Ray = None,
    name: Annotated[str | None, typer.Option(help="the study's name in the storage")] = None,
    storage: of_data.Storage = DEFAULT_STORAGE,
    epochs: Annotated[int | None, typer.Option(min=1, help="epochs of a trial")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="of split, sampler, training")] = None,
    timeout: Timeout = None,
    trial_timeout: TrialTimeout = None,
    max_failures: MaxFailures = None,
    take_over: TakeOver = False,
    ordered: Ordered = False,
    enqueue: Enqueue = None,
    rebuild_best: RebuildBest = False,
    audit_pruning: AuditPruning = 0,
    sampler: Annotated[Sampler | None, typer.Option(help="default: the study's, or tpe")] = None,
    pruner: Annotated[Pruner | None, typer.Option(help="default: the study's, or median")] = None,
    objective: Objective = None,
    examples: Annotated[int | None, typer.Option(min=2, help="use N training rows")] = None,
    precision: Annotated[Precision | None, typer.Option(help="default: auto")] = None,
    tokens: Annotated[Tokens | None, typer.Option(help="default: words, or auto")] = None,
    text_column: of_data.TextColumn = None,
    label_column: of_data.LabelColumn = None,
    header: of_data.Header = None,
    encoding: of_data.Encoding = None,
    separator: of_data.Separator = None,
    labels: of_data.Labels = None,
    skip_unlabelled: of_data.Skip = None,
    drop_small_classes: of_data.Drop = None,
    validation: of_data.Validation = None,
    split_column: of_data.SplitColumn = None,
    group_column: of_data.GroupColumn = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print nothing but errors")] = False,
) -> None:
    """Search for the best recurrent classifier; the same command goes on where it stopped."""
    request = _request(dict(locals()))
    work = partial(_search, request, plan_only=plan, quiet=quiet)
    raise typer.Exit(guarded(work, again=command_line(), quiet=quiet))


def _search(request: Request, *, plan_only: bool, quiet: bool) -> None:
    if request.has_processes:
        process_context()  # it imports what trainings need while this one imports the rest
    from search.console import searching  # --help answers without Optuna

    searching.search(request, plan_only=plan_only, quiet=quiet)


def _request(given: dict[str, object]) -> Request:
    """The options of ``run`` as a request; their names are its fields'."""
    options = {name: given.pop(name) for name in DEFINITION} | data_options(given)
    rest = {name: value for name, value in given.items() if name not in (*of_data.DATA, *OTHERS)}
    enqueue = given["enqueue"]
    return Request(
        **rest,  # type: ignore[arg-type]
        gpus=device_numbers(given["gpu"]),
        enqueue=tuple(enqueue) if isinstance(enqueue, list) else (),
        options=options,
    )


if __name__ == "__main__":
    app()
