"""What a study can be searched for: the names that a study file may use, and what each means."""

from collections.abc import Sequence
from typing import get_args

from data.errors import listed
from model.criterion import Criterion, Score
from search.errors import StudyError

LOSS: Score = "loss"
OF_A_CLASS: Score = "f1"
NAMES = tuple(name for name in get_args(Score) if name != OF_A_CLASS)


def check_objective(objective: str) -> str:
    """``objective`` if it can be one: "loss", "accuracy", "macro_f1", or "f1:" and a class.

    Raises:
        ValueError: it cannot; whether there is such a class is not known yet.
    """
    score, _, class_name = objective.partition(":")
    if objective not in NAMES and not (score == OF_A_CLASS and class_name):
        raise ValueError(f"should be {', '.join(NAMES)} or {OF_A_CLASS}:CLASS")
    return objective


def is_maximized(objective: str) -> bool:
    """Whether more of it is better."""
    return objective != LOSS


def find_criterion(objective: str, class_names: Sequence[str]) -> Criterion:
    """What epochs are compared by in a study of ``objective``.

    Args:
        objective: a legal one.
        class_names: of the texts.

    Raises:
        StudyError: the texts have no such class.
    """
    for name in NAMES:
        if objective == name:
            return Criterion(name)
    class_name = objective.partition(":")[2]
    if class_name not in class_names:
        raise StudyError(
            f"objective {objective}: there is no class {class_name!r}; "
            f"there are {listed(class_names)}"
        )
    return Criterion(OF_A_CLASS, class_names.index(class_name))
