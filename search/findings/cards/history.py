"""The search at a glance: every trial at its end, the best so far, and what is to be beaten."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from optuna.study import StudyDirection
from optuna.trial import TrialState

from data.errors import several
from search.findings.card import Card, NotYet, Table, not_yet
from search.findings.cards.look import BASELINE, BLUE, FAINT, GREY, STATES, blank, colours
from search.findings.clock import clock_of, unit_of
from search.findings.evidence import Evidence
from search.findings.text import hours_text, objective_text, value_text
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

NAME, TITLE = "history", "The search at a glance"
MANY = 300  # trials: their marks are smaller from here on
CROWD = 0.9  # of the trials are in the frame in any case
ROOM = 1.5  # times as far as these the frame goes


class Ended(NamedTuple):
    """A trial that has ended; ``score`` is ``None`` where it has none."""

    number: int
    hours: float
    state: TrialState
    cell: str
    score: float | None


class History(NamedTuple):
    """A study in the order of time.

    Attributes:
        score: what it is searched for, for people.
        trials: in the order in which they ended.
        best: complete trials that were the best so far, likewise.
        hours: of the whole search.
        baseline: the linear classifier's score, where it has one.
        maximized: a higher score is better.
    """

    score: str
    trials: tuple[Ended, ...]
    best: tuple[Ended, ...]
    hours: float
    baseline: float | None
    maximized: bool


class Axis(NamedTuple):
    """Along which trials are drawn: its name, what a trial's mark says of it, where each is."""

    name: str
    hover: str
    places: dict[int, float]


def history_of(evidence: Evidence) -> History | NotYet:
    """The trials that have ended."""
    record = evidence.record
    if len(record.directions) > 1:
        return NotYet("the study has several objectives")
    clock = clock_of(record)
    found = [_ended(t, clock.at[t.number]) for t in record.trials if t.number in clock.at]
    found.sort(key=lambda one: (one.hours, one.number))
    scored = [one for one in found if one.score is not None]
    if not scored:
        return NotYet("no trial with a score has ended yet")
    complete, best = {trial.number for trial in record.complete}, list[Ended]()
    maximized = record.directions[0] == StudyDirection.MAXIMIZE
    for one in scored:
        if one.number in complete and (not best or _beats(one, best[-1], maximized)):
            best.append(one)
    return History(
        score=objective_text(record.objective),
        trials=tuple(found),
        best=tuple(best),
        hours=clock.hours,
        baseline=_baseline(record),
        maximized=maximized,
    )


def history_card(evidence: Evidence, *, band: tuple[float, float] | None = None) -> Card:
    """The card of the whole search.

    Args:
        evidence: of the study.
        band: the scores, lowest and highest, that cannot be told from the best one.
    """
    found = history_of(evidence)
    if isinstance(found, NotYet):
        return not_yet(NAME, TITLE, found)
    return Card(
        name=NAME,
        title=TITLE,
        sentence=_sentence(found),
        values=found,
        table=_table(found) if found.best else None,
        draw=lambda: _figure(found, band),
    )


def _table(found: History) -> Table:
    """When the best changed; another program's trials need not have cells."""
    unit, each = unit_of(found.hours)
    columns = {
        unit: [f"{one.hours * each:.1f}" for one in found.best] if found.hours else [],
        "trial": [str(one.number) for one in found.best],
        "cell": [one.cell for one in found.best],
        found.score: [value_text(one.score) for one in found.best],
    }
    shown = {head: cells for head, cells in columns.items() if any(cells)}
    return Table(tuple(shown), tuple(zip(*shown.values(), strict=True)))


def _ended(trial: TrialRecord, hours: float) -> Ended:
    epoch = trial.best_epoch
    score = trial.value if epoch is None else epoch.score
    if trial.state == TrialState.FAIL or (score is not None and not np.isfinite(score)):
        score = None
    return Ended(trial.number, hours, trial.state, str(trial.params.get("cell", "")), score)


def _beats(one: Ended, other: Ended, maximized: bool) -> bool:
    assert one.score is not None
    assert other.score is not None
    return one.score > other.score if maximized else one.score < other.score


def _baseline(record: StudyRecord) -> float | None:
    """The linear classifier has no probabilities, and so no loss."""
    if record.baseline is None or record.objective not in ("accuracy", "macro_f1"):
        return None
    return float(getattr(record.baseline, record.objective))


def _sentence(found: History) -> str:
    took = f" in {hours_text(found.hours)}" if found.hours else ""
    ended = f"{several(len(found.trials), 'trial')} ended{took}"
    if not found.best:
        return f"{ended}; none of them is complete."
    last, changes = found.best[-1], len(found.best) - 1  # the first is no change
    then = f"changed {several(changes, 'time')}, last" if changes else "came"
    after = f" after {hours_text(last.hours)}," if found.hours else ""
    said = (
        f"{ended}. The best so far {then}{after} with trial "
        f"{last.number} ({found.score} {value_text(last.score)})."
    )
    low, high = _frame(found)
    beyond = sum(o.score is not None and not low <= o.score <= high for o in found.trials)
    return f"{said} Outside the frame: {several(beyond, 'trial')}." if beyond else said


def _frame(found: History) -> tuple[float, float]:
    """The lowest and highest score that are drawn: a few trials that diverged must not flatten."""
    scores = np.array([one.score for one in found.trials if one.score is not None])
    known = scores if found.baseline is None else np.append(scores, found.baseline)
    best = known.max() if found.maximized else known.min()
    crowd = float(np.quantile(np.abs(known - best), CROWD)) * ROOM
    far = min(float(np.abs(known - best).max()), crowd) or 0.1 * abs(float(best)) or 1.0
    return (best - far, best) if found.maximized else (best, best + far)


def _axis(found: History) -> Axis:
    """Trials of another program's need not have taken any time: then their order is shown."""
    if not found.hours:
        places = {one.number: float(place) for place, one in enumerate(found.trials, 1)}
        return Axis("trials that have ended", "", places)
    unit, each = unit_of(found.hours)
    places = {one.number: one.hours * each for one in found.trials}
    return Axis(f"time searched ({unit})", f" after %{{x:.1f}} {unit}", places)


def _figure(found: History, band: tuple[float, float] | None) -> go.Figure:
    axis = _axis(found)
    last = max(axis.places.values())
    figure = blank(x=axis.name, y=found.score + " (nats)" * (found.score == "validation loss"))
    low, high = _frame(found)
    figure.update_yaxes(range=[low - 0.06 * (high - low), high + 0.06 * (high - low)])
    if len(axis.places) == 1:  # its ticks would have ten digits
        figure.update_xaxes(range=[0, 1.06 * last])
    if band is not None:
        figure.add_hrect(*band, fillcolor=FAINT, line_width=0, layer="below")
        figure.add_trace(_sample("not told from the best", color=FAINT, symbol="square", size=12))
    _add_trials(figure, found, axis)
    failed = [one for one in found.trials if one.state == TrialState.FAIL]
    edge = low if found.maximized else high
    if failed:
        marker = {"color": STATES["fail"], "symbol": "x-thin-open", "size": 8}
        figure.add_trace(_points(failed, [edge] * len(failed), "failed", marker, axis))
    if found.best:
        x, y = [axis.places[b.number] for b in found.best], [b.score for b in found.best]
        line = {"color": GREY, "width": 2, "shape": "hv"}
        trace = {"mode": "lines", "line": line, "hoverinfo": "skip", "name": "best so far"}
        figure.add_trace(go.Scatter(x=[*x, last], y=[*y, y[-1]], **trace))
    if found.baseline is not None:
        line = {"color": BASELINE, "width": 1.5, "dash": "dash"}
        trace = {"mode": "lines", "line": line, "name": "linear baseline"}
        figure.add_trace(go.Scatter(x=[0, last], y=[found.baseline] * 2, **trace))
    return figure


def _add_trials(figure: go.Figure, found: History, axis: Axis) -> None:
    """A trace for each cell, hollow where a trial was pruned."""
    scored = [one for one in found.trials if one.score is not None]
    cells = sorted({one.cell for one in scored})
    shades = colours(cells) if cells != [""] else {"": BLUE}
    for cell in cells:
        of_cell = [one for one in scored if one.cell == cell]
        marker: dict[str, object] = {
            "color": shades[cell],
            "size": 8 if len(scored) < MANY else 5,
            "symbol": [0 if one.state == TrialState.COMPLETE else 100 for one in of_cell],
            "line": {"width": 1.5, "color": shades[cell]},
        }
        name = cell or "trial"
        scores = [one.score for one in of_cell]
        figure.add_trace(_points(of_cell, scores, name, marker, axis))
    if any(one.state == TrialState.PRUNED for one in scored):
        figure.add_trace(_sample("pruned", color=GREY, symbol="circle-open", size=8))


def _points(
    trials: list[Ended],
    heights: list[float | None],
    name: str,
    marker: dict[str, object],
    axis: Axis,
) -> go.Scatter:
    told = f"trial %{{customdata}}, {name}<br>%{{y:.4~g}}{axis.hover}<extra></extra>"
    return go.Scatter(
        x=np.array([axis.places[one.number] for one in trials], np.float32),
        y=np.array(heights, np.float32),
        customdata=np.array([one.number for one in trials], np.int32),
        mode="markers",
        marker=marker,
        name=name,
        hovertemplate=told,
    )


def _sample(name: str, **marker: object) -> go.Scatter:
    """A line of the legend."""
    return go.Scatter(x=[None], y=[None], mode="markers", marker=marker, name=name)
