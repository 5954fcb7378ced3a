"""How often a report names what mattered: ``python -m benchmarks.importance``.

Planted studies have a known response to each parameter, realistic noise and a curve a trial;
replayed ones take their curves from a table of real trainings. Both are searched as ours are: TPE,
the median rule after 4 of 10 epochs and 10 complete trials.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import optuna
import torch
import typer
from joblib import Parallel, delayed
from optuna.distributions import BaseDistribution
from optuna.trial import TrialState

from benchmarks.measure import Row, show
from benchmarks.planted import KINDS, PLANTED, Params, Planted, decades
from benchmarks.trainings import Table
from search.findings.card import NotYet
from search.findings.evidence import Evidence
from search.findings.importance import Importance, importance_of
from search.findings.intervals import proportion
from search.findings.settled import IDLE, MATTERS
from search.storage.record import StudyRecord
from search.trials.pruning import COMPARED, WARM_UP, longest
from search.trials.seeds import derive

TABLES = Path(__file__).with_name("tables")
TRIALS, EPOCHS = 50, 10
# By size over all 300 trainings of each table; fANOVA says lr 90%, vocab_threshold 84%. The others
# are the parameters whose worst value is above the best one by more than a training's noise.
REPLAYED = {
    "quick": ("lr", "hidden_dim", "cell"),
    "demo": ("vocab_threshold", "hidden_dim", "lr", "cell"),
}

Curve = np.ndarray


def planted(surface: Planted, seed: int, trials: int = TRIALS) -> StudyRecord:
    """A study of ``surface``, searched as ours are."""
    rng = np.random.default_rng(seed)

    def ask(trial: optuna.Trial) -> tuple[Params, Curve]:
        params = trial.params
        last = surface.loss(params) + surface.noise * rng.standard_normal()
        if rng.random() < surface.diverging:
            last = 1.1 + 0.1 * rng.standard_normal()
        pace = 0.4 + 0.05 * rng.random() + surface.paced * decades(params, 1e-4)
        epochs = np.arange(1, EPOCHS + 1)
        wiggle = 0.3 * surface.noise * rng.standard_normal(EPOCHS)
        return params, last + 0.5 * (np.exp(-pace * epochs) - np.exp(-pace * EPOCHS)) + wiggle

    return _searched(ask, KINDS, seed=seed, trials=trials, epochs=EPOCHS)


def replayed(table: Table, seed: int, trials: int = TRIALS) -> StudyRecord:
    """A study whose trials are trainings in ``table``: what was asked for becomes the nearest.

    Each is taken once, and told with its own parameters: another configuration's curve, or the
    same curve again, would be evidence of what is not so.
    """
    left = np.ones(len(table.params), bool)

    def ask(trial: optuna.Trial) -> tuple[Params, Curve]:
        nearest = int(np.where(left, table.apart(trial.params), np.inf).argmin())
        left[nearest] = False
        return table.params[nearest], table.curves[nearest]

    epochs = longest(table.definition)
    return _searched(ask, table.kinds, seed=seed, trials=trials, epochs=epochs)


def _searched(
    ask: Callable[[optuna.Trial], tuple[Params, Curve]],
    kinds: dict[str, BaseDistribution],
    *,
    seed: int,
    trials: int,
    epochs: int,
) -> StudyRecord:
    """TPE's study of trials with the parameters and curves that ``ask`` gives."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(study_name=f"made {seed}")
    whole: list[Curve] = []
    for number in range(trials):
        # As in ours, made anew for each trial.
        study.sampler = optuna.samplers.TPESampler(seed=derive(seed, number, "sampler"))
        asked = study.ask(kinds)
        params, curve = ask(asked)
        study.tell(asked, state=TrialState.FAIL)
        ran = _shown(curve, whole, after=round(WARM_UP * epochs) + 1)
        is_pruned = ran < len(curve)
        if not is_pruned:
            whole.append(curve)
        study.add_trial(
            optuna.trial.create_trial(
                state=TrialState.PRUNED if is_pruned else TrialState.COMPLETE,
                value=float(curve[ran - 1] if is_pruned else curve.min()),
                params=params,
                distributions=kinds,
                intermediate_values=dict(enumerate(curve[:ran].tolist(), 1)),
            )
        )
    return StudyRecord.of(study)


def _shown(curve: Curve, whole: list[Curve], after: int) -> int:
    """How many epochs the median rule lets ``curve`` run, as in ``optuna.pruners``."""
    for epoch in range(after + 1, len(curve)):
        others = [other[epoch - 1] for other in whole]
        if len(others) >= COMPARED and curve[:epoch].min() > np.median(others):
            return epoch
    return len(curve)


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    seeds: Annotated[int, typer.Option(min=2, help="studies of each kind")] = 100,
    first: Annotated[int, typer.Option(min=0, help="seed of the first study")] = 0,
    jobs: Annotated[int, typer.Option(min=1)] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Show how often the parameter that matters most is named first, and what else is named."""
    rows: list[Row] = []
    for name in [*(surface.name for surface in PLANTED), *REPLAYED]:
        judged = delayed(partial(_judged, name))
        found = Parallel(n_jobs=jobs)(judged(seed) for seed in range(first, first + seeds))
        rows.append(_row(name, found))
    title = f"studies of {TRIALS} trials, {seeds} of each kind"
    show(title, rows, device=torch.device("cpu"), as_json=as_json)


def truth(name: str) -> tuple[str, ...]:
    """The parameters that have an effect, the largest first."""
    return next((s.real for s in PLANTED if s.name == name), REPLAYED.get(name, ()))


def made(name: str, seed: int) -> StudyRecord:
    """A study of that kind."""
    surface = next((s for s in PLANTED if s.name == name), None)
    if surface:
        return planted(surface, seed)
    return replayed(Table.read(TABLES / f"{name}.jsonl"), seed)


def _judged(name: str, seed: int) -> Importance:
    """A study's importances, in a process of its own, which is told names."""
    found = importance_of(Evidence(record=made(name, seed)))
    assert not isinstance(found, NotYet)
    return found


def _row(name: str, found: list[Importance]) -> dict[str, str | int]:
    real = truth(name)
    said = [(e.name, e.word) for values in found for e in values.effects]
    matters = Counter(n for n, word in said if word == MATTERS)
    without = [word for n, word in said if n.startswith("idle")]
    first = [values.effects[0].word for values in found if values.effects[0].name in real[:1]]
    return {
        "studies": name,
        "true first": real[0] if real else "none",
        "named first": _share(len(first), len(found)) if real else "-",
        "and matters": first.count(MATTERS) if real else "-",
        "idle ones that matter": sum(n.startswith("idle") or not real for n in matters.elements()),
        "idle ones": f"{without.count(IDLE) / len(without):.0%} no effect" if without else "-",
        "real ones denied": sum(word == IDLE for n, word in said if n in real),
        "matters": ", ".join(f"{n} {count}" for n, count in matters.most_common()),
        "pruned": round(float(np.mean([values.pruned for values in found]))),
    }


def _share(count: int, studies: int) -> str:
    """Of all studies, with Wilson's interval."""
    found = proportion(count / studies, studies)
    return f"{count} ({found.low:.0%} to {found.high:.0%})"


if __name__ == "__main__":
    app()
