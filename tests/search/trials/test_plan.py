"""A plan measures before it promises; hours are kept."""

import re
import time
from pathlib import Path

import pytest

from data.corpus import load_corpus
from data.preparation import Prepared, prepare
from search.definition.reading import read_definition
from search.definition.tables import Definition
from search.trials.plan import Cost, Plan, extremes
from tests.search.commands import search, trials


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
    assert re.search(r"memory: \d+\.\d [MG]iB", output)
    assert re.search(r"disk: at most .* for results", output)
    assert not (place / "studies/studies.db").exists()


def test_a_plan_counts_what_is_there(place: Path) -> None:
    search("--trials", "3")
    assert "for 7 trials" in search("--trials", "10", "--plan").output
    assert len(trials()) == 3


def test_hours_are_kept(place: Path) -> None:
    started = time.monotonic()
    output = search("--hours", "0.001").output
    assert time.monotonic() - started < 3.6 + 1
    planned = re.search(r"for (\d+) trials", output)
    assert planned
    assert 0 < len(trials()) <= int(planned[1])
    assert all(t.state.is_finished() for t in trials())
    assert "one trial takes about" in search("--hours", "1e-7", expect=2).output


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


def test_without_a_space_the_enqueued_are_measured(place: Path) -> None:
    text = (place / "small.toml").read_text()
    start, end = text.index("[space]"), text.index("[fixed]")
    enqueued = "".join(f"[[enqueue]]\nhidden_dim = {size}\n" for size in (8, 4, 12))
    (place / "small.toml").write_text(text[:start] + text[end:] + enqueued)
    output = search("--plan").output
    sizes = re.findall(r"(\w+): .* hidden_dim=(\d+)", output)
    assert sizes == [("smallest", "4"), ("middle", "8"), ("largest", "12")]
    assert "for 3 trials" in output
