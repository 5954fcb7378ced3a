"""How often a report names what mattered: ``python -m benchmarks.importance``.

Planted studies have a known response to each parameter, realistic noise and a curve a trial;
replayed ones take their curves from a table of real trainings. Both are searched as ours are: TPE,
the median rule after 4 of 10 epochs and 10 complete trials.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import optuna
import torch
import typer
from joblib import Parallel, delayed
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import TrialState

from benchmarks.measure import Row, show
from benchmarks.trainings import Table
from search.findings.card import NotYet
from search.findings.evidence import Evidence
from search.findings.importance import IDLE, MATTERS, Importance, importance_of
from search.storage.record import StudyRecord
from search.trials.pruning import COMPARED, WARM_UP, longest
from search.trials.seeds import derive

TABLES = Path(__file__).with_name("tables")
TRIALS, EPOCHS = 50, 10
KINDS: dict[str, BaseDistribution] = {
    "cell": CategoricalDistribution(("rnn", "gru", "lstm")),
    "lr": FloatDistribution(1e-4, 0.05, log=True),
    "dropout": FloatDistribution(0.0, 0.6),
    "idle_choice": CategoricalDistribution(("a", "b", "c")),
    "idle_flag": CategoricalDistribution((False, True)),
    "idle_number": FloatDistribution(1.0, 100.0, log=True),
    "idle_whole": IntDistribution(1, 4),
}
# What fANOVA says of all 300 trainings of each table: lr 90%; vocab_threshold 84%.
REPLAYED = {"quick": "lr", "demo": "vocab_threshold"}

Params = dict[str, Any]
Curve = np.ndarray


class Planted(NamedTuple):
    """A response that is known.

    Attributes:
        name: of it.
        loss: its final loss by parameters, in nats.
        first: the parameter that matters most.
        noise: of a training, in nats.
        diverging: share of trainings that end far above, whatever their parameters.
        paced: how much faster a tenfold learning rate learns.
    """

    name: str
    loss: Callable[[Params], float]
    first: str
    noise: float = 0.006
    diverging: float = 0.0
    paced: float = 0.1


def _decades(params: Params, best: float) -> float:
    return float(np.log10(params["lr"] / best))


def _bowl(p: Params) -> float:
    return float(0.3 + 0.04 * _decades(p, 0.003) ** 2 + 0.01 * abs(p["dropout"] - 0.2))


def _cells(p: Params) -> float:
    costs = {"rnn": 0.1, "gru": 0.0, "lstm": 0.01}
    return float(0.25 + costs[p["cell"]] + 0.01 * _decades(p, 0.003) ** 2)


def _cliff(p: Params) -> float:
    if p["lr"] > 0.02:
        return 1.3
    return float(0.35 + 0.02 * _decades(p, 0.01) ** 2 + 0.02 * (p["dropout"] - 0.3) ** 2)


def _together(p: Params) -> float:
    best = {"rnn": 0.001, "gru": 0.004, "lstm": 0.004}[p["cell"]]
    return float(0.3 + 0.04 * _decades(p, best) ** 2)


def _regular(p: Params) -> float:
    return float(0.4 + 0.25 * (p["dropout"] - 0.2) ** 2 + 0.004 * _decades(p, 0.003) ** 2)


PLANTED = (
    Planted("bowl", _bowl, "lr"),
    Planted("cells", _cells, "cell"),
    Planted("cliff", _cliff, "lr", noise=0.01),
    Planted("together", _together, "lr"),
    Planted("regular", _regular, "dropout", noise=0.004),
    Planted("unlucky", _bowl, "lr", diverging=0.06),
    Planted("nothing", lambda _: 0.3, "", paced=0.0),
)


def planted(surface: Planted, seed: int, trials: int = TRIALS) -> StudyRecord:
    """A study of ``surface``, searched as ours are."""
    rng = np.random.default_rng(seed)

    def ask(trial: optuna.Trial) -> tuple[Params, Curve]:
        params = trial.params
        last = surface.loss(params) + surface.noise * rng.standard_normal()
        if rng.random() < surface.diverging:
            last = 1.1 + 0.1 * rng.standard_normal()
        pace = 0.4 + 0.05 * rng.random() + surface.paced * _decades(params, 1e-4)
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
    seeds: Annotated[int, typer.Option(min=2, help="studies of each kind")] = 20,
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


def truth(name: str) -> str:
    """The parameter that matters most; "": none does."""
    return next((s.first for s in PLANTED if s.name == name), REPLAYED.get(name, ""))


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
    first, true = [values.effects[0] for values in found], truth(name)
    said = [(e.name, e.word) for values in found for e in values.effects]
    false = sum(n.startswith("idle") or not true for n, word in said if word == MATTERS)
    matters = Counter(n for n, word in said if word == MATTERS)
    idle = [word for n, word in said if n.startswith("idle")]
    return {
        "studies": name,
        "true first": true or "none",
        "named first": sum(e.name == true for e in first) if true else "-",
        "and matters": sum((e.name, e.word) == (true, MATTERS) for e in first) if true else "-",
        "idle ones that matter": false,
        "idle ones": f"{Counter(idle)[IDLE] / max(len(idle), 1):.0%} no effect",
        "matters": ", ".join(f"{n} {count}" for n, count in matters.most_common()),
        "pruned": round(float(np.mean([values.pruned for values in found]))),
    }


if __name__ == "__main__":
    app()
