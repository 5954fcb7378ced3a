"""What is in the data: what was read before the first trial, and what is alarming about it."""

from search.findings.card import Card, NotYet, Table, not_yet
from search.findings.evidence import Evidence

NAME, TITLE = "data", "What was read"
KEY = 24  # most letters before a colon that are a name, and not the beginning of a sentence


def texts_card(evidence: Evidence) -> Card:
    """The lines about the texts that the study keeps."""
    known = evidence.record.card
    if not known.lines:
        return not_yet(NAME, TITLE, NotYet("the study does not say what was read for it"))
    first, rest = known.lines[0], known.lines[1:]
    rows = [("warning", line) for line in known.warnings] + [_parted(line) for line in rest]
    return Card(
        name=NAME,
        title=TITLE,
        sentence=f"{first}.",
        values=known,
        table=Table(("what", "found"), tuple(rows)) if rows else None,
    )


def _parted(line: str) -> tuple[str, str]:
    """A line's name and the rest; without a name, nothing and all of it."""
    name, colon, rest = line.partition(": ")
    return (name, rest) if colon and len(name) <= KEY else ("", line)
