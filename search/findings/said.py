"""The verdict's first sentences, for a terminal."""

from search.findings.evidence import Evidence
from search.findings.sections import said_of

FIRST = 3  # sentences


def first_said(evidence: Evidence) -> list[str]:
    """The most important of what a study says."""
    return [sentence.text for sentence in said_of(evidence)[:FIRST]]
