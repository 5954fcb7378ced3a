"""A study as figures; where one cannot be drawn yet, the reason why in its place."""

import warnings
from collections.abc import Callable
from typing import NamedTuple

import optuna
import plotly.graph_objects as go
from optuna import visualization as draw
from plotly.colors import qualitative
from plotly.subplots import make_subplots

from search.findings.curves import Curves, best_curves
from search.findings.importance import why_not_importances
from search.findings.replica import replica
from search.findings.text import objective_text
from search.storage.record import StudyRecord, TrialRecord

CONTOURED = 2  # most important parameters in the contour: a grid of all pairs is megabytes
DRAWN = 300  # most trials in a figure with a line, bar or grid row each: 1,000 are megabytes


class Plot(NamedTuple):
    """One section of a report: a figure, or the reason why there is none; and a remark on it."""

    title: str
    figure: go.Figure | None
    reason: str
    remark: str = ""


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


def make_plots(record: StudyRecord, ranking: dict[str, float]) -> list[Plot]:
    """All figures of a report, in its order; ``ranking`` is what ``importances`` gave."""
    trials = record.trials
    every, few = replica(record, trials), replica(record, _best(record, DRAWN))
    no_trial = "" if trials else "no trials yet"
    none_complete = no_trial or ("" if record.ranking else "no trial is complete yet")
    no_curves = none_complete or ("" if best_curves(record) else "no curves are stored")
    reported = any(t.frozen.intermediate_values for t in trials)
    no_epochs = no_trial or ("" if reported else "no trial has finished an epoch yet")
    no_ranking = none_complete or why_not_importances(record)
    no_pair = no_ranking or ("" if len(ranking) > 1 else "needs two parameters that vary")
    pair = list(ranking)[:CONTOURED]
    name = objective_text(record.objective)
    plans: list[tuple[str, str, Callable[[], go.Figure]]] = [
        (
            "Optimization history",
            none_complete,
            lambda: draw.plot_optimization_history(every, target_name=name),
        ),
        ("Parameter importances", no_ranking, lambda: importance_bars(ranking)),
        ("Convergence of the best trials", no_curves, lambda: convergence(best_curves(record))),
        ("Intermediate values", no_epochs, lambda: _by_epoch(few, name)),
        (
            "Parallel coordinate",
            none_complete,
            lambda: draw.plot_parallel_coordinate(few, target_name=name),
        ),
        ("Slice", none_complete, lambda: draw.plot_slice(every, target_name=name)),
        ("Contour", no_pair, lambda: draw.plot_contour(few, params=pair, target_name=name)),
        ("Empirical distribution", none_complete, lambda: draw.plot_edf(every, target_name=name)),
        ("Timeline", no_trial, lambda: draw.plot_timeline(few)),
    ]
    plots = [_plot(title, reason, drawing) for title, reason, drawing in plans]
    remark = f"the best {DRAWN} of {len(trials)} trials" if len(trials) > DRAWN else ""
    partial = ("Intermediate values", "Parallel coordinate", "Contour", "Timeline")
    return [p._replace(remark=remark) if p.title in partial else p for p in plots]


def _best(record: StudyRecord, most: int) -> list[TrialRecord]:
    """At most so many of the trials, in their order."""
    ranked = sorted(record.trials, key=record.sort_key)
    return sorted(ranked[:most], key=lambda trial: trial.number)


def _by_epoch(study: optuna.Study, name: str) -> go.Figure:
    figure = draw.plot_intermediate_values(study)
    return figure.update_layout(xaxis_title="epoch", yaxis_title=name)


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
