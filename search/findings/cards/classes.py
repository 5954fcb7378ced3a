"""The classes as cards: how well each is found, what is mixed up, and confident mistakes."""

import math
from html import escape

import plotly.graph_objects as go

from data.errors import several
from search.findings.card import Card, NotYet, Table, not_yet
from search.findings.cards.digits import with_ends
from search.findings.cards.look import BLUE, HEIGHT, SKY, blank
from search.findings.classes import Classes

TITLES = {
    "classes": "How well each class is found",
    "confusion": "What is taken for what",
    "mistakes": "Where it is sure and wrong",
}
WIDEST = 24  # characters of a class' name in a figure
ROW = 22  # pixels


def classes_cards(values: Classes | NotYet) -> list[Card]:
    """Three cards of the best trial's validation texts."""
    if isinstance(values, NotYet):
        return [not_yet(name, title, values) for name, title in TITLES.items()]
    return [_classes(values), _confusion(values), _mistakes(values)]


def _classes(values: Classes) -> Card:
    worst = min(values.scores, key=lambda each: each.f1.value)
    best = max(values.scores, key=lambda each: each.f1.value)
    some = "" if len(values.scores) == values.count else f" Shown: the worst of {values.count:,}."
    rows = [
        (
            each.name,
            f"{each.rows:,}",
            with_ends(each.precision),
            with_ends(each.recall),
            with_ends(each.f1),
        )
        for each in values.scores
    ]
    first = f"The best trial, {values.trial}, finds {_quoted(worst.name)} worst: "
    sentence = f"{first}F1 {with_ends(worst.f1)}."
    if not some:
        sentence += f" It finds {_quoted(best.name)} best: {with_ends(best.f1)}."
    return Card(
        name="classes",
        title=TITLES["classes"],
        sentence=sentence + some,
        values=values,
        table=Table(("class", "rows", "precision", "recall", "F1"), tuple(rows)),
        draw=lambda: _bars(values),
    )


def _bars(values: Classes) -> go.Figure:
    scores = values.scores[::-1]
    figure = blank(x="F1", y="class", height=max(HEIGHT // 2, 90 + ROW * len(scores)))
    widths = [(one.f1.high - one.f1.value, one.f1.value - one.f1.low) for one in scores]
    figure.add_trace(
        go.Bar(
            x=[_or_none(one.f1.value) for one in scores],
            y=list(range(len(scores))),
            orientation="h",
            marker_color=BLUE,
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [_or_none(high) for high, _ in widths],
                "arrayminus": [_or_none(low) for _, low in widths],
                "color": SKY,
            },
            text=[with_ends(one.f1) for one in scores],
            textposition="none",
            hovertemplate="%{text}",
            name="F1",
        )
    )
    _name_ticks(figure, "yaxis", [one.name for one in scores])
    figure.update_xaxes(range=[0, 1])
    return figure


def _confusion(values: Classes) -> Card:
    if not values.confusions:
        return Card(
            name="confusion",
            title=TITLES["confusion"],
            sentence=f"All {values.rows:,} validation texts are right.",
            values=values.matrix,
        )
    largest = values.confusions[0]
    sentence = (
        f"{values.wrong:,} of {values.rows:,} validation texts are wrong; most often "
        f"{_quoted(largest.right)} is taken for {_quoted(largest.said)}: "
        f"{several(largest.rows, 'text')}."
    )
    if values.matrix is not None:
        names = [each.name for each in values.scores]
        pairs = zip(names, values.matrix, strict=True)
        rows = tuple((name, *(f"{n:,}" for n in line)) for name, line in pairs)
        table = Table(("right \\ said", *names), rows)
    else:
        rows = tuple((each.right, each.said, f"{each.rows:,}") for each in values.confusions)
        table = Table(("right", "said", "rows"), rows)
    return Card(
        name="confusion",
        title=TITLES["confusion"],
        sentence=sentence,
        values=values.matrix or values.confusions,
        table=table,
        draw=lambda: _heat(values) if values.matrix else _largest(values),
    )


def _heat(values: Classes) -> go.Figure:
    """Shares of each class' rows as colours, numbers in the cells; a row a class."""
    assert values.matrix is not None
    names = [each.name for each in values.scores]
    height = max(HEIGHT * 2 // 3, 110 + 28 * len(names))
    figure = blank(x="what is said", y="right class", height=height)
    places = list(range(len(names)))
    figure.add_trace(
        go.Heatmap(
            z=[[n / max(sum(line), 1) for n in line] for line in values.matrix],
            text=[[f"{n:,}" for n in line] for line in values.matrix],
            x=places,
            y=places,
            texttemplate="%{text}",
            hovertemplate="%{text} texts, %{z:.1%} of the class",
            colorscale=[[0, "rgba(0, 114, 178, 0.04)"], [1, "rgba(0, 114, 178, 0.9)"]],
            zmin=0,
            zmax=1,
            showscale=False,
            name="confusion",
        )
    )
    _name_ticks(figure, "xaxis", names)
    _name_ticks(figure, "yaxis", names)
    figure.update_yaxes(autorange="reversed")
    return figure


def _largest(values: Classes) -> go.Figure:
    pairs = values.confusions[::-1]
    figure = blank(x="rows", y="", height=90 + ROW * len(pairs))
    figure.add_trace(
        go.Bar(
            x=[each.rows for each in pairs],
            y=list(range(len(pairs))),
            orientation="h",
            marker_color=BLUE,
            name="rows",
        )
    )
    names = [f"{_cut(each.right)} as {_cut(each.said)}" for each in pairs]
    _name_ticks(figure, "yaxis", names, 3 * WIDEST)
    return figure


def _mistakes(values: Classes) -> Card:
    if not values.mistakes:
        sentence = f"All {values.rows:,} validation texts are right."
        return Card(name="mistakes", title=TITLES["mistakes"], sentence=sentence)
    first = values.mistakes[0].probability
    rows = [(e.text, e.right, e.said, f"{e.probability:.3f}") for e in values.mistakes]
    return Card(
        name="mistakes",
        title=TITLES["mistakes"],
        sentence=(
            f"Of {values.wrong:,} wrong texts the {len(rows)} most confident, up to {first:.3f}: "
            "read them, since wrong labels are often among them."
        ),
        values=values.mistakes,
        table=Table(("text", "right", "said", "probability"), tuple(rows)),
    )


def _name_ticks(figure: go.Figure, axis: str, names: list[str], widest: int = WIDEST) -> None:
    """Classes at whole numbers: plotly takes names such as 1 for numbers, and reads tags."""
    ticks = [escape(_cut(name, widest), quote=False) for name in names]
    places = list(range(len(names)))
    figure.update_layout({axis: {"tickmode": "array", "tickvals": places, "ticktext": ticks}})


def _cut(name: str, widest: int = WIDEST) -> str:
    return name if len(name) <= widest else f"{name[: widest - 1]}…"


def _quoted(name: str) -> str:
    return f"'{_cut(name, 40)}'"


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
