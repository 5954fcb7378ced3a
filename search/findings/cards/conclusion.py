"""The conclusion of an ablation, in three sentences that could be handed in."""

from data.errors import listed, several
from search.findings.ablation import Ablation
from search.findings.card import Card
from search.findings.cards.digits import change_text
from search.findings.conclusion import Change, Conclusion, conclusion_of
from search.findings.contrasts import HELPS, HURTS, NOTHING
from search.findings.evidence import Evidence
from search.findings.listed import Listed

NAME, TITLE = "conclusion", "Which changes helped, is training stable, what is best?"
WORDED = {
    HELPS: ("Improved by", "Nothing that was changed improved it"),
    HURTS: ("Made worse by", ""),
    NOTHING: ("No measurable effect of", ""),
}


def conclusion_card(evidence: Evidence, found: Ablation | Listed, use: str) -> Card:
    """What the ablation comes to.

    Args:
        evidence: of the study.
        found: its ablation.
        use: the sentence that says which net is best.
    """
    values = conclusion_of(evidence, found)
    return Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join(each for each in (_changes(values), _stable(values), use) if each),
        values=values,
    )


def _changes(values: Conclusion) -> str:
    lines = []
    for word, (named, none) in WORDED.items():
        changes = [_text(change) for change in values.words[word]]
        lines += [f"{named}: {'; '.join(changes)}."] if changes else [f"{none}."] if none else []
    return " ".join(lines)


def _text(change: tuple[Change, ...]) -> str:
    return " and ".join(change_text(*part) for part in change)


def _stable(values: Conclusion) -> str:
    if not values.trainings:
        return ""
    of = several(values.trainings, "training")
    counts = {
        "overfit": values.overfit,
        "still improved in the last epoch": values.improving,
    }
    rest = listed([f"{count} {what}" for what, count in counts.items() if count])
    more = f"; {rest}" if rest else ""
    if not values.oscillated:
        return f"Convergence is stable: the validation loss of none of {of} oscillated{more}."
    share = f"{values.oscillated} of {of}"
    if values.oscillated * 10 <= values.trainings:
        return f"Convergence is mostly stable: the validation loss of {share} oscillated{more}."
    return f"Convergence is not stable: the validation loss of {share} oscillated{more}."
