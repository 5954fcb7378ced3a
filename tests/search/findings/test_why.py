"""Why a trial ended as it did, for every way to end."""

import pytest
from optuna.trial import FrozenTrial, create_trial

from search.errors import StudyError
from search.findings.why import why
from search.storage.attributes import Pruning, Stored
from search.workers.events import Failure
from tests.search.records import (
    ALIVE,
    COMPLETE,
    DEAD,
    ELSEWHERE,
    FAIL,
    PRUNED,
    RUNNING,
    SPACE,
    WAITING,
    definition,
    foreign,
    record,
    running,
    trial,
)

BEST, WORSE = trial(COMPLETE, [2.0, 0.5]), trial(COMPLETE, [0.75])
BUG = Failure(
    kind="bug",
    message="ZeroDivisionError: a mistake",
    traceback=("in broken", "1 / 0"),
    epoch=3,
    device="CPU",
    memory=256 * 2**20,
)
SCORED = "accuracy 0.7500 after epoch"
# Trials, the number that is asked for, what is said after "Trial N (cell=gru lr=0.01) ".
TABLE: dict[str, tuple[list[FrozenTrial], int, str]] = {
    "the only complete one": (
        [trial(FAIL), BEST],
        1,
        f"won, with validation loss 0.5000, {SCORED} 2: no other trial is complete.",
    ),
    "the best": (
        [WORSE, BEST],
        1,
        f"won, with validation loss 0.5000, {SCORED} 2. It leads trial 0 (0.7500) by 0.2500; "
        "each was trained with one seed, so that another seed may turn a small lead around.",
    ),
    "another complete one": (
        [WORSE, BEST, trial(COMPLETE, [0.625])],
        0,
        f"is complete, number 3 of 3: with validation loss 0.7500, {SCORED} 1; "
        "trial 1 is best with 0.5000.",
    ),
    "pruned by the median": (
        [
            trial(
                PRUNED,
                [1.0, 2.0],
                stored=Stored(pruning=Pruning(epoch=2, value=1.0, median=0.5, trials=7)),
            )
        ],
        0,
        "was pruned after epoch 2: its lowest validation loss until then was 1.0000, above "
        "0.5000, the median at that epoch of the 7 trials that were complete.",
    ),
    "pruned by Hyperband": (
        [trial(PRUNED, [1.0], stored=Stored(pruning=Pruning(epoch=1, value=1.0)))],
        0,
        "was pruned after epoch 1: its lowest validation loss until then was 1.0000, and "
        "Hyperband went on with better trials only.",
    ),
    "pruned by who knows": (
        [trial(PRUNED)],
        0,
        "was pruned; what was compared is not stored.",
    ),
    "failed": (
        [trial(FAIL, stored=Stored(failure=BUG))],
        0,
        "failed in epoch 3 on CPU, 256 MiB of memory at its peak (bug): "
        "ZeroDivisionError: a mistake\n  in broken\n  1 / 0",
    ),
    "failed, its memory is not known": (
        [
            trial(
                FAIL,
                stored=Stored(failure=Failure(kind="time", message="late", device="CPU", epoch=1)),
            )
        ],
        0,
        "failed in epoch 1 on CPU (time): late",
    ),
    "failed by who knows": ([trial(FAIL)], 0, "failed; the reason is not stored."),
    "at work": ([running(ALIVE, [1.0])], 0, f"is run by process {ALIVE.pid} after 1 epoch."),
    "at work elsewhere": (
        [running(ELSEWHERE)],
        0,
        f"is run by process {ELSEWHERE.pid} on elsewhere after 0 epochs.",
    ),
    "interrupted": (
        [running(DEAD, [2.0, 1.0])],
        0,
        "was interrupted after 2 epochs; the same search command goes on with it.",
    ),
    "another program's": ([running()], 0, "is run by another program after 0 epochs."),
    "waiting": ([trial(WAITING)], 0, "was queued and waits: the next run begins with it."),
    "ended by an option": (
        [WORSE, trial(COMPLETE, [1.0], stored=Stored(ended_by="--trial-timeout 9"))],
        1,
        f"is complete, number 2 of 2: with validation loss 1.0000, {SCORED} 1; "
        "trial 0 is best with 0.7500. --trial-timeout 9 ended it after 1 epoch.",
    ),
    "in parts, and another seed": (
        [
            trial(PRUNED),
            trial(RUNNING, stored=Stored(owner=ALIVE, batch_parts=4, repeat_of=0, repetition=2)),
        ],
        1,
        f"is run by process {ALIVE.pid} after 0 epochs. Memory ran out: its batches were "
        "trained in 4 parts. It repeats the configuration of trial 0 with another seed.",
    ),
}


@pytest.mark.parametrize(("trials", "number", "said"), TABLE.values(), ids=TABLE)
def test_why_a_trial_ended_as_it_did(trials: list[FrozenTrial], number: int, said: str) -> None:
    assert why(record(*trials), number) == f"Trial {number} (cell=gru lr=0.01) {said}"


def test_a_trial_older_than_a_parameter_says_so() -> None:
    wider = definition(space={**SPACE, "layers": {"low": 1, "high": 2, "default": 1}})
    said = why(record(trial(FAIL), of=wider), 0)
    assert said == (
        "Trial 0 (cell=gru lr=0.01 layers=1) failed; the reason is not stored. It is older than "
        "layers in the space, for which defaults stand here."
    )


def test_a_trial_that_is_not_there_or_not_ours_is_refused() -> None:
    with pytest.raises(StudyError, match="--why 1: the study made has 1 trial, from 0"):
        why(record(trial()), 1)
    with pytest.raises(StudyError, match="the study made was made by another program"):
        why(foreign(create_trial(value=1.0)), 0)
