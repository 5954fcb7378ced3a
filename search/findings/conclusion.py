"""What an ablation comes to: which changes helped, whether training is stable, what is best."""

from dataclasses import dataclass

from search.definition.domain import Value
from search.findings.ablation import Ablation
from search.findings.contrasts import HELPS, HURTS, NOTHING
from search.findings.convergence import Convergence, convergence_of
from search.findings.evidence import Evidence
from search.findings.listed import Listed

Change = tuple[str, Value, Value]  # a parameter, before and after


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What the trainings come to.

    Attributes:
        words: the changes by what they do.
        trainings: that are complete and have a curve.
        oscillated: of these, those whose validation loss went clearly the wrong way on the way.
        overfit: those whose loss rose clearly at the end while the training loss fell.
        improving: those whose last epoch was still clearly the best.
    """

    words: dict[str, tuple[tuple[Change, ...], ...]]
    trainings: int
    oscillated: int
    overfit: int
    improving: int


def conclusion_of(evidence: Evidence, found: Ablation | Listed) -> Conclusion:
    """What the ablation of a study comes to."""
    beside = evidence.of_ablation
    assert beside is not None
    curves = convergence_of(beside)
    complete = curves.complete if isinstance(curves, Convergence) else ()
    return Conclusion(
        words={word: _changes(found, word) for word in (HELPS, HURTS, NOTHING)},
        trainings=len(complete),
        oscillated=sum(each.oscillates for each in complete),
        overfit=sum(each.overfits for each in complete),
        improving=sum(each.improving for each in complete),
    )


def _changes(found: Ablation | Listed, word: str) -> tuple[tuple[Change, ...], ...]:
    """Each a change, or several that were made together."""
    if isinstance(found, Ablation):
        return tuple(((s.name, s.before, s.after),) for s in found.path if s.word == word)
    steps = [step for step in found.steps if step.word == word]
    return tuple(tuple((name, *ends) for name, ends in step.values.items()) for step in steps)
