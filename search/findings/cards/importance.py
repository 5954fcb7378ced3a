"""What mattered: a card, and a sentence of the verdict."""

import math

import plotly.graph_objects as go

from data.errors import several
from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards import look
from search.findings.cards.effects import size_text, values_text, with_range
from search.findings.importance import Effect, Importance
from search.findings.settled import IDLE, MATTERS, MOST, OPEN

FEW = 0.05  # an axis so short would have the same whole percent at several of its marks
NAME, TITLE = "importance", "Which parameters mattered"
WORDS = {MATTERS: "Mattered", IDLE: "No measurable effect", OPEN: "Not settled"}


def importance_said(values: Importance | NotYet) -> list[Said]:
    """What the verdict says of it: one sentence a word."""
    if isinstance(values, NotYet):
        return [Said(f"What mattered cannot be said yet: {values.reason}.", NAME)]
    parts = [] if values.named(MATTERS) else ["No parameter's effect stands out from chance."]
    for word, title in WORDS.items():
        named = [_named(e, values) for e in values.named(word)]
        parts += [f"{title}: {', '.join(named)}."] if named else []
    return [Said(" ".join(parts), NAME)]


def _named(effect: Effect, values: Importance) -> str:
    """With its size, or what it would take to tell whether there is one."""
    if effect.word == MATTERS:
        return f"{effect.name} ({size_text(effect.size.value, values)})"
    if effect.word == OPEN:
        return f"{effect.name} ({_more(effect, values)})"
    return effect.name


def _more(effect: Effect, values: Importance) -> str:
    if effect.untried:
        return f"{values_text(effect.untried, is_choice=effect.is_choice)} not tried"
    if effect.more is None:
        return f"over {(MOST - 1) * values.trials:,} more trials"
    return f"{several(effect.more, 'more trial', 'more trials')} may tell"


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


def _table(values: Importance) -> Table:
    """A row a parameter: its word, its share, and what would tell, where nothing does."""
    rows = [
        (e.name, e.word, with_range(e.share, ".0%"), _more(e, values) if e.word == OPEN else "")
        for e in values.effects
    ]
    heads = ("parameter", "", "share of the differences (95% interval)", "to settle it")
    return Table(heads, tuple(rows))


def _trials_text(values: Importance) -> str:
    carried = (
        f" ({values.pruned:,} of them pruned, told by what became of those that went on)"
        if values.pruned
        else ""
    )
    told = values.informative - values.outliers
    count = f"{values.trials:,}" if values.trials == told else f"{values.trials:,} of {told:,}"
    left_out = (
        f" {several(values.outliers, 'trial')} that ended far worse than all others, whichever "
        f"the parameters, {'is' if values.outliers == 1 else 'are'} left out."
        if values.outliers
        else ""
    )
    return (
        f"From {count} trials{carried}; a parameter without effect stays below "
        f"{_above(values.null)}.{left_out}"
    )


def _above(share: float) -> str:
    """In whole percent, rounded up: nothing stays below 0%."""
    return f"{max(math.ceil(100 * share), 1)}%"


def _bars(values: Importance) -> go.Figure:
    shown = sorted(values.effects, key=lambda effect: effect.share.value)  # from below
    height = max(look.HEIGHT // 2, 90 + 34 * len(shown))
    figure = look.blank(x="share of the differences", y="", height=height)
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
    longest = max(values.null, *(share.high for share in shares))
    figure.update_xaxes(tickformat=".0%" if longest > FEW else ".1%", rangemode="tozero")
    figure.update_yaxes(showgrid=False, type="category")
    figure.update_layout(margin_t=32)
    return figure
