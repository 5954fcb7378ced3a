"""How a study compares with another one of the same texts: what may be claimed, and what not."""

from collections.abc import Callable
from dataclasses import replace

import plotly.graph_objects as go

from search.findings.card import Card, Said, Table
from search.findings.cards.look import BLUE, ORANGE, blank
from search.findings.comparison import HOUR, Best, Comparison, Paired, Step, comparison_of
from search.findings.evidence import Evidence
from search.findings.intervals import Interval
from search.findings.sections import Findings, Section, findings_of
from search.findings.text import duration, objective_text, parameters_text

NAME = "comparison"
COLOURS = (BLUE, ORANGE)  # of the first study and the second
LEVEL = 0.05  # of McNemar's test
MODE = "lines+markers"  # one trial alone has no line
Place = Callable[[Step], float]


def compared(one: Evidence, other: Evidence) -> Findings:
    """The findings of ``one`` with a section on how it compares with ``other``.

    Raises:
        StudyError: the two cannot be compared.
    """
    section = comparison_section(comparison_of(one, other))  # first: it may be refused
    found = findings_of(one)
    claim = section.cards[0]
    return replace(
        found,
        said=(*found.said, Said(claim.sentence, claim.name)),
        sections=(*found.sections[:1], section, *found.sections[1:]),
    )


def comparison_section(values: Comparison) -> Section:
    """How the first study compares with the second."""
    question = f"How does it compare with {values.bests[1].study}?"
    cards = (_bests(values), _by_trial(values), _by_hours(values), _settings(values))
    return Section(question, cards)


def _bests(values: Comparison) -> Card:
    paired = values.paired
    one, other = values.bests
    loss, accuracy = (paired.loss, paired.accuracy) if paired else (None, None)
    rows = [
        ("best trial", str(one.trial), str(other.trial), ""),
        ("validation loss (nats)", *_both(one.loss, other.loss), _signed(loss)),
        ("loss, seeds included (nats)", "", "", _signed(paired.with_seeds if paired else None)),
        ("accuracy", *_both(one.accuracy, other.accuracy), _signed(accuracy)),
        ("McNemar's exact test (p)", "", "", f"{paired.p:.2g}" if paired else ""),
        ("macro-F1", _number(one.macro_f1), _number(other.macro_f1), ""),
        ("parameters", parameters_text(one.params), parameters_text(other.params), ""),
        ("complete trials", str(one.complete), str(other.complete), ""),
        ("training (hours)", f"{one.hours:.3g}", f"{other.hours:.3g}", ""),
    ]
    heads = ("", one.study, other.study, f"{other.study} minus {one.study}")
    shown = tuple(row for row in rows if any(row[1:]))
    return Card(
        name=NAME,
        title="Both bests on the same rows",
        sentence=_claim(values),
        values=values,
        table=Table(heads, shown),
    )


def _claim(values: Comparison) -> str:
    """What may be said of the two, and no more."""
    one, other = values.bests
    paired = values.paired
    trials = f"trial {other.trial} of {other.study} and trial {one.trial} of {one.study}"
    if paired is None:
        return (
            f"The best of both, {trials}, have losses of {other.loss.value:.4f} and "
            f"{one.loss.value:.4f}; the rows are not kept with both studies, so that no test can "
            "say whether this is more than chance."
        )
    told = f"{_signed(paired.loss)} nats on the same {paired.rows:,} rows"
    accuracies = _accuracies(paired)
    if _holds_zero(paired.loss):
        return (
            f"No difference between {trials} is proved: their losses differ by {told}{accuracies}."
        )
    better, worse = (other, one) if paired.loss.value < 0 else (one, other)
    nets = f"The net of {_trial(better)} has less loss than that of {_trial(worse)}"
    if paired.with_seeds is None:
        return (
            f"{nets}, {told}{accuracies}. Whether its configuration is the better one other seeds "
            "would say: none is trained with several."
        )
    if _holds_zero(paired.with_seeds):
        return (
            f"{nets}, {told}{accuracies}, but other seeds may turn that round "
            f"({_signed(paired.with_seeds)}): neither configuration is proved to be better."
        )
    return (
        f"The configuration of {_trial(better)} is better than that of {_trial(worse)}: the "
        f"losses differ by {told}, or {_signed(paired.with_seeds)} with the spread of "
        f"seeds{accuracies}."
    )


def _accuracies(paired: Paired) -> str:
    """The same of the accuracies, where their test says another thing than their losses'."""
    is_proved = paired.p < LEVEL
    verb = "differ" if is_proved else "are not told apart"
    by = f" by {_signed(paired.accuracy)}" if is_proved else ""
    return f"; their accuracies {verb}{by} (McNemar, p = {paired.p:.2g})"


def _by_trial(values: Comparison) -> Card:
    one, other = values.bests
    least = min(one.complete, other.complete)
    first, second = (steps[least - 1].best for steps in values.steps)
    sentence = (
        f"After {least} complete trial{'s' if least > 1 else ''} each, {one.study} was at "
        f"{first:.4f} and {other.study} at {second:.4f}."
    )
    return _curves(values, "trial", lambda step: float(step.trial), sentence)


def _by_hours(values: Comparison) -> Card:
    one, other = values.bests
    least = min(one.hours, other.hours)
    first, second = (_at(steps, least) for steps in values.steps)
    sentence = (
        f"After {duration(least * HOUR)} of training each, {one.study} was at {_number(first)} "
        f"and {other.study} at {_number(second)}."
    )
    return _curves(values, "training (hours)", lambda step: step.hours, sentence)


def _at(steps: tuple[Step, ...], hours: float) -> float | None:
    """The best until then; ``None``: no trial was complete."""
    until = [step.best for step in steps if step.hours <= hours * (1 + 1e-9)]
    return until[-1] if until else None


def _curves(values: Comparison, axis: str, place: Place, sentence: str) -> Card:
    """Both studies' best score so far; the table has the steps at which it became better."""
    score = objective_text(values.objective)
    names = [best.study for best in values.bests]
    unit = " (nats)" if values.objective == "loss" else ""
    is_hours = axis != "trial"

    def draw() -> go.Figure:
        figure = blank(x=axis, y=f"best {score} so far{unit}")
        for name, steps, colour in zip(names, values.steps, COLOURS, strict=True):
            line = {"shape": "hv", "color": colour}
            places, bests = [*map(place, steps)], [step.best for step in steps]
            figure.add_scatter(x=places, y=bests, name=name, line=line, mode=MODE)
        return figure

    rows = [
        (name, str(step.trial), f"{step.hours:.3g}", f"{step.best:.4f}")
        for name, steps in zip(names, values.steps, strict=True)
        for before, step in zip((None, *steps), steps, strict=False)
        if before is None or before.best != step.best
    ]
    return Card(
        name=f"{NAME}-by-hours" if is_hours else f"{NAME}-by-trial",
        title=f"The best so far, by {'hours of training' if is_hours else 'trial'}",
        sentence=sentence,
        values=values.steps,
        table=Table(("study", "trial", "training (hours)", f"best {score} so far"), tuple(rows)),
        draw=draw,
    )


def _settings(values: Comparison) -> Card:
    one, other = values.bests
    found = values.settings
    rows = tuple((d.key, _worded(d.stored), _worded(d.asked)) for d in found)
    many = f"{len(found)} setting{'s' if len(found) > 1 else ''} of the studies differ"
    sentence = f"{many}{'s' if len(found) == 1 else ''}." if found else "No setting differs."
    return Card(
        name=f"{NAME}-settings",
        title="What was asked for otherwise",
        sentence=sentence,
        values=found,
        table=Table(("setting", one.study, other.study), rows) if rows else None,
    )


def _worded(value: object) -> str:
    """A setting's value; of a range its ends."""
    if isinstance(value, dict) and {"low", "high"} <= value.keys():
        step = f", step {value['step']}" if value.get("step") else ""
        return f"{value['low']} to {value['high']}{step}{', log' if value.get('log') else ''}"
    if isinstance(value, dict):
        return parameters_text(value)
    if isinstance(value, (list, tuple)):
        return "; ".join(map(_worded, value)) or "none"
    return "none" if value is None else str(value)


def _trial(best: Best) -> str:
    return f"trial {best.trial} of {best.study}"


def _both(one: Interval, other: Interval) -> tuple[str, str]:
    return _with_ends(one), _with_ends(other)


def _with_ends(found: Interval) -> str:
    ends = "" if found.low != found.low else f" ({found.low:.4f} to {found.high:.4f})"
    return "" if found.value != found.value else f"{found.value:.4f}{ends}"


def _signed(found: Interval | None) -> str:
    """A difference with its interval, where there is one."""
    return "" if found is None else f"{found.value:+.4f} ({found.low:+.4f} to {found.high:+.4f})"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.4f}"


def _holds_zero(found: Interval) -> bool:
    return found.low <= 0 <= found.high
