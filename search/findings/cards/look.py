"""One look for all figures: colours, type, axes, and as many digits as a number's noise allows."""

from collections.abc import Sequence

import plotly.graph_objects as go

# Okabe and Ito's eight, told apart by the colour-blind too ("Color Universal Design", 2008).
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#8a8f98"
# The same thing has the same colour on the whole page.
CELLS = {"lstm": BLUE, "gru": ORANGE, "rnn": GREEN}
STATES = {"complete": BLUE, "pruned": GREY, "fail": VERMILION, "running": SKY, "waiting": YELLOW}
SERIES = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY)  # of what has no colour of its own
BASELINE = VERMILION
HEIGHT = 360  # pixels
LETTERS = 13  # pixels
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
INK = "#667080"  # of letters where no page gives them a colour: legible on white and on black
FAINT = "rgba(128, 136, 148, 0.25)"  # lines of a grid, on white and on black
AXIS = {
    "gridcolor": FAINT,
    "linecolor": FAINT,
    "zeroline": False,
    "automargin": True,
    "exponentformat": "none",  # 0.0001, not 100µ
}
TITLE = {"font": {"size": LETTERS}}
# Without a distance of its own a name beside an axis stands in the longest of its labels.
BESIDE = {**TITLE, "standoff": 8}
TEMPLATE = go.layout.Template(
    layout={"xaxis": {**AXIS, "title": TITLE}, "yaxis": {**AXIS, "title": BESIDE}}
)  # of all axes that a figure has


def blank(*, x: str, y: str, height: int = HEIGHT) -> go.Figure:
    """A figure with nothing in it yet.

    Args:
        x: the axis' name with its unit, such as "epoch" or "time since the start (hours)".
        y: likewise, such as "validation loss (nats)".
        height: in pixels.
    """
    figure = go.Figure()
    figure.update_layout(
        template=TEMPLATE,
        height=height,
        margin={"l": 64, "r": 16, "t": 16, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": LETTERS, "color": INK},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hovermode="closest",
        hoverlabel={"bgcolor": "#1c2430", "bordercolor": "#1c2430", "font": {"color": "#ffffff"}},
    )
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y)
    return figure


def colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name: a cell's or a state's own, others in turn."""
    known = {**CELLS, **STATES}
    others = iter(range(len(names)))
    return {n: known.get(n) or SERIES[next(others) % len(SERIES)] for n in names}
