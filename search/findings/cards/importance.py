"""What mattered, and how: two cards, and a sentence of the verdict."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards import look
from search.findings.importance import IDLE, MATTERS, OPEN, Effect, Importance
from search.findings.intervals import Floats, Interval
from search.findings.text import objective_text

NAME, TITLE = "importance", "Which parameters mattered"
EFFECTS, EFFECTS_TITLE = "effects", "What effect each parameter has"
NEAR = 0.1  # of the size: what costs no more than that is as good as the best
COLUMNS, PANEL = 3, 260  # panels side by side, and their height in pixels
WORDS = {MATTERS: "Mattered", IDLE: "No measurable effect", OPEN: "Not settled"}


def importance_said(values: Importance | NotYet) -> list[Said]:
    """What the verdict says of it: one sentence a word."""
    if isinstance(values, NotYet):
        return [Said(f"What mattered cannot be said yet: {values.reason}.", NAME)]
    parts = [] if values.named(MATTERS) else ["No parameter's effect stands out from chance."]
    for word, title in WORDS.items():
        named = [
            f"{e.name} ({_size(e.size.value, values)})" if word == MATTERS else e.name
            for e in values.named(word)
        ]
        parts += [f"{title}: {', '.join(named)}."] if named else []
    return [Said(" ".join(parts), NAME)]


def importance_card(values: Importance | NotYet) -> Card:
    """How much of the difference between trials each parameter explains."""
    if isinstance(values, NotYet):
        return not_yet(NAME, TITLE, values)
    return Card(
        name=NAME,
        title=TITLE,
        sentence=f"{importance_said(values)[0].text} {_trials_text(values)}",
        values=values,
        table=_table(values),
        draw=lambda: _bars(values),
    )


def effects_card(values: Importance | NotYet) -> Card:
    """The outcome along each parameter."""
    if isinstance(values, NotYet):
        return not_yet(EFFECTS, EFFECTS_TITLE, values)
    told = [effect_text(e, values) for e in values.named(MATTERS)]
    return Card(
        name=EFFECTS,
        title=EFFECTS_TITLE,
        sentence=" ".join(told) or "No parameter has an effect that stands out from chance.",
        values=values,
        table=_table(values),
        draw=lambda: _panels(values),
    )


def effect_text(effect: Effect, values: Importance) -> str:
    """In words: "lr: 0.0013 to 0.002 is best; 0.0001 costs 0.03 nats"."""
    return f"{effect.name}: {best_text(effect, values)} is best; {costs_text(effect, values)}."


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
    ends = [_number(effect.values[i]) for i in (first, last)]
    return " to ".join(dict.fromkeys(ends))


def costs_text(effect: Effect, values: Importance) -> str:
    """What other values cost: each choice, or both ends of a range."""
    costs = _costs(effect, values)
    best = int(costs.argmin())
    places = range(len(costs)) if effect.is_choice else (0, len(costs) - 1)
    worse = [i for i in places if i != best and costs[i] > NEAR * costs.max()]
    told = [f"{_number(effect.values[i])} costs {_size(float(costs[i]), values)}" for i in worse]
    return ", ".join(told) or "others cost less than can be told"


def _costs(effect: Effect, values: Importance) -> Floats:
    means = np.array([mean.value for mean in effect.means])
    costs: Floats = means.max() - means if values.maximized else means - means.min()
    return costs


def _trials_text(values: Importance) -> str:
    carried = (
        f" ({values.pruned} pruned ones, by what became of those that went on)"
        if values.pruned
        else ""
    )
    seen = f"{values.trials} of {values.informative}"
    count = str(values.trials) if values.trials == values.informative else seen
    return (
        f"From {count} trials{carried}; a parameter without effect stays below {values.null:.0%}."
    )


def _unit(values: Importance) -> str:
    return " nats" if values.objective == "loss" else ""


def _size(value: float, values: Importance) -> str:
    return f"{value:.2g}{_unit(values)}"


def _number(value: object) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


def _outcome(values: Importance) -> str:
    name = objective_text(values.objective)
    return f"{name} (nats)" if values.objective == "loss" else name


def _range(interval: Interval, form: str) -> str:
    return f"{interval.value:{form}} ({interval.low:{form}} to {interval.high:{form}})"


def _table(values: Importance) -> Table:
    heads = (
        "parameter",
        "",
        "share of the differences (95% interval)",
        f"best to worst{f' ({_unit(values).strip()})' if _unit(values) else ''}",
        "best",
        "others",
    )
    rows = [
        (
            effect.name,
            effect.word,
            _range(effect.share, ".0%"),
            _range(effect.size, ".2g"),
            best_text(effect, values) if effect.word != IDLE else "any",
            costs_text(effect, values) if effect.word == MATTERS else "",
        )
        for effect in values.effects
    ]
    return Table(heads, tuple(rows))


def _bars(values: Importance) -> go.Figure:
    shown = values.effects[::-1]
    height = max(look.HEIGHT // 2, 90 + 34 * len(shown))
    figure = look.blank(x="share of the differences between trials", y="", height=height)
    shares = [effect.share for effect in shown]
    figure.add_bar(
        x=[share.value for share in shares],
        y=[effect.name for effect in shown],
        orientation="h",
        marker={"color": [look.BLUE if e.word == MATTERS else look.GREY for e in shown]},
        error_x={
            "array": [max(share.high - share.value, 0.0) for share in shares],
            "arrayminus": [max(share.value - share.low, 0.0) for share in shares],
            "color": look.GREY,
        },
        customdata=[effect.word for effect in shown],
        hovertemplate="%{y}: %{x:.0%}, %{customdata}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=values.null, line={"dash": "dash", "color": look.VERMILION})
    figure.add_annotation(
        x=values.null, y=1, yref="paper", yanchor="bottom", xanchor="left", showarrow=False,
        text="what chance reaches",
    )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(showgrid=False, type="category")
    figure.update_layout(margin_t=32)
    return figure


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
