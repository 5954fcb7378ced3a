"""The chart of the first screen: what is drawn of which trial, and what is left out."""

import math
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from optuna.study import StudyDirection
from optuna.trial import create_trial

from search.findings.card import NotYet
from search.findings.cards.history import History, history_card, history_of
from search.findings.evidence import Evidence
from search.storage.attributes import Baseline
from search.storage.record import StudyRecord
from tests.search.findings.searched import searched
from tests.search.records import COMPLETE, FAIL, PRUNED, definition, foreign, record, trial


def known(study: StudyRecord) -> History:
    found = history_of(Evidence(record=study))
    assert isinstance(found, History)
    return found


def test_only_complete_trials_become_the_best() -> None:
    study = record(
        trial(COMPLETE, [2.0]), trial(PRUNED, [0.1]), trial(COMPLETE, [1.0]), trial(FAIL, [0.1])
    )
    found = known(study)
    assert {one.number: one.score for one in found.trials} == {0: 2.0, 1: 0.1, 2: 1.0, 3: None}
    assert [one.number for one in found.best] == [0, 2]


def test_more_is_better_where_it_is_maximized() -> None:
    study = foreign(
        *(create_trial(value=value) for value in (1.0, 3.0, 2.0)),
        directions=[StudyDirection.MAXIMIZE],
    )
    assert [one.number for one in known(study).best] == [0, 1]


@pytest.mark.parametrize(
    ("values", "shown"),
    [((0.5, 0.25), ["0.5000", "0.2500"]), ((3e-6, 1.25e-7), ["3e-06", "1.25e-07"]),
     ((81234.5, -12.0), ["8.123e+04", "-12.0000"])],
)  # fmt: skip
def test_another_programs_values_of_any_size_are_told(
    values: tuple[float, ...], shown: list[str]
) -> None:
    study = foreign(*(create_trial(value=value) for value in values))
    card = history_card(Evidence(record=study))
    assert card.table is not None
    assert card.table.heads == ("trial", "value"), "its trials have no cell, and took no time"
    assert [row[-1] for row in card.table.rows] == shown
    assert f"(value {shown[-1]})" in card.sentence


@pytest.mark.parametrize(
    ("study", "said"),
    [
        (record(), "no trial with a score has ended yet"),
        (record(trial(FAIL)), "no trial with a score has ended yet"),
        (foreign(directions=[StudyDirection.MINIMIZE] * 2), "several objectives"),
    ],
)
def test_nothing_to_draw_yet(study: StudyRecord, said: str) -> None:
    found = history_of(Evidence(record=study))
    assert isinstance(found, NotYet)
    assert said in found.reason
    assert history_card(Evidence(record=study)).figure() is None


def test_colour_is_the_cell_and_a_pruned_trial_is_hollow() -> None:
    figure = history_card(searched(60)).figure()
    assert figure is not None
    traces = {trace.name: trace for trace in figure.data}
    assert list(traces) == ["gru", "lstm", "rnn", "pruned", "failed", "best so far"]
    evidence = searched(60).record.trials
    for number, symbol in zip(traces["gru"].customdata, traces["gru"].marker.symbol, strict=True):
        assert evidence[number].params["cell"] == "gru"
        assert (symbol == 100) == (evidence[number].state == PRUNED)


@pytest.mark.parametrize(("trials", "begins"), [(1, 0), (2, None)])
def test_one_time_has_an_axis_from_the_start(trials: int, begins: int | None) -> None:
    figure = history_card(Evidence(record=record(*[trial()] * trials))).figure()
    assert figure is not None
    shown = figure.layout.xaxis.range
    assert (shown[0] if shown else None) == begins


def test_a_trial_that_diverged_does_not_flatten_the_rest() -> None:
    losses = [*np.linspace(0.2, 0.4, 30), 500.0]
    card = history_card(Evidence(record=record(*(trial(COMPLETE, [x]) for x in losses))))
    figure = card.figure()
    assert figure is not None
    assert figure.layout.yaxis.range[1] < 1
    assert card.sentence.endswith("Outside the frame: 1 trial.")


@pytest.mark.parametrize(("objective", "drawn"), [("accuracy", True), ("loss", False)])
def test_the_baseline_is_a_line_where_it_has_the_score(objective: str, drawn: bool) -> None:
    bound = definition(search={"epochs": 5, "seed": 7, "objective": objective})
    study = replace(record(trial(), of=bound), baseline=Baseline(accuracy=0.9, macro_f1=0.8))
    figure = history_card(Evidence(record=study), band=(0.9, 0.95)).figure()
    assert figure is not None
    lines = [trace for trace in figure.data if trace.name == "linear baseline"]
    assert [list(line.y) for line in lines] == [[0.9, 0.9]] * drawn
    assert (figure.layout.shapes[0].y0, figure.layout.shapes[0].y1) == (0.9, 0.95)


def test_a_value_that_is_not_finite_is_never_the_best() -> None:
    study = foreign(*(create_trial(value=value) for value in (math.inf, -math.inf, 0.5, 0.4)))
    assert [one.number for one in known(study).best] == [2, 3]
    assert "with trial 3 (value 0.4000)" in history_card(Evidence(record=study)).sentence


@pytest.mark.parametrize(("minutes", "said"), [(2, "2 min"), (90, "1.5 h")])
def test_short_searches_are_told_in_minutes(minutes: float, said: str) -> None:
    begun = datetime(2026, 11, 1)
    study = record(trial(COMPLETE, [1.0]))
    frozen = study.trials[0].frozen
    frozen.datetime_start, frozen.datetime_complete = begun, begun + timedelta(minutes=minutes)
    assert f"ended in {said}." in history_card(Evidence(record=study)).sentence


@pytest.mark.parametrize(
    ("seconds", "name", "last"),
    [(4, "time searched (seconds)", 16), (60, "time searched (minutes)", 4),
     (7200, "time searched (hours)", 8), (0, "trials that have ended", 4)],
)  # fmt: skip
def test_time_is_told_in_a_unit_that_suits_it(seconds: int, name: str, last: float) -> None:
    trials = [trial(losses=[1.0 - n / 10]) for n in range(4)]
    begun = datetime(2026, 11, 25)
    for number, each in enumerate(trials):
        each.datetime_start = begun + timedelta(seconds=seconds * number)
        each.datetime_complete = begun + timedelta(seconds=seconds * (number + 1))
    card = history_card(Evidence(record=record(*trials)))
    figure = card.figure()
    assert figure is not None
    assert figure.layout.xaxis.title.text == name
    assert figure.data[-1].x[-1] == pytest.approx(last)
    assert "0.0 s" not in card.sentence
    assert card.table is not None
    assert card.table.heads[0] == (name.split("(")[1].strip(")") if seconds else "trial")
