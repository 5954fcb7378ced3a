"""The conclusion of an ablation, in three sentences that could be handed in."""

from data.errors import several
from search.findings.ablation import Ablation
from search.findings.card import Card
from search.findings.cards.digits import change_text
from search.findings.conclusion import Conclusion, Made, conclusion_of
from search.findings.contrasts import HELPS, HURTS, NOTHING
from search.findings.evidence import Evidence
from search.findings.listed import Listed
from search.findings.published import DIVERGES
from search.findings.text import objective_text

NAME, TITLE = "conclusion", "Which changes helped, is training stable, what is best?"
WORDED = {
    HELPS: "Improved by",
    HURTS: "Made worse by",
    NOTHING: "No measurable effect of",
    DIVERGES: "Training diverged with",
    "": "No result yet of",
}
FEW = 10  # one training of so many may oscillate


def conclusion_card(evidence: Evidence, found: Ablation | Listed, use: str) -> Card:
    """What the ablation comes to.

    Args:
        evidence: of the study.
        found: its ablation.
        use: the sentence that says which net is best.
    """
    values = conclusion_of(evidence, found)
    by = objective_text(found.measure if isinstance(found, Listed) else found.objective)
    return Card(
        name=NAME,
        title=TITLE,
        sentence=" ".join(each for each in (_changes(values, by), _stable(values), use) if each),
        values=values,
    )


def _changes(values: Conclusion, by: str) -> str:
    """What each did, ``by`` the score of which this is known: by another it may be otherwise."""
    lines = []
    for word, named in WORDED.items():
        changes = [_text(change) for change in values.words[word]]
        lines += [f"{named}: {'; '.join(changes)}."] if changes else []
    if not values.words[HELPS] and not values.words[""]:
        lines.insert(0, f"Nothing that was changed improved {by} by more than chance.")
    if values.missing:
        lines.append(f"{several(values.missing, 'training is', 'trainings are')} missing.")
    return " ".join(lines)


def _text(made: Made) -> str:
    return " and ".join(change_text(name, *ends) for name, ends in made.items())


def _stable(values: Conclusion) -> str:
    """Whether training converges, told of curves that are long enough."""
    if not values.trainings:
        return ""
    of = several(values.trainings, "training")
    counts = {
        "overfit": values.overfit,
        "still improved in the last epoch": values.improving,
    }
    parts = [f"the validation loss of {values.oscillated or 'none'} of {of} oscillated"]
    parts += [f"{count} {what}" for what, count in counts.items() if count]
    if values.diverged:
        parts.append(f"{values.diverged} diverged beside them")
    how = "stable"
    if values.diverged or values.oscillated * FEW > values.trainings:
        how = "not stable"
    elif values.oscillated:
        how = "mostly stable"
    return f"Convergence is {how}: {'; '.join(parts)}."
