"""The confirmation as a card: what the search promised, and what fresh seeds gave."""

import math

import plotly.graph_objects as go

from data.errors import several
from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards.digits import USUAL, decimals, with_ends
from search.findings.cards.look import BLUE, GREY, blank
from search.findings.confirmed import Confirmed
from search.findings.intervals import Interval
from search.findings.text import objective_text, parameters_text

NAME, TITLE = "confirmed", "Does it hold with fresh seeds"
HEADS = (
    "trial", "place in the search", "searched", "confirmed (95% over seeds)", "seeds", "accuracy",
    "configuration",
)  # fmt: skip
ROW = 40  # pixels


def confirmed_card(values: Confirmed | NotYet) -> Card:
    """Each confirmed configuration: searched against the mean of its seeds."""
    if isinstance(values, NotYet):
        return not_yet(NAME, TITLE, values)
    rows = [
        (
            str(each.trial),
            str(each.place),
            f"{each.searched:.{USUAL}f}",
            with_ends(each.mean),
            str(len(each.values)),
            with_ends(each.accuracy),
            parameters_text(each.params),
        )
        for each in values.configurations
    ]
    return Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join(each.text for each in confirmed_said(values)),
        values=values,
        table=Table(HEADS, tuple(rows)),
        draw=lambda: _figure(values),
    )


def confirmed_said(values: Confirmed | NotYet) -> list[Said]:
    """What the best configuration has over seeds, whether luck chose it, and what is missing."""
    if isinstance(values, NotYet):
        return []
    best = values.configurations[0]
    seeds = several(len(best.values), "seed")
    lines = [
        f"Confirmed by {seeds}: trial {best.trial} has {objective_text(values.objective)} "
        f"{plus_minus(best.mean)}."
    ]
    if values.shrinkage is not None:
        lines.append(_luck(values.shrinkage))
    if len(values.configurations) > 1:
        held = "held" if values.order_held else "did not hold"
        order = f"The order of the {len(values.configurations)} configurations {held}"
        lines.append(f"{order}; {_ties(values.tied, len(values.configurations) - 1)}.")
    if values.missing:
        lines.append(f"{several(values.missing, 'training is', 'trainings are')} not complete.")
    return [Said(line, NAME) for line in lines]


def plus_minus(mean: Interval) -> str:
    """``0.2148 ± 0.0021``, half the interval's width; the value alone of one seed."""
    if math.isnan(mean.low):
        return f"{mean.value:.{USUAL}f}"
    width = mean.high - mean.value
    places = decimals(width)
    return f"{mean.value:.{places}f} ± {width:.{places}f}"


def _ties(tied: int, others: int) -> str:
    test = "(paired t test over seeds)"
    if tied == others:
        return f"none behind the first is worse by more than chance {test}"
    if not tied:
        return f"the first is better than the rest by more than chance {test}"
    return f"{tied} of {others} behind the first cannot be told from it {test}"


def _luck(shrinkage: Interval) -> str:
    value, low, high = shrinkage
    if math.isnan(low):
        return f"The search had promised {abs(value):.{USUAL}f} {_much(value)}."
    if low < 0 < high:
        return "The search's best value differs from its seeds' mean by no more than chance."
    ends = sorted((abs(low), abs(high)))
    return f"The search had promised {with_ends(Interval(abs(value), *ends))} {_much(value)}."


def _much(value: float) -> str:
    return "too much" if value > 0 else "too little"


def _figure(values: Confirmed) -> go.Figure:
    """A dumbbell each: hollow what was searched, filled the mean of the seeds."""
    each = values.configurations[::-1]
    unit = " (nats)" if values.objective == "loss" else ""
    name = objective_text(values.objective)
    figure = blank(x=f"{name}{unit}", y="trial", height=140 + ROW * len(each))
    names = [str(one.trial) for one in each]
    for one, place in zip(each, names, strict=True):
        figure.add_trace(
            go.Scatter(
                x=[one.searched, one.mean.value], y=[place, place], mode="lines",
                line={"color": GREY, "width": 3}, showlegend=False, hoverinfo="skip",
            )
        )  # fmt: skip
    seeds = [
        (value, place) for one, place in zip(each, names, strict=True) for value in one.values
    ]
    for label, points, look in (
        ("searched", [(one.searched, str(one.trial)) for one in each],
         {"color": GREY, "symbol": "circle-open", "size": 12}),
        ("each seed", seeds, {"color": BLUE, "symbol": "line-ns-open", "size": 10}),
        ("mean of seeds", [(one.mean.value, str(one.trial)) for one in each],
         {"color": BLUE, "symbol": "circle", "size": 12}),
    ):  # fmt: skip
        x, y = zip(*points, strict=True)
        figure.add_trace(
            go.Scatter(x=x, y=y, mode="markers", marker=look, name=label,
                       hovertemplate="trial %{y}: %{x:.4f}")
        )  # fmt: skip
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names)
    return figure
