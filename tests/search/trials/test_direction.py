"""Whatever a study is searched for, pruning and proposals look the right way."""

from pathlib import Path
from typing import Literal

import optuna
import pytest
from optuna.distributions import FloatDistribution
from optuna.trial import create_trial

from model.epoch import Epoch
from search.definition.reading import read_definition
from search.definition.tables import Definition
from search.storage.binding import Binding
from search.storage.marks import store_binding
from search.storage.record import StudyRecord
from search.trials.proposal import propose
from search.trials.pruning import Comparison

Direction = Literal["minimize", "maximize"]
STUDY = "[space]\nlr = { low = 1e-3, high = 1e-1 }\n"
DIRECTIONS: list[tuple[str, Direction]] = [("loss", "minimize"), ("accuracy", "maximize")]


def definition(place: Path, objective: str) -> Definition:
    (place / "study.toml").write_text(STUDY, "utf-8")
    return read_definition(place / "study.toml", {"objective": objective})


def record(asked: Definition, direction: Direction) -> StudyRecord:
    """Fourteen trials: the larger the rate, the larger the accuracy and the lower the loss."""
    study = optuna.create_study(study_name="same", direction=direction)
    store_binding(study, Binding.of(asked, "none"))
    sign = 1 if direction == "maximize" else -1
    kind = FloatDistribution(1e-3, 1e-1)
    for i in range(14):
        steps = {1: sign * 0.1, 2: sign * i / 20}
        study.add_trial(
            create_trial(
                params={"lr": 0.001 + i * 0.007},
                distributions={"lr": kind},
                value=sign * i / 20,
                intermediate_values=steps,
            )
        )
    return StudyRecord.of(study)


@pytest.mark.parametrize(("objective", "direction"), DIRECTIONS)
def test_the_best_score_so_far_is_compared(
    tmp_path: Path, objective: str, direction: Direction
) -> None:
    asked = definition(tmp_path, objective)
    curve = [Epoch(i, 1, 1, 1, 1, 1, 1, score) for i, score in ((1, 0.2), (2, 0.5), (3, 0.3))]
    comparison = Comparison(asked, optuna.create_study(), record(asked, direction))
    found = comparison.compared(curve[1:2])
    assert found.value == 0.5
    assert found.median == pytest.approx(0.325 if direction == "maximize" else -0.325)
    assert found.trials == 14
    best = {"maximize": 0.5, "minimize": 0.2}[direction]
    assert comparison.compared(curve).value == best


def test_the_same_is_proposed_whichever_way_is_better(tmp_path: Path) -> None:
    rates = [
        propose(record(asked, direction), asked).params["lr"]
        for asked, direction in ((definition(tmp_path, o), d) for o, d in DIRECTIONS)
    ]
    assert rates[0] == rates[1]
    assert rates[0] > 0.06, "near the good ones"
