"""Listed changes as cards: each beside what was published of it, and what was claimed of all."""

import math

import plotly.graph_objects as go

from data.errors import listed, several
from search.findings.card import Card, Table
from search.findings.cards import look
from search.findings.cards.ablation import NAME, SEEN, TITLE, trainings_text
from search.findings.cards.digits import (
    bounded,
    change_text,
    difference,
    p_text,
    signed,
    smallest_text,
    with_ends,
)
from search.findings.claims import Claimed
from search.findings.contrasts import HELPS, HURTS, NOTHING, Estimate
from search.findings.listed import Change, Listed
from search.findings.published import DIVERGES, LITTLE, UNKNOWN, VERDICTS
from search.findings.text import objective_text

CLAIMS, CLAIMS_TITLE = "claims", "What was claimed"
COLOURS = {
    HELPS: look.BLUE, HURTS: look.VERMILION, NOTHING: look.GREY,
}  # fmt: skip
WORDS = (HELPS, HURTS, NOTHING, DIVERGES, UNKNOWN)
LINE = 34  # pixels of a change in the figure


def listed_cards(values: Listed) -> tuple[Card, ...]:
    """The changes, and the claims if there are any."""
    steps = Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join([_steps_text(values), *_more(values)]),
        values=values,
        table=_table(values),
        draw=lambda: _figure(values),
    )
    if not values.claims:
        return (steps,)
    claims = Card(
        name=CLAIMS,
        title=CLAIMS_TITLE,
        sentence=f"{_claims_text(values)} {_about_claims(values)}",
        values=values.claims,
        table=_claims_table(values),
    )
    return (steps, claims)


def _steps_text(values: Listed) -> str:
    """By verdict where something was published, else by word."""
    seeds = several(values.seeds, "seed")
    parts = [
        f"{len(found)} {word} ({'; '.join(map(_named, found))})"
        for word, found in by_word(values).items()
    ]
    kind = "published" if values.is_published else "listed"
    changes = several(len(values.steps), f"{kind} change")
    return f"{changes}, trained with {seeds} each: {'; '.join(parts)}."


def by_word(values: Listed) -> dict[str, list[Change]]:
    """The changes by their verdict where something was published, else by what they do."""
    words: dict[str, list[Change]] = {
        word: [] for word in (VERDICTS if values.is_published else WORDS)
    }
    for change in values.steps:
        words[(change.verdict if values.is_published else change.word) or UNKNOWN].append(change)
    return {word: found for word, found in words.items() if found}


def _named(change: Change) -> str:
    """``lr 0.001 → 0.0003: -0.028``."""
    estimate = change.accuracy if change.verdict else change.score
    by = f": {signed(estimate.interval)}" if estimate else ""
    return f"{_what(change)}{by}"


def _what(change: Change) -> str:
    return listed([change_text(name, *ends) for name, ends in change.values.items()])


def _claims_text(values: Listed) -> str:
    parts = []
    for verdict in VERDICTS:
        found = [f"“{claim.says}”" for claim in values.claims if claim.verdict == verdict]
        parts += [f"{len(found)} {verdict} ({'; '.join(found)})"] if found else []
    return f"{several(len(values.claims), 'claim')}: {'; '.join(parts)}."


def _more(values: Listed) -> list[str]:
    lines = [
        f"{several(values.configurations, 'configuration')}, {values.seeds} seeds that all share"
        f"{f', on {values.device}' if values.device else ''}; differences are on "
        f"{f'{values.texts:,} validation texts' if values.texts else 'the validation texts'}, "
        f"with 95% intervals over {_chance(values)}, and words after Holm's correction."
    ]
    if values.note:
        lines.append(values.note)
    if not math.isnan(values.smallest):
        unit = " nats" if values.measure == "loss" else ""
        size = bounded(values.smallest, values.measure)
        lines.append(
            f"A difference of {size}{unit} in {objective_text(values.measure)} "
            "would be seen in 80 of 100 such cases."
        )
    return lines + trainings_text(values.reused, values.missing)


def _chance(values: Listed) -> str:
    """What intervals are over, and where not."""
    if values.texts is None:
        return "seeds alone"
    name = values.measure
    is_own = name not in ("loss", "accuracy")
    return f"seeds and texts{f' (of {objective_text(name)} over seeds)' if is_own else ''}"


def _about_claims(values: Listed) -> str:
    """By what rules the verdicts are found."""
    unit = " nats" if values.measure == "loss" else f" of {objective_text(values.measure)}"
    return (
        "Confirmed: each difference that the claim hangs on is clear after Holm's correction; "
        "contradicted: one is clear the other way; that nothing is gained is confirmed where all "
        f"intervals end below {LITTLE:g}{unit}. A parameter's largest change is chosen by the "
        "seeds that also test it. Rises of the loss have intervals over seeds alone."
    )


def _table(values: Listed) -> Table:
    """A line of each configuration, and of each part of a change that is several."""
    is_published = values.is_published
    is_own = values.objective not in ("loss", "accuracy")
    heads = ["row", "change", *(["published", "its change"] if is_published else []), "accuracy"]
    heads += ["change of accuracy", "change of validation loss (nats)"]
    heads += [f"change of {objective_text(values.objective)}"] if is_own else []
    heads += [SEEN, "p", "verdict" if is_published else "what it does"]
    first = values.rows[0]
    blank = [""] * (4 + is_own)
    tests = sum(_measured(change, values) is not None for change in values.changes)
    shown = [f"{first.published:.4f}", ""] if first.published is not None else []
    rows = [("0", "the first", *shown, with_ends(first.accuracy), *blank, "")]
    for change in values.changes:
        row = values.rows[change.row]
        accuracy = "" if change.is_part else with_ends(row.accuracy)
        published = ["", ""] if is_published else []
        if change.published is not None and row.published is not None:
            published = [f"{row.published:.4f}", f"{change.published:+.4f}"]
        own = [difference(change.score)] if is_own else []
        rows.append(
            (
                "" if change.is_part else f"{change.row}, after {change.after}",
                _what(change) + (" alone" if change.is_part else ""),
                *published,
                accuracy,
                difference(change.accuracy),
                difference(change.loss),
                *own,
                smallest_text(_measured(change, values), tests, values.measure),
                _p(change, values),
                change.verdict or change.word or "no result",
            )
        )
    return Table(tuple(heads), tuple(rows))


def _p(change: Change, values: Listed) -> str:
    estimate = _measured(change, values)
    return p_text(estimate.p) if estimate else ""


def _measured(change: Change, values: Listed) -> Estimate | None:
    return change.accuracy if values.measure == "accuracy" else change.score


def _claims_table(values: Listed) -> Table:
    rows = [(claim.says, _evidence(claim, values), claim.verdict) for claim in values.claims]
    return Table(("claim", "what the trainings say", "verdict"), tuple(rows))


def _evidence(claim: Claimed, values: Listed) -> str:
    unit = "validation loss, nats" if claim.in_loss else f"gain, {objective_text(values.measure)}"
    parts = "; ".join(f"{part.label}: {with_ends(part.interval)}" for part in claim.parts)
    return f"{unit}: {parts}" if parts else ""


def _figure(values: Listed) -> go.Figure:
    """Each change's difference with its interval, and what was published as a diamond."""
    name = objective_text(values.measure)
    unit = " (nats)" if values.measure == "loss" else ""
    height = 180 + LINE * len(values.changes)
    figure = look.blank(x=f"change of {name}{unit}", y="", height=height)
    labels = [_label(change) for change in values.changes]
    for word in (HELPS, HURTS, NOTHING):
        places = [i for i, change in enumerate(values.changes) if change.word == word]
        ends = [e.interval for i in places if (e := _measured(values.changes[i], values))]
        figure.add_scatter(
            x=[end.value for end in ends],
            y=[labels[i] for i in places],
            name=word,
            mode="markers",
            marker={"color": COLOURS[word], "size": 9},
            error_x={"array": [(end.high - end.low) / 2 for end in ends]},
        )
    pairs = [(c.published, labels[i]) for i, c in enumerate(values.changes)]
    published = [(value, label) for value, label in pairs if value is not None]
    if published:
        figure.add_scatter(
            x=[value for value, _ in published],
            y=[label for _, label in published],
            name="published",
            mode="markers",
            marker={"color": look.INK, "size": 9, "symbol": "diamond-open"},
        )
    figure.update_layout(legend={"y": -70 / height, "yanchor": "top"})  # below the axis' name
    figure.add_vline(x=0, line={"color": look.GREY, "width": 1})
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=labels[::-1])
    return figure


def _label(change: Change) -> str:
    return f"{change.row}: {_what(change)}{' alone' if change.is_part else ''}"
