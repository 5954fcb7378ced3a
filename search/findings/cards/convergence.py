"""Did training converge: in words, as a table, and as a figure."""

import plotly.graph_objects as go

from data.errors import listed, several
from search.definition.criteria import LOSS
from search.findings.budget import GAIN
from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards import look
from search.findings.convergence import Converged, Convergence, convergence_of
from search.findings.curves import Curves
from search.findings.evidence import Evidence
from search.findings.text import objective_text

NAME, TITLE = "convergence", "How each curve went"
SHOWN = 30  # trials in the table
HEIGHT = 460  # pixels: two or three axes, one above the other
LOWEST = 0.24  # of the height: the axis of the learning rate
GAP = 0.06  # likewise, between two axes
Panel = tuple[
    str, str, list[tuple[str, str, list[float]]]
]  # axis, kind, lines: name, dash, values


def convergence_card(evidence: Evidence) -> Card:
    """What the curves of all trials did, and those of the best."""
    found = convergence_of(evidence)
    if isinstance(found, NotYet):
        return not_yet(NAME, TITLE, found)
    rest = len(found.trials) - SHOWN
    more = f" The table has the best {SHOWN} of {len(found.trials):,} trials." if rest > 0 else ""
    return Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join(said.text for said in convergence_said(found)) + more,
        values=found,
        table=_table(found),
        draw=(lambda: _figure(found)) if found.curves else None,
    )


def convergence_said(found: Convergence | NotYet) -> list[Said]:
    """What the best trial did; what all did; whether more epochs would have helped."""
    if isinstance(found, NotYet):
        return []
    texts = ["No trial is complete.", _diverged(found)]
    if found.complete:
        texts = [_best(found), _all(found), _more(found), _diverged(found)]
    return [Said(text, NAME) for text in texts if text]


def _best(found: Convergence) -> str:
    best = found.complete[0]
    at = f"after epoch {best.minimum} of {best.epochs}"
    text = f"The best trial's validation loss was least {at}"
    if found.objective != LOSS:
        text += f", its {objective_text(found.objective)} best after epoch {best.best_epoch}"
    if best.overfits:
        return (
            f"{text}; then it rose by {best.rise:.4f} while the training loss fell: it overfits."
        )
    if best.rise > 0:
        return f"{text}; it rose by {best.rise:.4f} after it."
    return f"{text}, the last." if best.minimum == best.epochs else f"{text}."


def _all(found: Convergence) -> str:
    trials = found.complete
    counts = {
        "overfit": sum(t.overfits for t in trials),
        "oscillated": sum(t.oscillates for t in trials),
        "stayed where the first epoch left them": sum(t.is_flat for t in trials),
    }
    if not found.more_epochs:  # else that is a sentence of its own
        counts["still improved in the last epoch"] = sum(t.improving for t in trials)
    parts = [f"{count:,} {what}" for what, count in counts.items() if count]
    of = several(len(trials), "complete trial")
    return f"Of {of} {', '.join(parts)}." if parts else f"None of {of} overfit or oscillated."


def _more(found: Convergence) -> str:
    if found.more_epochs:
        rate = ", though a falling learning rate is part of such an end" if found.rate_fell else ""
        return f"More epochs may help: {_improving(found)}{rate}."
    ended = [trial for trial in found.complete if not trial.improving]
    early = sum(trial.best_epoch < trial.epochs for trial in ended)
    parts = {
        f"{'was' if early == 1 else 'were'} best before the last one": early,
        f"gained less than {GAIN:.0%} in it": len(ended) - early,
    }
    told = [f"{count:,} {what}" for what, count in parts.items() if count]
    of = several(len(found.complete), "trial")
    return f"More epochs would hardly have helped: {listed(told)} (of {of})."


def _improving(found: Convergence) -> str:
    """Which complete trials still improved in their last epoch, and by how much at least."""
    trials = found.complete
    count, of = sum(t.improving for t in trials), several(len(trials), "complete trial")
    who = f"{count:,} of {of}"
    if trials[0].improving:
        who = f"the best of {of}" if count == 1 else f"{who}, the best among them,"
    return f"{who} gained {GAIN:.0%} or more in the last one"


def _diverged(found: Convergence) -> str:
    what = several(found.diverged, "trial")
    why = "a loss that is no number, or worse than guessing"
    return f"{what} diverged: {why}." if found.diverged else ""


def _word(trial: Converged) -> str:
    names = {
        "diverged": trial.diverged,
        "overfits": trial.overfits,
        "oscillates": trial.oscillates,
        "still improves": trial.improving,
        "its loss still falls": trial.falling and not trial.improving and trial.is_complete,
        "flat": trial.is_flat,
        "ended early": not trial.is_complete,
    }
    return ", ".join(name for name, is_so in names.items() if is_so) or "converged"


def _table(found: Convergence) -> Table:
    heads: tuple[str, ...] = (
        "trial", "epochs", "least loss after epoch", "validation loss (nats)", "rise after it",
        "largest step the wrong way", "what it did",
    )  # fmt: skip
    rows: list[tuple[str, ...]] = [_row(trial) for trial in found.trials[:SHOWN]]
    if found.objective != LOSS:
        heads = (*heads, objective_text(found.objective), "after epoch")
        scores = [(f"{t.score:.4f}", str(t.best_epoch)) for t in found.trials[:SHOWN]]
        rows = [(*row, *score) for row, score in zip(rows, scores, strict=True)]
    return Table(heads, tuple(rows))


def _row(trial: Converged) -> tuple[str, ...]:
    return (
        str(trial.number),
        str(trial.epochs),
        str(trial.minimum),
        f"{trial.loss:.4f}",
        f"{trial.rise:.4f}",
        f"{trial.swing:.4f}",
        _word(trial),
    )


def _figure(found: Convergence) -> go.Figure:
    """By epoch: the objective where it is another one, the losses, the learning rate."""
    drawn = [_panels(curves, found.objective) for curves in found.curves]
    figure = look.blank(x="epoch", y=drawn[0][0][0], height=HEIGHT)
    _stack(figure, drawn[0])
    for curves, panels, colour in zip(found.curves, drawn, look.SERIES, strict=False):
        for place, (_, _, lines) in enumerate(panels):
            for name, dash, values in lines:
                figure.add_scatter(
                    x=curves.epochs,
                    y=values,
                    yaxis=_axis("y", place),
                    name=f"trial {curves.number}, {name}",
                    mode="lines+markers",
                    line={"color": colour, "dash": dash},
                    showlegend=place + 1 < len(panels),  # the last has one line a trial
                )
    return figure


def _panels(curves: Curves, objective: str) -> list[Panel]:
    """From above: an axis' name, its type, and the lines on it."""
    score = objective_text(objective)
    losses = [("validation loss", "solid", curves.validation),
              ("training loss", "dot", curves.train)]  # fmt: skip
    own: list[Panel] = [(score, "linear", [(score, "solid", curves.scores)])]
    return [
        *(own if objective != LOSS else []),
        ("loss (nats)", "linear", losses),
        ("learning rate", "log", [("learning rate", "dash", curves.lr)]),
    ]


def _stack(figure: go.Figure, panels: list[Panel]) -> None:
    """Place the axes one above the other, over one axis of epochs at the bottom."""
    above, height = len(panels) - 1, (1 - LOWEST - GAP) / (len(panels) - 1)
    for place, (name, kind, _) in enumerate(panels):
        low = 1 - height * (place + 1) + (GAP if place + 1 < above else 0)
        domain = [0, LOWEST] if place == above else [low, 1 - height * place]
        axis: dict[str, object] = {
            "title": {"text": name},
            "type": kind,
            "domain": domain,
            "anchor": "x",
        }
        if place == above:
            axis["nticks"] = 4  # it is low: more would run into each other
        figure.update_layout({_axis("yaxis", place): axis})
    figure.update_xaxes(anchor=_axis("y", above), dtick=None if _is_long(panels) else 1)


def _axis(kind: str, place: int) -> str:
    return f"{kind}{place + 1 if place else ''}"


def _is_long(panels: list[Panel]) -> bool:
    return len(panels[-1][2][0][2]) > SHOWN
