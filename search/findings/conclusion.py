"""What an ablation comes to: which changes helped, and whether training is stable."""

from dataclasses import dataclass

from search.definition.domain import Value
from search.findings.ablation import Ablation
from search.findings.contrasts import HELPS, HURTS, NOTHING
from search.findings.convergence import Convergence, convergence_of
from search.findings.evidence import Evidence
from search.findings.listed import Change, Listed
from search.findings.published import DIVERGES

Made = dict[str, tuple[Value, Value]]  # before and after, by the parameter
SHORT = 3  # epochs: a curve of fewer can hardly oscillate


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What the trainings come to.

    Attributes:
        words: the changes by what they do; "": those without a result.
        trainings: that are complete and ran for three epochs or more.
        oscillated: of these, those whose validation loss went clearly the wrong way on the way.
        overfit: those whose loss rose clearly at the end while the training loss fell.
        improving: those whose last epoch was still clearly the best.
        diverged: trainings that did, beside these.
        missing: trainings that have to come next.
    """

    words: dict[str, tuple[Made, ...]]
    trainings: int
    oscillated: int
    overfit: int
    improving: int
    diverged: int
    missing: int


def conclusion_of(evidence: Evidence, found: Ablation | Listed) -> Conclusion:
    """What the ablation of a study comes to."""
    beside = evidence.of_ablation
    assert beside is not None
    curves = convergence_of(beside)
    trials = curves.complete if isinstance(curves, Convergence) else ()
    complete = [each for each in trials if each.epochs >= SHORT]
    changes = _changes(found)
    words = (HELPS, HURTS, NOTHING, DIVERGES, "")
    return Conclusion(
        words={word: tuple(made for made, its in changes if its == word) for word in words},
        trainings=len(complete),
        oscillated=sum(each.oscillates for each in complete),
        overfit=sum(each.overfits for each in complete),
        improving=sum(each.improving for each in complete),
        diverged=curves.diverged if isinstance(curves, Convergence) else 0,
        missing=found.missing,
    )


def _changes(found: Ablation | Listed) -> list[tuple[Made, str]]:
    """Each change, or several that were made together, with its word."""
    if isinstance(found, Ablation):
        return [({s.name: (s.before, s.after)}, s.word) for s in found.path]
    return [(_what_does_it(step, found), step.word) for step in found.steps]


def _what_does_it(step: Change, found: Listed) -> Made:
    """Of changes that were made together, the one that alone does the same, if it is one."""
    parts = [each for each in found.changes if each.is_part and each.row == step.row]
    own = [each for each in parts if each.word != NOTHING]
    return own[0].values if [each.word for each in own] == [step.word] else step.values
