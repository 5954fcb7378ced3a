"""The ablation as cards: the path as a waterfall, and each change taken back."""

import math

import plotly.graph_objects as go

from data.errors import listed, several
from search.definition.criteria import is_maximized
from search.findings.ablation import Ablation, Interaction, Step
from search.findings.card import Card, NotYet, Said, Table, not_yet
from search.findings.cards import look
from search.findings.cards.digits import (
    change_text,
    difference,
    p_text,
    signed,
    smallest_text,
    with_ends,
)
from search.findings.contrasts import HELPS, HURTS, NOTHING
from search.findings.text import objective_text

NAME, TITLE = "ablation", "Which change helped, trained"
SEEN = "smallest that would be seen"
TRIED = "seeds of the changes that were tried"
COLOURS = {HELPS: look.BLUE, HURTS: look.VERMILION}


def ablation_card(values: Ablation | NotYet) -> Card:
    """The path, and the goal with each change taken back."""
    if isinstance(values, NotYet):
        return not_yet(NAME, TITLE, values)
    return Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join([*(said.text for said in ablation_said(values)), *_more(values)]),
        values=values,
        table=_table(values),
        draw=lambda: _waterfall(values),
    )


def ablation_said(values: Ablation | NotYet) -> list[Said]:
    """What the verdict says of it: the changes on the path by their word, and each taken back."""
    if isinstance(values, NotYet):
        return []
    lines = [_path_text(values), _back_text(values)]
    return [Said(line, NAME) for line in lines if line]


def _path_text(values: Ablation) -> str:
    """``Changed one at a time, 3 seeds each: lr (-0.031), cell (-0.012) help; of ...``."""
    parts = []
    for word in (HELPS, HURTS):
        named = [
            f"{s.name} ({signed(s.score.interval)})" for s in _of(values.path, word) if s.score
        ]
        verb = word if len(named) == 1 else word.removesuffix("s")
        parts += [f"{listed(named)} {verb}"] if named else []
    parts += _rest(values.path)
    seeds = several(values.seeds, "seed")
    return f"Changed one at a time, {seeds} each: {'; '.join(parts)}." if parts else ""


def _back_text(values: Ablation) -> str:
    """``Taken back alone: lr costs 0.031, dropout gains 0.002; of ...``."""
    pairs = [
        f"{step.name} {verb} {signed(step.score.interval)[1:]}"
        for word, verb in ((HELPS, "costs"), (HURTS, "gains"))
        for step in _of(values.back, word)
        if step.score
    ]
    parts = ([listed(pairs)] if pairs else []) + _rest(values.back)
    known = any(step.word for step in values.back)
    return f"Taken back alone: {'; '.join(parts)}." if known else ""


def _of(steps: tuple[Step, ...], word: str) -> list[Step]:
    return [step for step in steps if step.word == word]


def _rest(steps: tuple[Step, ...]) -> list[str]:
    """What is said of those without an effect or a result."""
    nothing = [step.name for step in _of(steps, NOTHING)]
    lost = [step.name for step in _of(steps, "")]
    parts = [f"of {listed(nothing)} no effect can be measured"] if nothing else []
    return parts + ([f"{listed(lost)}: no result"] if lost else [])


def _more(values: Ablation) -> list[str]:
    unit = _unit(values)
    lines = []
    if not math.isnan(values.smallest):
        lines.append(
            f"A difference of {values.smallest:.2g}{unit} would be seen in 80 of 100 such cases."
        )
    if not values.ordered and len(values.path) > 1:
        lines.append(
            "Each step was the best of several by the same seeds, so its gain is rather too large "
            "than too small."
        )
    lines += [_interaction(each, values) for each in values.interactions]
    return lines + trainings_text(values.reused, values.missing)


def trainings_text(reused: int, missing: int) -> list[str]:
    """How many trainings were there before, and how many are still to come."""
    lines = []
    if reused:
        lines.append(f"{several(reused, 'training was', 'trainings were')} there already.")
    if missing:
        left = several(missing, "training is", "trainings are")
        lines.append(f"{left} missing: the same command goes on.")
    return lines


def _interaction(found: Interaction, values: Ablation) -> str:
    amount = f"{abs(found.more.interval.value):.2g}{_unit(values)}"
    is_better = (found.more.interval.value < 0) != is_maximized(values.objective)
    than = "better" if is_better else "worse"
    return f"{found.name} does {amount} {than} beside all other changes than on the path."


def _unit(values: Ablation) -> str:
    return " nats" if values.objective == "loss" else ""


def _table(values: Ablation) -> Table:
    score = objective_text(values.objective)
    heads = ["step", "change", f"{score}{f' ({_unit(values).strip()})' if _unit(values) else ''}"]
    heads += [SEEN, "p", "what it does", TRIED]
    others = [name for name in ("loss", "accuracy") if name != values.objective]
    heads[3:3] = [objective_text(name) for name in others]
    path, back = (sum(bool(s.score) for s in part) for part in (values.path, values.back))
    rows = [
        (str(number), *_cells(step, others, path), _tried(step))
        for number, step in enumerate(values.path, 1)
    ]
    rows += [("taken back", *_cells(step, others, back), "") for step in values.back]
    return Table(tuple(heads), tuple(rows))


def _cells(step: Step, others: list[str], tests: int) -> tuple[str, ...]:
    estimates = [getattr(step, name) for name in others]
    return (
        change_text(step.name, step.before, step.after),
        difference(step.score),
        *(difference(each) for each in estimates),
        smallest_text(step.score, tests),
        p_text(step.score.p) if step.score else "",
        step.word or "no result",
    )


def _tried(step: Step) -> str:
    return ", ".join(f"{name} {seeds}" for name, seeds in step.tried.items())


def _waterfall(values: Ablation) -> go.Figure:
    """From the start's score to the goal's, a bar a step, coloured by what it does."""
    name = objective_text(values.objective)
    axis = f"{name}{f' ({_unit(values).strip()})' if _unit(values) else ''}"
    figure = look.blank(x="", y=axis)
    names = ["start", *(step.name for step in values.path)]
    for step, before, after in zip(values.path, values.scores, values.scores[1:], strict=False):
        figure.add_bar(
            x=[step.name],
            y=[after.value - before.value],
            base=[before.value],
            marker={"color": COLOURS.get(step.word, look.GREY)},
            error_y=_whisker(step),
            hovertemplate=f"{step.name}: {difference(step.score)}<extra></extra>",
            showlegend=False,
        )
    ends = [("start", values.scores[:1])]
    if len(values.scores) == len(values.path) + 1 and len(values.path) == len(values.goal):
        names.append("goal")
        ends.append(("goal", values.scores[-1:]))
    for place, (score,) in ((place, each) for place, each in ends if each):
        figure.add_scatter(
            x=[place], y=[score.value], mode="markers", showlegend=False,
            marker={"size": 12, "color": look.INK},
            error_y={"array": [score.high - score.value], "color": look.GREY},
            hovertemplate=f"{place}: {with_ends(score)}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names)
    return figure


def _whisker(step: Step) -> dict[str, object]:
    if step.score is None:
        return {}
    _, low, high = step.score.interval
    return {"array": [(high - low) / 2], "color": look.GREY}
