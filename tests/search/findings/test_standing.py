"""How a study stands, in lines: its best, its failures, the time left, the next commands."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, create_trial

from search.findings.standing import next_commands, result_lines, seconds_left, standing_lines
from search.storage.attributes import Stored
from search.storage.home import StudyHome
from search.storage.record import StudyRecord
from search.workers.events import Failure, FailureKind
from tests.search.records import (
    ALIVE,
    COMPLETE,
    FAIL,
    ME,
    PRUNED,
    RUNNING,
    foreign,
    record,
    running,
    trial,
)

HOME = StudyHome(name="made", url="sqlite:///studies/studies.db")


def took(seconds: float | None, losses: Sequence[float] = (1.0,)) -> FrozenTrial:
    return trial(COMPLETE, losses, stored=Stored(seconds=seconds))


def failed(kind: FailureKind) -> FrozenTrial:
    return trial(FAIL, stored=Stored(failure=Failure(kind=kind, message="m", device="CPU")))


NO_BEST = "no trial is complete yet, so there is no best one"
BEST = [
    "best trial 1: validation loss 0.5000, accuracy 0.7500, macro-F1 0.5000 after epoch 2",
    "  cell=gru lr=0.01",
    "  its classifier is not in studies/made/best: the next run trains it again",
]
RESULTS: dict[str, tuple[StudyRecord, list[str]]] = {
    "no trials": (record(), ["study made: no trials", NO_BEST]),
    "none complete": (
        record(trial(PRUNED), trial(FAIL), running(ME)),
        ["study made: 1 running, 1 pruned, 1 failed", NO_BEST],
    ),
    "a best": (
        record(trial(), trial(COMPLETE, [2.0, 0.5, 1.0])),
        ["study made: 2 complete", *BEST],
    ),
    "repetitions": (
        record(
            trial(),
            trial(COMPLETE, [2.0, 0.5], stored=Stored(repeat_of=0, repetition=2)),
            trial(RUNNING, stored=Stored(repeat_of=0, repetition=3)),
        ),
        [
            "study made: 1 running, 2 complete",
            "2 of them repeat an earlier configuration with another seed",
            *BEST,
        ],
    ),
    "another program's, higher is better": (
        foreign(
            create_trial(value=1.0),
            create_trial(value=2.0, user_attrs={"curve": "odd", "repeat_of": 0}),
            directions=[StudyDirection.MAXIMIZE],
        ),
        ["study made: 2 complete", "best trial 1: 2.0000", ""],
    ),
}


@pytest.mark.parametrize(("made", "lines"), RESULTS.values(), ids=RESULTS)
def test_the_result_so_far(made: StudyRecord, lines: list[str]) -> None:
    assert result_lines(made, HOME) == lines


# Trials, how many were asked for, the seconds that are left.
LEFT: dict[str, tuple[list[FrozenTrial], int, float | None]] = {
    "none finished": ([running(ME)], 9, None),
    "nothing was asked for": ([took(4.0)], 0, None),
    "all are there": ([took(4.0), took(6.0)], 2, None),
    "more are there": ([took(4.0), took(6.0)], 1, None),
    "one is missing": ([took(4.0), took(6.0)], 3, 5.0),
    "pruned ones took time too": (
        [took(4.0), trial(PRUNED, stored=Stored(seconds=2.0))],
        4,
        6.0,
    ),
    "failed ones are run again": ([took(4.0), failed("time")], 2, 4.0),
    "one runs": ([took(4.0), running(ME)], 3, 8.0),
    "two run at once": ([took(4.0), running(ME), running(ALIVE)], 5, 8.0),
    "no seconds were stored": ([took(None)], 5, None),
    "a trial of no time": ([took(0.0), took(4.0)], 3, 2.0),
}


@pytest.mark.parametrize(("trials", "asked", "seconds"), LEFT.values(), ids=LEFT)
def test_the_time_left_is_what_finished_trials_took(
    trials: list[FrozenTrial], asked: int, seconds: float | None
) -> None:
    assert seconds_left(record(*trials, asked=asked)) == seconds


@pytest.mark.parametrize(
    ("trials", "asked", "more"),
    [
        ([took(4.0)], 1, []),
        ([took(4.0)], 11, ["about 40 s left"]),
        ([took(400.0)], 11, ["about 1 h 7 min left"]),
        (
            [failed("bug"), failed("time"), took(4.0), failed("time"), trial(FAIL)],
            1,
            ["failures: 2 time, 1 bug"],
        ),
        ([took(4.0), failed("data")], 3, ["failures: 1 data", "about 8.0 s left"]),
    ],
    ids=["done", "seconds left", "hours left", "failures by number", "both"],
)
def test_failures_and_the_time_left_follow_the_result(
    trials: list[FrozenTrial], asked: int, more: list[str]
) -> None:
    made = record(*trials, asked=asked)
    assert standing_lines(made, HOME) == [*result_lines(made, HOME), *more]


@pytest.mark.parametrize(
    ("url", "commands"),
    [
        (
            "sqlite:///studies/studies.db",
            [
                "python -m search.report --study made --open",
                "optuna-dashboard sqlite:///studies/studies.db",
            ],
        ),
        (
            "sqlite:///mine.db",
            [
                "python -m search.report --study made --storage sqlite:///mine.db --open",
                "optuna-dashboard sqlite:///mine.db",
            ],
        ),
        (
            "sqlite:///my studies.db",
            [
                "python -m search.report --study made --storage 'sqlite:///my studies.db' --open",
                "optuna-dashboard 'sqlite:///my studies.db'",
            ],
        ),
    ],
    ids=["the default", "another", "with a blank"],
)
def test_the_next_commands_can_be_typed(url: str, commands: list[str]) -> None:
    assert next_commands(replace(HOME, url=url)) == commands
