"""Whether trials were still getting better when they ended, and what is said of it."""

from collections.abc import Sequence

import pytest
from optuna.trial import FrozenTrial

from search.findings.budget import budget_lines, still_improving
from search.storage.attributes import Stored
from search.storage.record import StudyRecord
from tests.search.records import COMPLETE, PRUNED, definition, record, trial

FALLS, TURNS, FLAT = [2.0, 1.0, 0.5], [2.0, 0.6, 0.8], [2.0, 0.7, 0.699]
WIDER = definition(space={"lr": [0.01], "epochs": [3, 5]})


def losses(*curves: Sequence[float]) -> list[FrozenTrial]:
    return [trial(COMPLETE, curve) for curve in curves]


@pytest.mark.parametrize(
    ("curve", "improving"),
    [(FALLS, True), (TURNS, False), (FLAT, False), ([1.0], False), ([0.5, 0.7, 0.6], False)],
)
def test_one_clear_gain_in_the_last_epoch_is_an_improvement(
    curve: Sequence[float], improving: bool
) -> None:
    assert still_improving(record(trial(COMPLETE, curve)).trials[0]) == improving


def test_a_trial_that_an_option_ended_says_nothing_of_its_epochs() -> None:
    ended = trial(COMPLETE, FALLS, stored=Stored(ended_by="--trial-timeout 2"))
    assert budget_lines(record(ended)) == []


@pytest.mark.parametrize(
    ("study", "said"),
    [
        (record(), ""),
        (record(trial(PRUNED, FALLS)), ""),
        (record(*losses(TURNS, FLAT)), ""),
        (record(*losses([3.0, 0.1, 0.2], FALLS, FLAT)), ""),
        (record(*losses(FALLS, TURNS, FLAT)), "the best trial was still improving"),
        (
            record(*losses(FALLS, FALLS, FLAT)),
            "2 of 3 complete trials, the best one among them, were still improving",
        ),
        (
            record(*losses([3.0, 0.1, 0.2], FALLS, FALLS)),
            "2 of 3 complete trials were still improving in the last epoch: --epochs 6 and",
        ),
        (
            record(trial(COMPLETE, FALLS, params={"lr": 0.01, "epochs": 3}, of=WIDER), of=WIDER),
            "more epochs in [space]",
        ),
    ],
)
def test_more_epochs_are_named_where_the_best_or_most_still_improved(
    study: StudyRecord, said: str
) -> None:
    lines = budget_lines(study)
    assert len(lines) == bool(said)
    assert said in " ".join(lines)
