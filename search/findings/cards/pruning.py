"""Was pruning fair: in words, as a table, and as a figure."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from data.errors import several
from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards import look
from search.findings.evidence import Evidence
from search.findings.intervals import Interval
from search.findings.pruning_audit import PrunedTrial, PruningAudit, pruning_of
from search.findings.text import duration, objective_text

NAME, TITLE = "pruning", "What pruning saved, and what it ended"
SHOWN = 300  # pruned trials in the figure and the table: those that were finished, and the latest


def pruning_card(evidence: Evidence) -> Card:
    """What pruning saved, and what the finished ones of its trials would have become."""
    found = pruning_of(evidence)
    if isinstance(found, NotYet):
        return not_yet(NAME, TITLE, found)
    shown = _shown(found)
    value = _axis(evidence.record.objective)
    rest = len(found.trials) - len(shown)
    more = f" Shown are {len(shown)} of {len(found.trials):,} pruned trials." if rest else ""
    return Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join(said.text for said in pruning_said(found)) + more,
        values=found,
        table=_table(shown, value),
        draw=lambda: _figure(shown, found.best, value),
    )


def pruning_said(found: PruningAudit | NotYet) -> list[Said]:
    """What it saved; whether it killed the winner."""
    if isinstance(found, NotYet):
        return []
    return [Said(_saving(found), NAME), Said(_audit(found), NAME)]


def _saving(found: PruningAudit) -> str:
    hours = found.saved_hours
    took = f"; {duration(hours * 3600)} of training" if hours is not None else ""
    epochs = several(found.saved_epochs, "epoch")
    return f"Pruning saved {found.saved_share:.0%} of the epochs ({epochs}{took})."


def _audit(found: PruningAudit) -> str:
    count, drawn = len(found.trials), len(found.finished)
    if found.winners is None or found.leaders is None:
        none = "the one" if count == 1 else f"none of {count:,}"
        return (
            f"Whether it ended a winner is not known: {none} pruned {_trials(count)} has "
            f"{'not ' * (count == 1)}been run to its end (--audit-pruning K runs K of them)."
        )
    won = sum(trial.won for trial in found.finished)
    led = sum(trial.led for trial in found.finished)
    which = f"{drawn} of {count}" if drawn < count else f"All {count}" if count > 1 else "The one"
    them = f"pruned {_trials(count)} {'was' if drawn == 1 else 'were'}"
    says = f"{which} {them} finished: {won or 'none'} beat the best"
    if drawn < count:
        says += f" (so of all that pruning ended {_percent(found.winners)} would have)"
    near = f", {led or 'none'} came as near as chance would bring it"
    if drawn < count:
        near += f" ({_percent(found.leaders)})"
    return f"{says}{near}."


def _trials(count: int) -> str:
    return "trial" if count == 1 else "trials"


def _percent(share: Interval) -> str:
    if share.low == share.high:
        return f"{share.value:.0%}"
    return f"{100 * share.low:.0f} to {share.high:.0%}"


def _shown(found: PruningAudit) -> list[PrunedTrial]:
    ranked = sorted(found.trials, key=lambda t: (t.finished is None, -t.number))
    return sorted(ranked[:SHOWN], key=lambda t: t.number)


def _axis(objective: str) -> str:
    name = objective_text(objective)
    return f"{name} (nats)" if objective == "loss" else name


def _table(shown: list[PrunedTrial], value: str) -> Table:
    return Table(
        heads=("trial", "epochs run", "of", f"{value} when pruned", "at its end", "it would"),
        rows=tuple(
            (
                str(trial.number),
                str(trial.epochs),
                str(trial.of),
                f"{trial.value:.4f}",
                _ended(trial),
                _became(trial),
            )
            for trial in shown
        ),
    )


def _ended(trial: PrunedTrial) -> str:
    if trial.finished is None:
        return "not run"
    return "diverged" if np.isnan(trial.finished) else f"{trial.finished:.4f}"


def _became(trial: PrunedTrial) -> str:
    if trial.finished is None:
        return "not known"
    became = "be the best" if trial.won else "lead" if trial.led else "not lead"
    return became if trial.repeats else f"{became} (trained otherwise: another machine?)"


def _figure(shown: list[PrunedTrial], best: float | None, value: str) -> go.Figure:
    """Each trial when it was pruned, an arrow's length to where it ended."""
    figure = look.blank(x="trial", y=value)
    pruned = {t.number: t.value for t in shown}
    _add(figure, pruned, "when pruned", symbol="circle-open", colour=look.STATES["pruned"])
    ended = [t for t in shown if t.finished is not None and np.isfinite(t.finished)]
    xs = [x for t in ended for x in (t.number, t.number, None)]
    ys = [y for t in ended for y in (t.value, t.finished, None)]
    line = {"color": look.STATES["pruned"], "width": 1}
    figure.add_scatter(x=xs, y=ys, mode="lines", line=line, showlegend=False, hoverinfo="skip")
    done = {t.number: t.finished for t in ended}
    _add(figure, done, "run to the end", symbol="circle", colour=look.STATES["complete"])
    if best is not None:
        line = {"color": look.STATES["complete"], "dash": "dash"}
        # As far as there are trials, and visible where there is one.
        ends = [min(t.number for t in shown) - 0.5, max(t.number for t in shown) + 0.5]
        figure.add_scatter(x=ends, y=[best, best], mode="lines", line=line, name="the best trial")
    return figure


def _add(
    figure: go.Figure, values: Mapping[int, float | None], name: str, *, symbol: str, colour: str
) -> None:
    """Points, one a trial."""
    figure.add_scatter(
        x=list(values),
        y=list(values.values()),
        mode="markers",
        name=name,
        marker={"symbol": symbol, "color": colour, "size": 9},
        hovertemplate="trial %{x}: %{y:.4f}",
    )
