"""Was it enough: in words, as a table, and as a figure."""

import plotly.graph_objects as go

from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards import look
from search.findings.enough import Enough, Step, enough_of
from search.findings.evidence import Evidence
from search.findings.text import duration, hours_text, objective_text, value_text

NAME, TITLE = "enough", "What more trials would buy"
SMALLEST = 0.00005  # gain that four digits show
MEANING = (
    "The expected curve takes trials as independent draws (Dodge et al. 2019); where a sampler "
    "learned, later trials are better than earlier ones, and it is a guide, no forecast."
)


def enough_card(evidence: Evidence) -> Card:
    """What the last ten trials bought, what more would buy, and the curves."""
    found = enough_of(evidence)
    if isinstance(found, NotYet):
        return not_yet(NAME, TITLE, found)
    value = _axis(evidence.record.objective)
    return Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join([_answer(found), _reason(found), MEANING]),
        values=found,
        table=_table(found, value),
        draw=lambda: _figure(found, value),
    )


def enough_said(found: Enough | NotYet) -> list[Said]:
    """Stop, or go on; and why, against chance."""
    if isinstance(found, NotYet):
        return [Said(f"Whether it was enough cannot be said yet: {found.reason}.", NAME)]
    return [Said(f"Enough? {_answer(found)}", NAME), Said(_reason(found), NAME)]


def _answer(found: Enough) -> str:
    more, each = found.next_ten, "the next ten trials"
    if found.next_hour is not None:
        more, each = found.next_hour, "the next hour"
    advice = "stop" if found.stop else "go on"
    bought = _gain(found.last_ten, found)
    if bought != "nothing":
        bought = f"{bought} of {value_text(found.best)}"
    buy = _gain(more.value, found)
    about = "about " if buy[0].isdigit() else ""
    return f"The last ten trials bought {bought}; {each} would buy {about}{buy}: {advice}."


def _reason(found: Enough) -> str:
    chance = f"Chance moves a value by {found.noise.value:.2g} ({found.noise.of})"
    ten = f"; ten more trials would buy {_gain(found.next_ten.value, found)}"
    verdict = "none of these gains is more" if found.stop else "one of these gains is more"
    return f"{chance}{'' if found.next_hour is None else ten}: {verdict}."


def _gain(gain: float, found: Enough) -> str:
    """What is bought; as good as nothing is said of values that have the usual decimals."""
    if gain <= 0:
        return "nothing"
    if abs(found.best) / 100 < SMALLEST:
        return value_text(gain)
    return "less than 0.0001" if gain < SMALLEST else f"{gain:.4f}"


def _axis(objective: str) -> str:
    name = objective_text(objective)
    return f"{name} (nats)" if objective == "loss" else name


def _table(found: Enough, value: str) -> Table:
    heads = ("trials", "hours", f"best so far, {value}", "expected best", "its 95% band")
    return Table(heads=heads, rows=tuple(_row(step, found) for step in found.steps))


def _row(step: Step, found: Enough) -> tuple[str, ...]:
    place = f"{step.trials:,.0f}"
    later = "not run" if step.trials > found.finished else "none"
    places = 2 if (found.hours or 0) >= 1 else 4
    return (
        place,
        "not known" if step.hours is None else f"{step.hours:.{places}f}",
        later if step.best is None else value_text(step.best),
        value_text(step.expected.value),
        f"{value_text(step.expected.low)} to {value_text(step.expected.high)}",
    )


def _figure(found: Enough, value: str) -> go.Figure:
    """Best so far, the expected curve with its band, and where it would go."""
    figure = look.blank(x=_x_axis(found), y=value)
    steps = found.steps
    xs = [step.trials for step in steps]
    band = [s.expected.low for s in steps] + [s.expected.high for s in reversed(steps)]
    figure.add_scatter(
        x=xs + xs[::-1], y=band, fill="toself", fillcolor=look.FAINT, line={"width": 0},
        name="95% band", hoverinfo="skip",
    )  # fmt: skip
    run = [step for step in steps if step.trials <= found.finished]
    parts = {"expected": run, "with more trials": steps[len(run) - 1 :]}
    for (name, part), dash in zip(parts.items(), ("solid", "dot"), strict=True):
        dashed = {"color": look.ORANGE, "dash": dash}
        y = [step.expected.value for step in part]
        figure.add_scatter(x=[s.trials for s in part], y=y, mode="lines", line=dashed, name=name)
    line = {"color": look.STATES["complete"], "shape": "hv"}
    best = [(step.trials, step.best) for step in run if step.best is not None]
    figure.add_scatter(
        x=[x for x, _ in best], y=[y for _, y in best], mode="lines", line=line, name="best so far"
    )
    _add_hours(figure, found)
    return figure


def _x_axis(found: Enough) -> str:
    if found.hours is None:
        return "finished trials"
    return f"finished trials, and time: {found.finished:,} took {duration(found.hours * 3600)}"


def _add_hours(figure: go.Figure, found: Enough) -> None:
    """Below some numbers of trials, the hours until then."""
    shown = found.steps[:: max(len(found.steps) // 6, 1)]
    width = found.steps[-1].trials / 12
    places: list[Step] = []
    for step in shown:
        if step.hours is not None and (not places or step.trials - places[-1].trials >= width):
            places.append(step)
    if places:
        texts = [f"{s.trials:,.0f}<br>{hours_text(s.hours or 0)}" for s in places]
        figure.update_xaxes(tickvals=[step.trials for step in places], ticktext=texts)
