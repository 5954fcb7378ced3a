"""What effect each parameter has: a card, and its words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from data.errors import listed
from search.findings.card import Card, NotYet, Table, not_yet
from search.findings.cards import look
from search.findings.importance import Effect, Importance
from search.findings.intervals import Floats, Interval
from search.findings.settled import IDLE, MATTERS
from search.findings.text import objective_text

NAME, TITLE = "effects", "What effect each parameter has"
NEAR = 0.1  # of the size: what costs no more than that is as good as the best
DECADE = 0.95  # and more powers of ten are told as ten times
COLUMNS, PANEL = 3, 260  # panels side by side, and their height in pixels


def effects_card(values: Importance | NotYet) -> Card:
    """The outcome along each parameter."""
    if isinstance(values, NotYet):
        return not_yet(NAME, TITLE, values)
    told = [effect_text(e, values) for e in values.named(MATTERS)]
    return Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join(told) or "No parameter has an effect that stands out from chance.",
        values=values,
        table=_table(values),
        draw=lambda: _panels(values),
    )


def effect_text(effect: Effect, values: Importance) -> str:
    """In words: "lr: 0.0013 to 0.002 is best; ten times less costs 0.03 nats"."""
    text = f"{effect.name}: {best_text(effect, values)} is best; {costs_text(effect, values)}"
    depends = f"; it depends on {listed(effect.depends)}" if effect.depends else ""
    return f"{text}{depends}."


def best_text(effect: Effect, values: Importance) -> str:
    """The values near the best one: a choice, or a range."""
    costs = _costs(effect, values)
    best = int(costs.argmin())
    if effect.is_choice:
        return str(effect.values[best])
    near = costs <= NEAR * costs.max()
    first, last = best, best
    while first > 0 and near[first - 1]:
        first -= 1
    while last + 1 < len(near) and near[last + 1]:
        last += 1
    return values_text(effect.values[first : last + 1], is_choice=False)


def values_text(values: Sequence[Any], *, is_choice: bool) -> str:
    """Choices, or a range from its first to its last."""
    if is_choice:
        return listed([str(value) for value in values])
    return " to ".join(dict.fromkeys(_number(value) for value in (values[0], values[-1])))


def costs_text(effect: Effect, values: Importance) -> str:
    """What other values cost: each choice; of a range both ends, or ten times less and more."""
    costs = _costs(effect, values)
    best = int(costs.argmin())
    told = [
        f"{name} costs {size_text(float(costs[i]), values)}"
        for i, name in _others(effect, best)
        if i != best and costs[i] > NEAR * costs.max()
    ]
    return ", ".join(told) or "others cost less than can be told"


def _others(effect: Effect, best: int) -> list[tuple[int, str]]:
    """Places of values that are told of, and their names."""
    if effect.is_choice:
        return [(i, str(value)) for i, value in enumerate(effect.values)]
    last = len(effect.values) - 1
    ends = [(0, _number(effect.values[0])), (last, _number(effect.values[last]))]
    if not effect.is_log:
        return ends
    decades = np.log10(np.array(effect.values, float) / effect.values[best])
    if decades[0] <= -DECADE:
        ends[0] = (int(np.abs(decades + 1).argmin()), "ten times less")
    if decades[last] >= DECADE:
        ends[1] = (int(np.abs(decades - 1).argmin()), "ten times more")
    return ends


def _costs(effect: Effect, values: Importance) -> Floats:
    means = np.array([mean.value for mean in effect.means])
    costs: Floats = means.max() - means if values.maximized else means - means.min()
    return costs


def _table(values: Importance) -> Table:
    """A row a parameter: its size, its best values and what others cost."""
    unit = f" ({_unit(values).strip()})" if _unit(values) else ""
    rows = [
        (
            effect.name,
            _size(effect),
            best_text(effect, values) if effect.word != IDLE else "any",
            costs_text(effect, values) if effect.word == MATTERS else "",
        )
        for effect in values.effects
    ]
    return Table(("parameter", f"best to worst{unit}", "best", "others"), tuple(rows))


def _size(effect: Effect) -> str:
    """How much there is to gain; its lower end means something only where there is an effect."""
    if effect.word == MATTERS:
        return with_range(effect.size, ".2g")
    return f"up to {effect.size.high:.2g}"


def with_range(interval: Interval, form: str) -> str:
    """A value and its interval, both in ``form``."""
    return f"{interval.value:{form}} ({interval.low:{form}} to {interval.high:{form}})"


def _unit(values: Importance) -> str:
    return " nats" if values.objective == "loss" else ""


def size_text(value: float, values: Importance) -> str:
    """A difference of outcomes, with its unit."""
    return f"{value:.2g}{_unit(values)}"


def _number(value: object) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


def _outcome(values: Importance) -> str:
    name = objective_text(values.objective)
    return f"{name} (nats)" if values.objective == "loss" else name


def _panels(values: Importance) -> go.Figure:
    rows = -(-len(values.effects) // COLUMNS)
    figure = make_subplots(
        rows=rows,
        cols=COLUMNS,
        shared_yaxes=True,
        vertical_spacing=0.3 / rows,
        figure=look.blank(x="", y="", height=60 + PANEL * rows),
    )
    for place, effect in enumerate(values.effects):
        row, column = place // COLUMNS + 1, place % COLUMNS + 1
        _panel(figure, effect, first=place == 0, at={"row": row, "col": column})
        figure.update_xaxes(title_text=effect.name, row=row, col=column)
        if column == 1:
            figure.update_yaxes(title_text=_outcome(values), row=row, col=column)
    return figure


def _panel(figure: go.Figure, effect: Effect, *, first: bool, at: dict[str, int]) -> None:
    kind = "category" if effect.is_choice else "log" if effect.is_log else "linear"
    figure.update_xaxes(type=kind, dtick="D2" if kind == "log" else None, **at)
    for state, is_pruned in (("complete", False), ("pruned", True)):
        drawn = [placed for placed in effect.placed if placed.is_pruned == is_pruned]
        figure.add_scatter(
            x=[str(p.at) if effect.is_choice else p.at for p in drawn],
            y=[p.value for p in drawn],
            mode="markers",
            marker={"size": 5, "opacity": 0.6, "color": look.STATES[state]},
            text=[f"trial {p.number}" for p in drawn],
            name=state,
            legendgroup=state,
            showlegend=first,
            **at,
        )
    _mean(figure, effect, first=first, at=at)


def _mean(figure: go.Figure, effect: Effect, *, first: bool, at: dict[str, int]) -> None:
    x = [str(value) for value in effect.values] if effect.is_choice else list(effect.values)
    means = effect.means
    shared = {"x": x, "legendgroup": "mean", **at}
    mean = [mean.value for mean in means]
    about = {"name": "mean, with 95% interval", "showlegend": first}
    if effect.is_choice:
        error = {"array": [m.high - m.value for m in means], "color": look.ORANGE}
        marker = {"size": 10, "symbol": "line-ew", "line": {"width": 3, "color": look.ORANGE}}
        figure.add_scatter(y=mean, mode="markers", marker=marker, error_y=error, **about, **shared)
        return
    band = [m.low for m in means], [m.high for m in means]
    edge = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    figure.add_scatter(y=band[0], **edge, **shared)
    filled = {"fill": "tonexty", "fillcolor": "rgba(230, 159, 0, 0.2)"}
    figure.add_scatter(y=band[1], **filled, **edge, **shared)
    figure.add_scatter(y=mean, mode="lines", line={"color": look.ORANGE}, **about, **shared)
