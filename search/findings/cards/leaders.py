"""The leaders as a card: which trials tie for best, and what they beat."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards.digits import p_text, value_of, with_ends
from search.findings.cards.look import BASELINE, BLUE, GREY, HEIGHT, blank
from search.findings.intervals import ALPHA, Interval
from search.findings.leaders import Contender, Leaders
from search.findings.references import Reference
from search.findings.text import duration, objective_text

NAME, TITLE = "leaders", "Which trials tie for best"
SHOWN = 20  # best trials
ROW = 18  # pixels
HEADS = (
    "trial", "behind the best", "validation loss (nats)", "accuracy", "macro-F1",
    "p against the best", "ties", "weights", "time",
)  # fmt: skip
TESTS = {"loss": "a paired permutation test", "accuracy": "McNemar's exact test"}
KINDS = (("ties", BLUE, True), ("does not tie", GREY, False), ("not tested", GREY, None))
MUCH = 0.8  # times the best trial's weights: fewer are worth a word


def leaders_card(values: Leaders | NotYet) -> Card:
    """The best trials with their intervals, what was tested, and the linear baseline."""
    if isinstance(values, NotYet):
        return not_yet(NAME, TITLE, values)
    said = leaders_said(values)
    sentence = " ".join(each.text for each in said) or f"Not tested: {values.why_untested}."
    return Card(
        name=NAME,
        title=TITLE,
        sentence=sentence,
        values=values,
        table=_table(values),
        draw=lambda: _figure(values),
    )


def leaders_said(values: Leaders | NotYet) -> list[Said]:
    """How many trials tie, which of them is cheapest, and whether the best beats the baseline."""
    if isinstance(values, NotYet):
        return []
    lines = [_tie(values), _cheapest(values), _against_baseline(values)]
    return [Said(line, NAME) for line in lines if line]


def _tie(values: Leaders) -> str:
    if not values.group:
        return ""
    count, tested = len(values.group), values.tested
    over = f"over {values.rows:,} validation texts"
    test = TESTS.get(values.objective, "approximate randomisation")
    best = values.group[0]
    how = f"({test} {over}, p by Holm; {_chance(values)})"
    if tested == 1:
        return f"Trial {best} is the only one that can be tested {over}."
    if count == 1:
        others = "other one" if tested == 2 else f"{tested - 1} others"
        return f"Trial {best} is better than the {others} by more than chance {how}."
    of = "" if tested == len(values.trials) else f" of the {tested} that were tested"
    return f"{count} trials tie for best{of} {how}."


def _chance(values: Leaders) -> str:
    seeds = values.seeds
    if seeds is None:
        return "of rows' chance only: no configuration was trained with two seeds"
    return f"and seeds, which differ by {seeds.deviation:.2g} in {seeds.runs} trainings"


def _cheapest(values: Leaders) -> str:
    if values.lightest is None or len(values.group) < 2:
        return ""
    best, light = values.of(values.group[0]), values.of(values.lightest)
    parts = []
    if light.weight_count is not None and best.weight_count:
        share = light.weight_count / best.weight_count
        if share < MUCH:
            parts.append(f"trial {light.number} has {share:.0%} of the best trial's weights")
    fast = values.of(values.fastest) if values.fastest is not None else best
    if fast.seconds is not None and best.seconds and fast.seconds < MUCH * best.seconds:
        share = fast.seconds / best.seconds
        parts.append(f"trial {fast.number} trained in {share:.0%} of its time")
    return f"Of them {' and '.join(parts)}." if parts else "None of them is much cheaper."


def _against_baseline(values: Leaders) -> str:
    found, best = values.references, values.trials[0]
    if found.baseline is None or best.accuracy is None:
        return ""
    pair = f"accuracy {with_ends(best.accuracy)} against {value_of(found.baseline.accuracy)}"
    if found.beats_baseline is None:
        return (
            f"Whether it beats the linear baseline was not tested ({pair}): {found.why_unknown}."
        )
    p = f"McNemar's p {p_text(found.p)}"
    if found.beats_baseline:
        return f"The best trial beats the linear baseline: {pair}, {p}."
    if (found.p or 0.0) < ALPHA:
        return f"The best trial is worse than the linear baseline: {pair}, {p}."
    return f"The best trial cannot be told from the linear baseline: {pair}, {p}."


def _table(values: Leaders) -> Table:
    shown = list(values.trials[:SHOWN])
    picks = {values.lightest, values.fastest} - {trial.number for trial in shown}
    shown += [trial for trial in values.trials[SHOWN:] if trial.number in picks]
    known = values.references
    rows = _reference("linear baseline", known.baseline)
    rows += _reference("largest class", known.majority)
    rows += [_row(trial, is_best=not place) for place, trial in enumerate(shown)]
    return Table(HEADS, tuple(rows))


def _row(trial: Contender, *, is_best: bool) -> tuple[str, ...]:
    ties = {None: "not tested", True: "yes", False: "no"}[trial.is_leader]
    return (
        str(trial.number),
        "the best" if is_best else with_ends(trial.behind),
        with_ends(trial.loss),
        with_ends(trial.accuracy),
        "" if trial.macro_f1 is None else f"{trial.macro_f1:.3f}",
        "" if is_best else p_text(trial.p),
        ties,
        "" if trial.weight_count is None else f"{trial.weight_count:,}",
        "" if trial.seconds is None else duration(trial.seconds),
    )


def _reference(name: str, found: Reference | None) -> list[tuple[str, ...]]:
    if found is None:
        return []
    return [(name, "", "", with_ends(found.accuracy), f"{found.macro_f1:.3f}", "", "", "", "")]


def _figure(values: Leaders) -> go.Figure:
    """Left: how far behind the best; right: accuracy, with the baseline as a dashed line."""
    shown = values.trials[:SHOWN]
    name = objective_text(values.objective)
    unit = " (nats)" if values.objective == "loss" else ""
    # Short: on a phone the two axes' names stand side by side.
    figure = blank(x=f"{name} behind{unit}", y="trial", height=_height(len(shown)))
    names = [str(trial.number) for trial in shown]
    for label, colour, keep in KINDS:
        chosen = [i for i, trial in enumerate(shown) if trial.is_leader is keep]
        if chosen:
            places = [names[i] for i in chosen]
            look = {"color": colour, "symbol": "circle-open" if keep is None else "circle"}
            behind = [shown[i].behind for i in chosen]
            figure.add_trace(_dots(behind, places, label, look))
            accuracies = [shown[i].accuracy or _nothing() for i in chosen]
            right = _dots(accuracies, places, label, look).update(xaxis="x2", showlegend=False)
            figure.add_trace(right)
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names[::-1])
    figure.update_layout(
        xaxis={"domain": [0, 0.48], "nticks": 5},
        xaxis2={**figure.layout.xaxis.to_plotly_json(), "domain": [0.54, 1], "anchor": "y"},
    )
    figure.update_layout(xaxis2_title_text="accuracy")
    if (baseline := values.references.baseline) is not None:
        value = baseline.accuracy.value
        line = {"color": BASELINE, "dash": "dash", "width": 1.5}
        figure.add_trace(
            go.Scatter(
                x=[value] * 2, y=[names[0], names[-1]], xaxis="x2", mode="lines",
                line=line, name="linear baseline", hovertemplate=f"{value:.3f}",
            )
        )  # fmt: skip
    return figure


def _height(rows: int) -> int:
    return max(HEIGHT * 2 // 3, 120 + ROW * rows)


def _nothing() -> Interval:
    return Interval(math.nan, math.nan, math.nan)


def _dots(
    intervals: Sequence[Interval], places: list[str], name: str, look: dict[str, str]
) -> go.Scatter:
    """Dots with whiskers, a row each; a value of unknown noise has none."""
    ends = [(_or_none(i.high - i.value), _or_none(i.value - i.low)) for i in intervals]
    return go.Scatter(
        x=[_or_none(i.value) for i in intervals],
        y=places,
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high for high, _ in ends],
            "arrayminus": [low for _, low in ends],
            "thickness": 1.2,
            "width": 0,
            "color": look["color"],
        },
        mode="markers",
        marker={**look, "size": 8},
        name=name,
        legendgroup=name,
        text=[with_ends(i) for i in intervals],
        hovertemplate="trial %{y}: %{text}",
    )


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
