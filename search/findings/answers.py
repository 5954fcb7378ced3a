"""What the best trials' nets say of the same rows, and the paired tests between them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from search.definition.criteria import LOSS
from search.findings.evidence import Evidence
from search.findings.intervals import Floats, Numbers, log_losses, mcnemar, swapped_f1
from search.storage.validation import ValidationRows

READ = 200  # most trials, the best ones, whose probabilities are read
CELLS = 10_000_000  # and most probabilities of all of them together: of many classes fewer trials
FEWEST = 20  # that are read all the same


class Answers(NamedTuple):
    """What T nets say of N rows, in the order of ``places`` in the ranking, the best first."""

    places: tuple[int, ...]
    losses: Floats  # (N, T)
    said: Numbers  # (N, T)
    rows: ValidationRows

    @property
    def is_right(self) -> npt.NDArray[np.bool_]:
        """(N, T) which rows each net has right."""
        return np.asarray(self.said == self.rows.labels[:, None])


def read_answers(evidence: Evidence) -> tuple[Answers | None, str]:
    """What the best trials' nets say, or why that is not known."""
    rows = evidence.rows
    if rows is None:
        return None, evidence.why_no_rows
    size = len(rows.labels) * len(rows.class_names)
    places, losses, answers = [], [], []
    for place, trial in enumerate(evidence.record.ranking[: _most(size)]):
        said = evidence.probabilities(trial)
        if said is None and not place:
            return None, f"the probabilities of trial {trial.number}, the best, are not kept"
        if said is not None:
            places.append(place)
            losses.append(log_losses(said, rows.labels).astype(np.float32))
            answers.append(said.argmax(axis=1))
    return Answers(tuple(places), np.stack(losses, 1), np.stack(answers, 1), rows), ""


def _most(size: int) -> int:
    return min(READ, max(FEWEST, CELLS // size))


def normal_p(differences: Floats, errors: Floats) -> Floats:
    """Two-sided p values of ``differences`` with these standard errors."""
    z = np.divide(np.abs(differences), errors, out=np.zeros(len(errors)), where=errors > 0)
    return np.asarray(2 * norm.sf(z))


def mcnemar_of(answers: Answers) -> Floats:
    """(T - 1,) exact p values of each net's accuracy against the first one's."""
    is_right = answers.is_right
    return np.array([mcnemar(is_right[:, 0], other) for other in is_right.T[1:]])


def errors_of(answers: Answers, objective: str) -> Floats:
    """(T,) standard errors of the objective's difference from the best trial's, over rows."""
    if objective in (LOSS, "accuracy"):
        values = answers.losses if objective == LOSS else answers.is_right.astype(np.float32)
        differences = values - values[:, :1]
        return np.asarray(differences.std(axis=0, dtype=np.float64) / np.sqrt(len(values)))
    labels, names, _ = answers.rows
    name = objective.partition(":")[2]
    of = names.index(name) if name in names else None
    best = answers.said[:, 0]
    spread = [
        swapped_f1(labels, best, other, classes=len(names), of=of) for other in answers.said.T
    ]
    return np.array(spread)
