"""The file of a study that was fitted to its texts, and the reasons that stand in it."""

from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.items import Table

from data.errors import several
from search.definition.domain import Value
from search.definition.fitting import largest_share, training_rows
from search.definition.tables import Definition

if TYPE_CHECKING:  # it imports torch, which takes a second
    from data.inspection import Inspection


def reasons(texts: "Inspection", definition: Definition, time: str) -> list[str]:
    """Why the study is as it is, in four lines.

    Args:
        texts: that it was fitted to.
        definition: the study.
        time: how long trials take, measured.
    """
    of = definition.values_of
    _, fixed = definition.settings({})
    falling = " at a rate that falls to 0" if fixed.schedule == "linear" else ""
    weights = "every text counts alike"
    if fixed.class_weights != "none":
        weights = "texts of rare classes count more"
    if definition.search.objective == "macro_f1":
        weights += ", and the search is for the highest macro-F1"
    both = ", in one direction or both" if "bidirectional" in definition.space else ""
    return [
        f"{several(training_rows(texts), 'training text')} of {len(texts.classes)} classes: "
        f"batches of {fixed.batch_size}, up to {several(fixed.epochs, 'epoch')}{falling}, "
        f"stopped after {fixed.patience} without a better one",
        f"{several(round(texts.median), 'token')} in the median, 95% up to {texts.long:.0f}: "
        f"max_length {max(of('max_length'))}, vocab_threshold {_span(of('vocab_threshold'))}",
        f"the largest class has {largest_share(texts):.0%} of the training texts: {weights}",
        f"{time}: {_span(of('hidden_dim'))} units, {several(int(max(of('layers'))), 'layer')} "
        f"at most{both}",
    ]


def as_toml(definition: Definition, why: list[str], command: str) -> str:
    """The study file of ``definition``, for a person to read and to edit.

    Args:
        definition: of the study.
        why: lines of reasons; none: it is written again from the database.
        command: that runs it.
    """
    file = tomlkit.document()
    origin = f"fitted to {definition.data.dataset!r}" if why else "as its database has it"
    file.add(tomlkit.comment(f"A study {origin}; edit it, and run it:"))
    file.add(tomlkit.comment(f"    {command}"))
    for line in why:
        file.add(tomlkit.comment(line))
    tables = definition.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    rows = tables.pop("enqueue", [])
    for title, table in tables.items():
        file[title] = _table(table)
    if rows:
        file.add(tomlkit.nl())
        file["enqueue"] = tomlkit.aot()
        for row in rows:
            file["enqueue"].append(_table(row))
    return tomlkit.dumps(file)


def _table(given: dict[str, Any]) -> Table:
    """A table of TOML in which a range stands on one line."""
    table = tomlkit.table()
    for name, value in given.items():
        if isinstance(value, dict):
            inline = tomlkit.inline_table()
            inline.update(value)
            table[name] = inline
        else:
            table[name] = value
    return table


def _span(values: list[Value]) -> str:
    low, high = min(values), max(values)
    return f"{low}" if low == high else f"{low} to {high}"
