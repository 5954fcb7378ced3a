"""Samplers and pruners compared without training: ``python -m benchmarks.replay compare TABLE``.

A table holds random configurations of a study's space that were trained to their last epoch, with
the validation loss of every epoch. A replayed search asks a sampler, takes the curve of the
nearest configuration in the table, and shows it to a pruner epoch by epoch. So a search of some
hundred epochs takes a second, and a hundred of each kind can be compared.

``python -m benchmarks.replay keep NAME TABLE`` writes a table from a study that was searched with
``--sampler random --pruner none``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import optuna
import torch
import typer
from joblib import Parallel, delayed
from optuna import pruners, samplers
from optuna.trial import TrialState

from benchmarks.measure import Row, show
from benchmarks.trainings import Table, importance, write
from search.api import open_study
from search.definition.space import draw
from search.storage.urls import DEFAULT_STORAGE
from search.trials.pruning import longest
from search.trials.seeds import derive

EPOCHS = 400  # of a replayed search
AFTER = 200  # epochs whose loss is shown
TRIALS = 50  # of which the winner may be pruned
NEAR = 0.005  # nats; about what seeds differ by
SLOW = 20  # searches where a proposal takes a second

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a replayed search found.

    Attributes:
        reached: after how many epochs it was near the table's best; infinite: never.
        loss: its best after ``AFTER`` epochs, in nats.
        killed: of its first ``TRIALS`` trials, the one with the lowest curve was pruned.
        trials: that were begun.
    """

    reached: float
    loss: float
    killed: bool
    trials: int


def replay(
    table: Table,
    sampler: Callable[[int], samplers.BaseSampler],
    pruner: pruners.BasePruner,
    seed: int,
) -> Found:
    """A search of ``EPOCHS`` epochs; each trial's sampler is made anew from a seed, as in ours."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    goal = table.curves.min() + NEAR
    study = optuna.create_study(study_name=f"replay {seed}", pruner=pruner)
    spent, reached, best, loss = 0, math.inf, math.inf, math.nan
    asked: list[tuple[float, bool]] = []  # the lowest of a curve, and whether it was pruned
    while spent < EPOCHS:
        study.sampler = sampler(derive(seed, len(asked), "sampler"))
        trial = study.ask()
        draw(trial, table.definition)
        curve = table.nearest(trial.params)
        ran, is_pruned = _show(curve, trial)
        spent += ran
        study.tell(
            trial,
            None if is_pruned else float(curve.min()),
            state=TrialState.PRUNED if is_pruned else TrialState.COMPLETE,
        )
        asked.append((float(curve.min()), is_pruned))
        if not is_pruned:
            best = min(best, float(curve.min()))
        if spent <= AFTER:
            loss = best
        if best <= goal:
            reached = min(reached, spent)
    winner = min(asked[:TRIALS])
    return Found(reached=reached, loss=loss, killed=winner[1], trials=len(asked))


def _show(curve: np.ndarray, trial: optuna.Trial) -> tuple[int, bool]:
    """Report ``curve`` until the pruner has seen enough: epochs, and whether it was pruned."""
    for epoch, loss in enumerate(curve.tolist(), 1):
        trial.report(loss, epoch)
        if epoch < len(curve) and trial.should_prune():
            return epoch, True
    return len(curve), False


def _median(epochs: int, share: float, trials: int) -> pruners.BasePruner:
    return pruners.MedianPruner(n_startup_trials=trials, n_warmup_steps=round(share * epochs) + 1)


def _samplers() -> dict[str, Callable[[int], samplers.BaseSampler]]:
    return {
        "TPE": lambda seed: samplers.TPESampler(seed=seed),
        "TPE, 5 start-up trials": lambda seed: samplers.TPESampler(seed=seed, n_startup_trials=5),
        "TPE, univariate": lambda seed: samplers.TPESampler(seed=seed, multivariate=False),
        "GP": lambda seed: samplers.GPSampler(seed=seed),
        "random": samplers.RandomSampler,
    }


def _pruners(epochs: int) -> dict[str, pruners.BasePruner]:
    return {
        "median 40%, 5 trials": _median(epochs, 0.4, 5),
        "median 20%, 5 trials": _median(epochs, 0.2, 5),
        "median 60%, 5 trials": _median(epochs, 0.6, 5),
        "median 40%, 3 trials": _median(epochs, 0.4, 3),
        "median 40%, 10 trials": _median(epochs, 0.4, 10),
        "Hyperband": pruners.HyperbandPruner(min_resource=1, max_resource=epochs),
        "successive halving": pruners.SuccessiveHalvingPruner(),
        "none": pruners.NopPruner(),
    }


@app.command()
def compare(
    table: Annotated[Path, typer.Argument(help="that keep wrote")],
    *,
    seeds: Annotated[int, typer.Option(min=2, help="searches of each kind")] = 100,
    jobs: Annotated[int, typer.Option(min=1)] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Replay searches with each sampler and each pruner, and show what they find."""
    known = Table.read(table)
    epochs = longest(known.definition)
    by_sampler, by_pruner = _samplers(), _pruners(epochs)
    usual, *others = by_pruner
    pairs = [(name, usual) for name in by_sampler] + [(next(iter(by_sampler)), p) for p in others]
    rows: list[Row] = []
    for sampler, pruner in pairs:
        count = min(seeds, SLOW) if sampler == "GP" else seeds
        search = delayed(partial(_replayed, table, sampler, pruner))
        found = Parallel(n_jobs=jobs)(search(seed) for seed in range(count))
        rows.append({"sampler": sampler, "pruner": pruner, **_row(found)})
    about = f"{table.stem}: {len(known.params)} trainings, best {known.curves.min():.4f}"
    show(about, rows, device=torch.device("cpu"), as_json=as_json)
    if not as_json:
        parts = ", ".join(f"{name} {share:.0%}" for name, share in importance(known).items())
        print(f"fANOVA over all of them: {parts}")


def _replayed(path: Path, sampler: str, pruner: str, seed: int) -> Found:
    """A search in a process of its own, which is told names: samplers cannot be sent there."""
    table = Table.read(path)
    return replay(table, _samplers()[sampler], _pruners(longest(table.definition))[pruner], seed)


def _row(found: list[Found]) -> dict[str, str | int]:
    reached = np.array([each.reached for each in found])
    losses = np.array([each.loss for each in found])
    killed = float(np.mean([each.killed for each in found]))
    rng = np.random.default_rng(0)
    resampled = rng.choice(reached, (2000, len(reached)))
    low, high = np.percentile(np.median(resampled, 1), (2.5, 97.5), method="nearest")
    error = 1.96 * losses.std(ddof=1) / math.sqrt(len(found))
    doubt = 1.96 * math.sqrt(killed * (1 - killed) / len(found))
    return {
        "searches": len(found),
        "trials": round(float(np.mean([each.trials for each in found]))),
        "epochs to near the best": f"{_epochs(float(np.median(reached)))} "
        f"({_epochs(low)} to {_epochs(high)})",
        "in 90%": _epochs(float(np.percentile(reached, 90, method="nearest"))),
        "winner pruned": f"{killed:.0%} ± {doubt:.0%}",
        f"loss after {AFTER} epochs": f"{losses.mean():.4f} ± {error:.4f}",
    }


def _epochs(count: float) -> str:
    return f"{count:.0f}" if math.isfinite(count) else f"> {EPOCHS}"


@app.command()
def keep(
    study: Annotated[str, typer.Argument(help="its name")],
    table: Annotated[Path, typer.Argument(help="JSON lines, a training each")],
    storage: Annotated[str, typer.Option(help="a database URL, or an SQLite file")] = (
        DEFAULT_STORAGE
    ),
) -> None:
    """Write the table of a study whose trials ran to their last epoch."""
    write(open_study(study, storage).record, table)


if __name__ == "__main__":
    app()
