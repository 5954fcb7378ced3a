"""The model's card: what it is, how it was chosen, how well it does; in the Hub's form.

The head is what the Hugging Face Hub reads of a model card ("Model Cards" in its documentation).
"""

import json
import math
from collections.abc import Sequence

from search.findings.intervals import Interval
from search.findings.lineup import Lineup
from search.findings.text import objective_text, parameters_text
from search.storage.attributes import Opening
from search.storage.record import StudyRecord
from search.storage.urls import without_password

USE = """```python
from model.checkpoint import load

model = load("path/to/this/folder")
print(model.predict(["a text", "another one"]))
```"""


def card(
    title: str,
    source: StudyRecord,
    lineup: Lineup,
    *,
    about: Sequence[str],
    made_of: str,
    openings: Sequence[Opening],
) -> str:
    """The text of the folder's README.md.

    Args:
        title: what the model is called.
        source: the study that was searched.
        lineup: its confirmed configurations.
        about: sentences on how this model was made.
        made_of: which model it is, as its ``openings`` say it.
        openings: of test rows, with this model or with another.
    """
    return "\n".join(
        [
            *_head(source, [o for o in openings if o.scores and o.tested == made_of]),
            f"# {title}",
            "",
            f"A recurrent text classifier: {parameters_text(lineup.best.searched.params)}.",
            *about,
            "",
            USE,
            "",
            "## What it was trained on",
            "",
            *(f"- {line}" for line in source.card.lines),
            "",
            *_choice(source, lineup),
            *_tests(openings, made_of),
        ]
    )


def interval_text(interval: Interval) -> str:
    """``0.2167 (0.2101 to 0.2233)``, or the value alone."""
    if math.isnan(interval.low):
        return f"{interval.value:.4f}"
    return f"{interval.value:.4f} ({interval.low:.4f} to {interval.high:.4f})"


def opening_lines(opening: Opening, count: int, total: int) -> list[str]:
    """What a look at test rows was, and which of how many."""
    lines = [
        f"test rows: {opening.test}, {opening.rows:,} texts, opened {opening.time} "
        f"(look {count} of {total})"
    ]
    if opening.unseen:
        named = ", ".join(f"{name!r} {n:,}" for name, n in opening.unseen.items())
        lines.append(f"classes that the search does not have, counted as wrong: {named}")
    if opening.repeated:
        lines.append(f"{opening.repeated:,} of them are texts of the search too")
    return lines


def _head(source: StudyRecord, tested: Sequence[Opening]) -> list[str]:
    """What the Hub reads; the scores are those of the last look at test rows with this model."""
    dataset = "" if source.binding is None else source.binding.definition.data.dataset
    lines = ["---", "library_name: pytorch", "pipeline_tag: text-classification"]
    if tested:
        scores = next(iter(tested[-1].scores.values()))
        lines += [
            "model-index:",
            f"- name: {source.name}",
            "  results:",
            "  - task:",
            "      type: text-classification",
            "    dataset:",
            f"      name: {json.dumps(f'{dataset}, {tested[-1].test}')}",
            f"      type: {json.dumps(dataset)}",
            "    metrics:",
            "    - type: accuracy",
            f"      value: {scores['accuracy'][0]:.4f}",
            "    - type: f1",
            f"      value: {scores['macro_f1'][0]:.4f}",
        ]
    return [*lines, "---", ""]


def _choice(source: StudyRecord, lineup: Lineup) -> list[str]:
    objective = objective_text(source.objective)
    rows = [
        f"| {i} | {parameters_text(each.searched.params)} | {each.searched.value:.4f} "
        f"| {interval_text(each.mean)} | {len(each.confirmed)} |"
        for i, each in enumerate(lineup.ranked, 1)
    ]
    return [
        "## How it was chosen",
        "",
        f"The study {source.name} has {len(source.complete)} complete trials of "
        f"{len(source.trials)}. Its {len(lineup.lines)} best configurations were trained "
        f"again with {lineup.seeds} seeds each, and the best mean {objective} of the "
        "validation texts decided.",
        "",
        f"| | configuration | searched | confirmed, 95% of {objective} | seeds |",
        "|-|-|-|-|-|",
        *rows,
        "",
    ]


def _tests(openings: Sequence[Opening], made_of: str) -> list[str]:
    if not openings:
        return ["## Test", "", "No test rows were opened.", ""]
    lines = ["## Test", ""]
    for count, opening in enumerate(openings, 1):
        lines += [f"- {line}" for line in opening_lines(opening, count, len(openings))]
        which = "this model" if opening.tested == made_of else "another model"
        lines.append(f"- {which}: {opening.model}, {opening.tested}")
        lines.append(f"- by `{without_password(opening.command)}`")
        if not opening.scores:
            lines += ["- it was broken off", ""]
            continue
        lines += ["", *_table(opening), ""]
        lines += ["p: McNemar's exact test against the linear classifier.", ""]
    return lines


def _table(opening: Opening) -> list[str]:
    """The scores of all classifiers of a look."""
    columns = ["accuracy", "macro-F1", "log-loss", "p"]
    columns += ["accuracy without repeated texts"] if opening.repeated else []
    lines = [f"| classifier | {' | '.join(columns)} |", "|-" * (len(columns) + 1) + "|"]
    for name, each in opening.scores.items():
        cells = [interval_text(Interval(*each[k])) for k in ("accuracy", "macro_f1", "log_loss")]
        cells.append("" if each["p"] is None else f"{each['p']:.2g}")
        cells += [f"{each['unrepeated']:.4f}"] if opening.repeated else []
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines
