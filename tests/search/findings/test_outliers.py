"""Few trials far worse than all others are left out where no parameter tells which they are."""

from collections.abc import Callable

import numpy as np
import pytest
from optuna.study import StudyDirection

from search.findings.cards.importance import importance_card
from search.findings.outcomes import outcomes
from search.findings.outliers import by_chance, far_worse
from search.findings.settled import MATTERS
from tests.search.findings.responses import Params, by_lr, found, made

TABLE: dict[str, tuple[list[float], list[int]]] = {
    "one far away": ([0.3, 5.0, 0.4, 0.5], [1]),
    "some, which differ": ([0.3, 5.0, 0.4, 0.5, 5.1], [1, 4]),
    "spread more than the gap": ([0.3, 0.4, 0.5, 0.7], []),
    "the best is apart": ([0.1, 0.9, 0.95, 0.96], []),
    "all others equal": ([0.5, 0.5, 0.5, 2.0], []),
    "all equal": ([0.5, 0.5], []),
    "one": ([0.5], []),
    "none": ([], []),
}


@pytest.mark.parametrize(("values", "expected"), TABLE.values(), ids=TABLE)
def test_which_are_far_worse(values: list[float], expected: list[int]) -> None:
    assert np.flatnonzero(far_worse(np.array(values))).tolist() == expected


def diverging(
    numbers: set[int], by: Callable[[Params], bool] | None = None
) -> Callable[[Params], float]:
    """``by_lr``, but for trials of these numbers, or those of whose parameters ``by`` says so."""
    asked: list[Params] = []

    def loss(params: Params) -> float:
        asked.append(params)
        diverges = by(params) if by else len(asked) - 1 in numbers
        return 2.0 if diverges else by_lr(params)

    return loss


@pytest.mark.parametrize("direction", [StudyDirection.MINIMIZE, StudyDirection.MAXIMIZE])
def test_those_of_chance_do_not_hide_what_mattered(direction: StudyDirection) -> None:
    sign = -1 if direction == StudyDirection.MAXIMIZE else 1
    loss = diverging({3, 17, 22, 31})
    study = made(lambda params: sign * loss(params), direction=direction)
    assert np.flatnonzero(by_chance(outcomes(study))).tolist() == [3, 17, 22, 31]
    values = found(study)
    assert [effect.name for effect in values.named(MATTERS)] == ["lr"]
    assert (values.outliers, values.trials, values.informative) == (4, 36, 40)
    sentence = importance_card(values).sentence
    assert "From 36 trials; " in sentence
    assert "4 trials that ended far worse than all others" in sentence
    assert not {3, 17, 22, 31} & {placed.number for placed in values.effects[0].placed}


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (lambda params: params["lr"] > 7e-3, "lr"),
        (lambda params: params["cell"] == "rnn" and params["flag"], "cell"),
    ],
    ids=["a number", "a choice"],
)
def test_those_of_a_parameter_stay(by: Callable[[Params], bool], name: str) -> None:
    study = made(diverging(set(), by))
    assert far_worse(outcomes(study).values).sum() >= 3
    assert not by_chance(outcomes(study)).any()
    values = found(study)
    assert values.outliers == 0
    assert "left out" not in importance_card(values).sentence
    assert name in {effect.name for effect in values.effects[:3]}


def test_many_are_no_accident() -> None:
    study = made(diverging(set(range(0, 40, 4))))
    assert far_worse(outcomes(study).values).sum() == 10
    assert not by_chance(outcomes(study)).any()
