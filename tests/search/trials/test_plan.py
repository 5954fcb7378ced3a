"""A plan measures before it promises; hours are kept."""

import os
import re
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from data.corpus import load_corpus
from data.preparation import Prepared, prepare
from search.api import open_study
from search.console.progress import Progress
from search.definition.reading import read_definition
from search.definition.tables import Definition
from search.errors import StudyError
from search.trials.limits import Limits
from search.trials.plan import Cost, Plan, extremes
from tests.search.commands import add_running, search, trials


@pytest.fixture
def given(place: Path) -> tuple[Definition, Prepared]:
    corpus = load_corpus("news.csv")
    return read_definition(place / "small.toml"), prepare(corpus, share=0.2, examples=None, seed=1)


def test_a_plan_prints_costs_and_writes_nothing(place: Path) -> None:
    output = search("--trials", "40", "--plan").output
    for name, rest in (
        ("smallest", "cell=rnn hidden_dim=4 lr=0.01 dropout=0.25"),
        ("middle", "cell=gru hidden_dim=8 lr=0.01 dropout=0.25"),
        ("largest", "cell=lstm hidden_dim=12 lr=0.01 dropout=0.25"),
    ):
        assert re.search(rf" *{name}: \d+\.\d\d s an epoch, .* a trial; .* {rest}", output), name
    assert re.search(r"time: about .* for 40 trials of .*; pruned trials take less", output)
    assert re.search(r"memory: [\d,]+\.\d [MG]iB", output)
    assert re.search(r"disk: at most .* for results", output)
    assert not (place / "studies/studies.db").exists()


def test_a_plan_counts_what_is_there(place: Path) -> None:
    search("--trials", "3")
    assert "for 7 trials" in search("--trials", "10", "--plan").output
    assert len(trials()) == 3


def test_hours_hold_as_many_trials_as_end_in_them(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only as many as would if none were pruned: the others take less than the plan says."""
    monkeypatch.setattr(Plan, "trial_seconds", lambda _: 1200.0)
    output = search("--trials", "6", "--hours", "1").output
    assert "for 3 trials of 20 min; pruned trials leave time for more" in output
    assert [t.state.is_finished() for t in trials()] == [True] * 6
    assert "one trial takes about 20 min" in search("--hours", "0.1", expect=2).output
    monkeypatch.setattr(Plan, "seconds", lambda *_: 3601.0)
    search("--hours", "1", "--name", "late")
    assert trials("late") == [], "none would end in time"


def test_hours_without_a_total_end_by_the_clock(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(Plan, "seconds", lambda *_: 0.0 if len(begun) <= 4 else 7200.0)
    monkeypatch.setattr(Progress, "trial_claimed", lambda _, number: begun.append(number))
    monkeypatch.setattr(Progress, "training_begun", lambda *_: None)
    monkeypatch.setattr(Progress, "epoch_ended", lambda *_: None)
    assert "going on" not in search("--hours", "1").output
    assert len(trials()) == 5
    begun.clear()
    assert "going on: 5 trials are finished" in search("--hours", "1").output
    assert len(trials()) == 10
    assert open_study("small").record.asked == 0, "nothing is left that was asked for"


def test_when_the_hours_are_over_no_other_runs_trials_are_waited_for(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search("--trials", "1")
    add_running(pid=os.getppid(), started=psutil.Process(os.getppid()).create_time())
    clock = count(0.0, 600.0)  # ten minutes between two looks
    naps = iter(range(20))  # more than twenty are an error
    loops = SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda _: next(naps))
    monkeypatch.setattr("search.trials.loop.time", loops)
    monkeypatch.setattr(Plan, "trial_seconds", lambda _: 1.0)
    monkeypatch.setattr(Plan, "seconds", lambda *_: 1e9)
    monkeypatch.setattr("search.console.searching.time", SimpleNamespace(monotonic=lambda: 0.0))
    search("--hours", "1")
    assert len(trials()) == 2


def cost(weights: int, seconds: float) -> Cost:
    return Cost(
        params={},
        epochs=3,
        weights=weights,
        seconds=seconds,
        texts=100,
        memory=2**20,
        snapshot=2**20,
    )


@pytest.fixture
def an_hour_each(given: tuple[Definition, Prepared]) -> Plan:
    definition, prepared = given
    costs = tuple(cost(weights, 1200.0) for weights in (118, 618, 1574))
    return Plan(definition=definition, prepared=prepared, costs=costs)


def test_a_trial_is_begun_only_if_it_can_end_in_time(
    given: tuple[Definition, Prepared],
) -> None:
    definition, prepared = given
    small, middle, large = extremes(definition, prepared)
    plan = Plan(
        definition=definition,
        prepared=prepared,
        costs=(cost(118, 1.0), cost(618, 2.0), cost(1574, 6.0)),
    )
    assert plan.seconds(small) == pytest.approx(3 * 1.0 * 1.2)
    assert plan.seconds(middle) == pytest.approx(3 * 2.0 * 1.2)
    assert plan.seconds(large, done=1) == pytest.approx(2 * 6.0 * 1.2)
    assert plan.trial_seconds() == pytest.approx(3 * (1 + 4 * 2 + 6) / 6)
    between = plan.seconds({**middle, "hidden_dim": 12})
    assert plan.seconds(middle) < between < plan.seconds(large)


def test_hours_that_hold_no_trial_are_refused(an_hour_each: Plan) -> None:
    limits = Limits(trials=9)
    with pytest.raises(StudyError, match=r"--hours 0\.9: one trial takes about 1 h 0 min; give"):
        an_hour_each.within(limits, hours=0.9, since=0.0)


@pytest.mark.parametrize(
    ("begun_after", "done", "fits"),
    [(0.0, 0, True), (1.7, 0, True), (1.9, 0, False), (1.9, 1, True), (2.3, 2, True),
     (2.7, 2, False)],
)  # fmt: skip
def test_within_its_hours_a_trial_is_begun_only_if_it_ends_in_time(
    an_hour_each: Plan, begun_after: float, done: int, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three epochs; a trial must fit the time that is left 1.2 times."""
    began = 1000.0
    limits = an_hour_each.within(Limits(trials=9), hours=3, since=began)
    clock = SimpleNamespace(monotonic=lambda: began + 3600 * begun_after)
    monkeypatch.setattr("search.trials.plan.time", clock)
    assert limits.fits({"cell": "gru"}, done) == fits
    assert (limits.trials, limits.ends) == (9, began + 3 * 3600)


def test_without_a_space_the_enqueued_are_measured(place: Path) -> None:
    text = (place / "small.toml").read_text()
    start, end = text.index("[space]"), text.index("[fixed]")
    enqueued = "".join(f"[[enqueue]]\nhidden_dim = {size}\n" for size in (8, 4, 12))
    (place / "small.toml").write_text(text[:start] + text[end:] + enqueued)
    output = search("--plan").output
    sizes = re.findall(r"(\w+): .* hidden_dim=(\d+)", output)
    assert sizes == [("smallest", "4"), ("middle", "8"), ("largest", "12")]
    assert "for 3 trials" in output
