"""What a study can be searched for."""

import pytest

from model.criterion import BY_LOSS, Criterion
from search.definition.criteria import check_objective, find_criterion, is_maximized
from search.errors import StudyError

CLASSES = ("common", "rare", "a:b")


@pytest.mark.parametrize(
    ("objective", "criterion"),
    [
        ("loss", BY_LOSS),
        ("accuracy", Criterion("accuracy")),
        ("macro_f1", Criterion("macro_f1")),
        ("f1:rare", Criterion("f1", 1)),
        ("f1:a:b", Criterion("f1", 2)),
    ],
)
def test_each_name_is_a_score_with_its_direction(objective: str, criterion: Criterion) -> None:
    assert check_objective(objective) == objective
    assert find_criterion(objective, CLASSES) == criterion
    assert is_maximized(objective) is criterion.maximize


@pytest.mark.parametrize("objective", ["", "f1", "f1:", "Loss", "macro-f1", "loss:rare"])
def test_other_names_are_refused_with_the_choices(objective: str) -> None:
    with pytest.raises(ValueError, match="should be loss, accuracy, macro_f1 or f1:CLASS"):
        check_objective(objective)


def test_a_class_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(StudyError, match="no class 'Rare'; there are common, rare, a:b"):
        find_criterion("f1:Rare", CLASSES)
