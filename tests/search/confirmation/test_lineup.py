"""What the search's best value owes to luck: searched against confirmed, by hand."""

import pytest
from optuna.study import StudyDirection

from search.confirmation.wording import lineup_lines
from search.findings.lineup import Line, Lineup
from tests.search.records import definition, record, trial


def line(searched: float, confirmed: list[float], objective: str, place: int = 1) -> Line:
    of = definition(search={"epochs": 5, "objective": objective})
    direction = StudyDirection.MINIMIZE if objective == "loss" else StudyDirection.MAXIMIZE
    trials = [trial(losses=[value]) for value in (searched, *confirmed)]
    first, *others = record(*trials, of=of, direction=direction).trials
    return Line(place, first, tuple(others))


# Of 0.3, 0.4 and 0.5 the mean is 0.4, its standard error 0.1 / sqrt(3), Student's factor 4.3027.
WIDTH = 4.3027 * 0.1 / 3**0.5
TABLE = {
    "a loss too low": (0.1, "loss", 0.3, "promised 0.3000 (0.0516 to 0.5484) too much"),
    "a loss too low by chance": (0.3, "loss", 0.1, "(-0.1484 to 0.3484) too much, which may be"),
    "a loss too high": (0.5, "loss", -0.1, "0.1000 (-0.1484 to 0.3484) too little, which may be"),
    "an accuracy too high": (0.9, "accuracy", 0.5, "0.5000 (0.2516 to 0.7484) too much"),
    "an accuracy too low": (0.1, "accuracy", -0.3, "0.3000 (0.0516 to 0.5484) too little"),
}


@pytest.mark.parametrize(("searched", "objective", "value", "said"), TABLE.values(), ids=TABLE)
def test_what_the_search_promised(
    searched: float, objective: str, value: float, said: str
) -> None:
    one = line(searched, [0.3, 0.4, 0.5], objective)
    assert one.shrinkage == pytest.approx((value, value - WIDTH, value + WIDTH), abs=1e-4)
    lines = lineup_lines(Lineup((one,), seeds=3, missing=0), 1000)
    (told,) = (text for text in lines if "promised" in text)
    assert said in told
    assert told.endswith("chance") == (abs(value) < WIDTH)


def test_the_second_best_is_not_called_the_best() -> None:
    second = line(0.3, [0.4], "loss", place=2)
    lines = lineup_lines(Lineup((second,), seeds=1, missing=1), 1000)
    assert "  1. (was 2.) trial 0: 0.3000" in lines[1]
    assert "the search's best configuration has no complete training" in lines
    assert not any("promised" in text for text in lines)


def test_one_seed_has_no_interval() -> None:
    lines = lineup_lines(Lineup((line(0.3, [0.4], "loss"),), seeds=1, missing=0), 1000)
    assert "the search's best, trial 0, promised 0.1000 too much" in lines
