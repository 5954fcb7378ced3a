"""The findings as text for a pull request: GitHub's Markdown, in which nothing else is markup."""

import re
from collections.abc import Iterator

from search.findings.card import Card, Table
from search.findings.cards.trials import AllTrials
from search.findings.sections import Findings

ROWS = 20  # of a table: more are read by nobody in a pull request
BREAK = "\u200b"  # has no width: what it stands in is no longer a mention or a link

# Ends a line, or turns the direction in which the rest of it is read.
_CONTROLS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_MARKUP = re.compile(r"[\\`*|<>\[\]~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# At the beginning of a line: headings, lists, lines, quotes.
_BEGINNING = re.compile(r"^[0-9]+(?=[.)](?: |$))|^(?=[#=]|--|[+-](?: |$))")
# GitHub looks for these in what is left after markup, so that no backslash helps: people, issues,
# addresses, emoji, and commits.
_LINKS = re.compile(r"@(?=\w)|#(?=\d)|\bgh-(?=\d)|:(?=//|[\w+-]+:)|\bwww(?=\.)", re.IGNORECASE)
_COMMIT = re.compile(r"\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,40}\b", re.IGNORECASE)
_SHORT = re.compile(r".{6}(?=.)")  # no commit is named by less than seven digits


def markdown_of(findings: Findings) -> str:
    """All findings but the figures, as GitHub's Markdown."""
    return "\n\n".join(_blocks(findings)) + "\n"


def card_markdown(card: Card) -> str:
    """One card likewise."""
    return "\n\n".join(_card(card)) + "\n"


def escaped(text: str) -> str:
    """``text`` as one line of Markdown that shows it as it is."""
    line = _CONTROLS.sub(" ", text).strip()
    line = _COMMIT.sub(lambda found: _SHORT.sub(rf"\g<0>{BREAK}", found[0]), line)
    line = _LINKS.sub(rf"\g<0>{BREAK}", line)
    line = _MARKUP.sub(r"\\\g<0>", line)
    return _BEGINNING.sub(r"\g<0>\\", line)


def _blocks(findings: Findings) -> Iterator[str]:
    yield f"# {escaped(findings.headline)}"
    if findings.dated:
        yield escaped(findings.dated)
    yield from (f"**Warning:** {escaped(line)}" for line in findings.warnings)
    yield escaped(" ".join(findings.answer))
    if findings.tiles:
        yield _list(
            [f"**{escaped(tile.value)}** {escaped(tile.label)}" for tile in findings.tiles]
        )
    if findings.said:
        yield _list([escaped(sentence.text) for sentence in findings.said])
    yield from _card(findings.history)
    for section in findings.sections:
        yield f"## {escaped(section.question)}"
        for card in section.cards:
            yield from _card(card)


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _card(card: Card) -> Iterator[str]:
    yield f"### {escaped(card.title)}"
    yield escaped(card.sentence)
    given = _given(card)
    if given is not None and given.rows:
        yield _table(given)
        if (more := len(given.rows) - ROWS) > 0:
            verb = "row is" if more == 1 else "rows are"
            yield f"{more:,} more {verb} on the page and in `--json`."
    for verbatim in card.texts:
        yield f"{escaped(verbatim.head)}:"
        yield _code(verbatim.text)


def _given(card: Card) -> Table | None:
    """Its table; the page draws that of all trials in a way of its own."""
    if isinstance(card.values, AllTrials):
        rows = tuple(row.cells for row in card.values.rows)
        return Table(card.values.heads, card.values.references + rows)
    return card.table


def _table(table: Table) -> str:
    lines = [table.heads, *table.rows[:ROWS]]
    shown = [f"| {' | '.join(map(escaped, cells))} |" for cells in lines]
    rule = f"|{' --- |' * len(table.heads)}"
    return "\n".join([shown[0], rule, *shown[1:]])


def _code(text: str) -> str:
    """A block of code, which ends behind all of ``text``."""
    lines = [
        line[: len(line) - len(line.lstrip(" "))] + _CONTROLS.sub(" ", line).strip()
        for line in text.split("\n")
    ]
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return "\n".join([fence, *lines, fence])
