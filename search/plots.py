"""A study as figures; where one cannot be drawn yet, the reason why in its place."""

import warnings
from collections.abc import Callable
from copy import copy
from typing import NamedTuple

import numpy as np
import optuna
import plotly.graph_objects as go
from optuna import visualization as draw
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.trial import FrozenTrial, TrialState
from plotly.colors import qualitative
from plotly.subplots import make_subplots

SHOWN = 3  # best trials whose convergence is drawn
CONTOURED = 2  # most important parameters in the contour: a grid of all pairs is megabytes
DRAWN = 300  # most trials in a figure with a line, bar or grid row each: 1,000 are megabytes
WEIGHED = 200  # most trials that fANOVA sees: its time grows faster than they do


class Plot(NamedTuple):
    """One section of a report: a figure, or the reason why there is none; and a remark on it."""

    title: str
    figure: go.Figure | None
    reason: str
    remark: str = ""


class Curves(NamedTuple):
    """Epoch by epoch, one trial.

    Attributes:
        number: the trial's.
        epochs: from 1.
        train: mean cross-entropy of each epoch, in nats.
        validation: likewise.
        lr: learning rate of each epoch's last step.
    """

    number: int
    epochs: list[int]
    train: list[float]
    validation: list[float]
    lr: list[float]


def importances(study: optuna.Study) -> dict[str, float]:
    """FANOVA importances of the parameters, largest first, or none where they mean nothing.

    PED-ANOVA, Optuna's default, named the wrong parameter in most simulated studies of up to 50
    trials; fANOVA (Hutter, Hoos and Leyton-Brown 2014) the right one in 19 of 20. Of more than
    200 complete trials it sees 200, evenly from first to last.
    """
    if why_not_importances(study):
        return {}
    complete = _complete(study)
    if len(complete) > WEIGHED:
        places = np.linspace(0, len(complete) - 1, WEIGHED).round().astype(int)
        study = _bare(study, [complete[i] for i in places])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=0))


def why_not_importances(study: optuna.Study) -> str:
    """Why importances cannot be computed, or an empty string."""
    complete = _complete(study)
    if len(complete) < 2:
        return f"{len(complete)} complete trials: importances need two or more"
    if len({t.value for t in complete}) < 2:
        return "all complete trials have the same value"
    names = set.intersection(*(set(t.params) for t in complete))
    if not any(len({t.params[name] for t in complete}) > 1 for name in names):
        return "no parameter has had two different values yet"
    return ""


def best_curves(study: optuna.Study, shown: int = SHOWN) -> list[Curves]:
    """The curves of the best complete trials, best first."""
    if "definition" not in study.user_attrs:  # another program's: its attributes may be anything
        return []
    ranked = sorted(_complete(study), key=lambda t: t.value or 0.0)
    return [_curves(t) for t in ranked if t.user_attrs.get("curve")][:shown]


def convergence(curves: list[Curves]) -> go.Figure:
    """Losses above, learning rate below, by epoch."""
    figure = make_subplots(rows=2, shared_xaxes=True, row_heights=[0.7, 0.3])
    for i, c in enumerate(curves):
        colour = qualitative.Plotly[i % len(qualitative.Plotly)]
        name = f"trial {c.number}"
        lines = [("validation", c.validation, None, 1), ("train", c.train, "dot", 1),
                 ("learning rate", c.lr, "dash", 2)]  # fmt: skip
        for kind, values, dash, row in lines:
            line = {"color": colour, "dash": dash}
            trace = go.Scatter(x=c.epochs, y=values, name=f"{name}, {kind}", line=line)
            figure.add_trace(trace, row=row, col=1)
    figure.update_yaxes(title_text="loss (nats)", row=1, col=1)
    figure.update_yaxes(title_text="learning rate", type="log", row=2, col=1)
    figure.update_xaxes(title_text="epoch", dtick=1, row=2, col=1)
    return figure


def importance_bars(ranking: dict[str, float]) -> go.Figure:
    """The importances, the largest on top."""
    names, shares = list(ranking)[::-1], list(ranking.values())[::-1]
    texts = [f"{share:.2f}" for share in shares]
    return go.Figure(go.Bar(x=shares, y=names, text=texts, orientation="h"))


def make_plots(study: optuna.Study, ranking: dict[str, float]) -> list[Plot]:
    """All figures of a report, in its order; ``ranking`` is what ``importances`` gave."""
    trials = study.get_trials(deepcopy=False)
    bare, few = _bare(study, trials), _bare(study, _best(trials, DRAWN))
    no_trial = "" if trials else "no trials yet"
    none_complete = no_trial or ("" if _complete(study) else "no trial is complete yet")
    no_curves = none_complete or ("" if best_curves(study) else "no curves are stored")
    reported = any(t.intermediate_values for t in trials)
    no_epochs = no_trial or ("" if reported else "no trial has finished an epoch yet")
    no_ranking = none_complete or why_not_importances(study)
    no_pair = no_ranking or ("" if len(ranking) > 1 else "needs two parameters that vary")
    pair = list(ranking)[:CONTOURED]
    plans: list[tuple[str, str, Callable[[], go.Figure]]] = [
        ("Optimization history", none_complete, lambda: draw.plot_optimization_history(bare)),
        ("Parameter importances", no_ranking, lambda: importance_bars(ranking)),
        ("Convergence of the best trials", no_curves, lambda: convergence(best_curves(study))),
        ("Intermediate values", no_epochs, lambda: draw.plot_intermediate_values(few)),
        ("Parallel coordinate", none_complete, lambda: draw.plot_parallel_coordinate(few)),
        ("Slice", none_complete, lambda: draw.plot_slice(bare)),
        ("Contour", no_pair, lambda: draw.plot_contour(few, params=pair)),
        ("Empirical distribution", none_complete, lambda: draw.plot_edf(bare)),
        ("Timeline", no_trial, lambda: draw.plot_timeline(few)),
    ]
    plots = [_plot(title, reason, drawing) for title, reason, drawing in plans]
    remark = f"the best {DRAWN} of {len(trials)} trials" if len(trials) > DRAWN else ""
    partial = ("Intermediate values", "Parallel coordinate", "Contour", "Timeline")
    return [p._replace(remark=remark) if p.title in partial else p for p in plots]


def _best(trials: list[FrozenTrial], most: int) -> list[FrozenTrial]:
    """At most so many of them, in their order."""
    ranked = sorted(trials, key=lambda t: float("inf") if t.value is None else t.value)
    return sorted(ranked[:most], key=lambda t: t.number)


def _bare(study: optuna.Study, trials: list[FrozenTrial]) -> optuna.Study:
    """A study in memory of ``trials`` without attributes.

    Optuna's figures write attributes out in full per trial.
    """
    copies = [copy(trial) for trial in trials]
    for trial in copies:
        trial.user_attrs, trial.system_attrs = {}, {}
    bare = optuna.create_study(study_name=study.study_name, direction=study.direction)
    bare.add_trials(copies)
    return bare


def _plot(title: str, reason: str, drawing: Callable[[], go.Figure]) -> Plot:
    if reason:
        return Plot(title, None, reason)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            figure = drawing()
    except Exception as error:  # one figure that a study is too odd for must not cost the page
        return Plot(title, None, f"could not be drawn: {type(error).__name__}: {error}")
    figure.update_layout(title=None, template="plotly_white", margin={"t": 30, "r": 20})
    return Plot(title, figure, "")


def _complete(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))


def _curves(trial: FrozenTrial) -> Curves:
    rows = trial.user_attrs["curve"]
    columns = ("number", "train_loss", "validation_loss", "lr")
    return Curves(trial.number, *([row[name] for row in rows] for name in columns))
