"""An inspection in plain lines: what was read, and first what is alarming about it."""

from dataclasses import asdict
from typing import Any

from data.errors import first_of, listed, several, shown
from data.inspection import Inspection
from data.kinds import MEANINGS

CUT, UNKNOWN, LARGEST = 0.2, 0.3, 0.8  # shares above which there is a warning
FEW = 5  # validation rows of a class below which there is one
EMPTY, CONTRADICTING, SHARED = 0.01, 0.05, 0.1  # shares of the rows above which there is one
SHOWN_CLASSES = 5
MISSING = {"nan", "none", "null", "n/a", "na", "<na>", "nil"}  # names that stand for no label
KEPT = {
    "head": "the beginning is kept",
    "tail": "the end is kept",
    "both": "both ends are kept",
}
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}


def as_dict(found: Inspection) -> dict[str, Any]:
    """``found`` as plain values for JSON, its warnings included."""
    return {
        **asdict(found),
        "repeats": found.repeats._asdict(),
        "rows": found.rows,
        "largest": found.largest,
        "warnings": warnings(found),
    }


def warnings(found: Inspection) -> list[str]:
    """What is alarming about the data, a sentence each; none if nothing is."""
    return [line for line in (*_of_classes(found), *_of_texts(found)) if line]


def _of_classes(found: Inspection) -> list[str]:
    few = [each.name for each in found.classes if each.validation < FEW]
    facts = found.facts
    lines = []
    if facts.combinations:
        lines.append(
            f"the classes look like {facts.combinations}; several labels a text are not supported"
        )
    if found.largest > LARGEST:
        largest = max(found.classes, key=lambda each: each.validation)
        lines.append(
            f"{found.largest:.0%} of the validation rows are of the class {shown(largest.name)}: "
            "accuracy says little, macro-F1 more"
        )
    if few:
        lines.append(
            f"{several(len(few), 'class has', 'classes have')} fewer than {FEW} validation rows: "
            f"{first_of([shown(name) for name in few])}"
        )
    if missing := [each.name for each in found.classes if each.name.lower() in MISSING]:
        lines.append(
            f"the class {shown(missing[0])} looks like a missing label; an empty cell is one, "
            "which --skip-unlabelled leaves out"
        )
    for column in facts.determining:
        lines.append(f"the text column {shown(column)} alone says the label: is it meant to?")
    return lines


def _of_texts(found: Inspection) -> list[str]:
    lines = []
    if found.cut > CUT:
        lines.append(f"{_cut(found)}; a larger max_length or another truncate keeps more")
    if found.unknown > UNKNOWN:
        lines.append(
            f"{found.unknown:.0%} of the validation tokens are unknown: a lower vocab_threshold, "
            "other tokens or more rows may help"
        )
    if found.median <= 1:
        lines.append(
            f"most texts are one word under tokens = {found.kind!r}: 'space' parts words at "
            "punctuation, 'mixed' and 'characters' suit scripts without spaces"
        )
    if found.empty > EMPTY * found.rows:
        lines.append(
            f"{several(found.empty, 'text has', 'texts have')} no word left under "
            f"tokens = {found.kind!r}: 'keep' and 'characters' keep punctuation"
        )
    if found.removed:
        signs = " and ".join(map(shown, found.removed))
        verb = "says" if len(found.removed) == 1 else "say"
        lines.append(
            f"{signs} {verb} much about the class, but no sign is left under "
            f"tokens = {found.kind!r}: 'keep' and 'characters' keep punctuation"
        )
    repeats = found.repeats
    if repeats.contradicting_rows > CONTRADICTING * found.rows:
        lines.append(f"{_contradictions(found)}: no model can tell them apart")
    validated = sum(each.validation for each in found.classes)
    if repeats.shared > SHARED * validated:
        lines.append(
            f"{repeats.shared:,} of {validated:,} validation texts stand in the training rows "
            "too: scores on them are too good"
        )
    return lines


def lines(found: Inspection, *, examples: bool = False) -> list[str]:
    """The block to print before training; with ``examples``, texts of each class at its end."""
    block = [f"warning: {line}" for line in warnings(found)]
    block += [_rows(found), _columns(found), *_left_out(found), _classes(found)]
    block += [_words(found), _unknown(found), _lengths(found), _repeats(found)]
    if examples:
        for each in found.classes:
            block.append(f"{shown(each.name)}:")
            block += [f"  {shown(text)}" for text in each.examples]
    return [line for line in block if line]


def _rows(found: Inspection) -> str:
    train, validation = (
        sum(getattr(each, side) for each in found.classes) for side in ("train", "validation")
    )
    own = f", from {found.facts.validation}" if found.facts.validation else ""
    return f"{found.name}: {train:,} training and {several(validation, 'validation row')}{own}"


def _columns(found: Inspection) -> str:
    facts = found.facts
    if not facts.label_column:
        return ""
    text = f"text: {shown('+'.join(facts.text_columns))}, label: {shown(facts.label_column)}"
    if facts.other_columns:
        text += f"; not used: {listed([shown(name) for name in facts.other_columns])}"
    if facts.separator not in {"", ","}:
        text += f"; parted by {SEPARATORS.get(facts.separator, shown(facts.separator))}"
    return text + (f"; encoding {facts.encoding}" if facts.encoding != "utf-8" else "")


def _left_out(found: Inspection) -> list[str]:
    facts = found.facts
    left = list(facts.notes)
    if facts.closed:
        left.append(f"{several(facts.closed, 'test row stays', 'test rows stay')} closed")
    if facts.unlabelled:
        left.append(f"left out: {several(facts.unlabelled, 'row')} without a label")
    if facts.small_classes:
        names = first_of([shown(name) for name in facts.small_classes])
        classes = several(len(facts.small_classes), "small class", "small classes")
        left.append(f"left out: {several(facts.small_rows, 'row')} of {classes} ({names})")
    if facts.mended:
        left.append(
            f"mended: half characters in {several(facts.mended, 'text')}, now U+FFFD stands there"
        )
    return left


def _classes(found: Inspection) -> str:
    first = found.classes[:SHOWN_CLASSES]
    counts = [f"{shown(each.name)} {each.train + each.validation:,}" for each in first]
    more = len(found.classes) - len(first)
    rest = f", and {several(more, 'other')}" if more else ""
    share = f"; the largest has {found.largest:.0%} of the validation rows"
    return f"{len(found.classes)} classes: {', '.join(counts)}{rest}{share}"


def _words(found: Inspection) -> str:
    return (
        f"tokens = {found.kind!r}, {MEANINGS[found.kind]}: {several(found.words, 'word')} seen "
        f"more than {several(found.threshold, 'time')}; {found.unknown:.1%} of the validation "
        "tokens are unknown"
    )


def _unknown(found: Inspection) -> str:
    """By threshold, where trials may have more than one."""
    (first, share), *rest = found.unknown_by_threshold.items()
    more = [f", {each:.1%} at {count}" for count, each in rest]
    return f"unknown tokens: {share:.1%} at vocab_threshold {first}{''.join(more)}" if rest else ""


def _lengths(found: Inspection) -> str:
    cut = f"; {_cut(found)}" if found.cut else ""
    return f"length: {found.median:,.0f} words in the median, 95% up to {found.long:,.0f}{cut}"


def _cut(found: Inspection) -> str:
    texts = f"{round(found.cut * found.rows):,} of {found.rows:,} texts"
    return (
        f"{texts} are longer than max_length {found.max_length} and are cut "
        f"({KEPT[found.truncate]})"
    )


def _repeats(found: Inspection) -> str:
    repeats = found.repeats
    if not repeats.texts:
        return ""
    said = f"{several(repeats.texts, 'text stands', 'texts stand')} in {repeats.rows:,} rows"
    return said + (f"; {_contradictions(found)}" if repeats.contradictions else "")


def _contradictions(found: Inspection) -> str:
    repeats = found.repeats
    texts = several(repeats.contradictions, "text has", "texts have")
    return f"{texts} more than one label ({several(repeats.contradicting_rows, 'row')})"
