"""What is proposed: from results, the same from the same, and a repetition is marked."""

import math
import random
import statistics
from copy import deepcopy
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial

from search.definition.tables import Definition
from search.storage.attributes import Stored
from search.storage.inside_optuna import study_in_memory
from search.storage.owner import me
from search.storage.record import StudyRecord
from search.trials.proposal import begin_trials, proposals, propose
from search.trials.samplers import make_sampler
from tests.search.commands import search, status, trials
from tests.search.conftest import edit
from tests.search.records import (
    COMPLETE,
    FAIL,
    PRUNED,
    RUNNING,
    definition,
    record,
    running,
    trial,
)

FEW = (
    ('cell = ["rnn", "gru", "lstm"]', 'cell = ["rnn", "gru"]'),
    ("hidden_dim = { low = 4, high = 12, step = 4 }", "hidden_dim = [8]"),
    ("lr = { low = 1e-3, high = 1e-1, log = true }", "lr = [0.01]"),
    ("dropout = { low = 0.0, high = 0.5 }", ""),
)


def test_a_repeated_configuration_is_another_seed_of_it(place: Path) -> None:
    edit(place / "small.toml", *FEW)
    output = search("--trials", "6", "--pruner", "none").output
    assert "4 of them repeat an earlier configuration with another seed" in output
    first: dict[str, int] = {}
    seen: dict[str, int] = {}
    for done in trials():
        cell = done.params["cell"]
        seen[cell] = seen.get(cell, 0) + 1
        if seen[cell] == 1:
            first[cell] = done.number
            assert "repeat_of" not in done.user_attrs
        else:
            assert done.user_attrs["repeat_of"] == first[cell]
            assert done.user_attrs["repetition"] == seen[cell]
            assert f"(seed {seen[cell]} of trial {first[cell]})" in output
        assert done.value == min(done.intermediate_values.values()), "its own value"
    assert len({t.value for t in trials()}) == 6, "no two were trained with the same seed"
    last = max(t.number for t in trials() if "repeat_of" in t.user_attrs)
    assert "It repeats the configuration of trial" in status("--why", str(last))


def by(sampler: str, seed: int = 7, **tables: object) -> Definition:
    return definition(search={"epochs": 5, "seed": seed, "sampler": sampler}, **tables)


def distance(lr: float) -> float:
    """From the best learning rate of the made-up study, in powers of ten."""
    return abs(math.log10(lr) + 3)


def told(trials: int = 25) -> StudyRecord:
    """Trials all over the range of learning rates, whose loss is the distance from the best."""
    rng = np.random.default_rng(0)
    rates = [float(rate) for rate in 10 ** rng.uniform(-4, 0, trials)]
    cells = ["gru", "lstm"]
    return record(
        *(
            trial(COMPLETE, [1 + distance(lr)], params={"cell": rng.choice(cells), "lr": lr})
            for lr in rates
        )
    )


LOSSES = (1.0, 4.0, 2.0, 5.0, 3.5, 9.0, 8.0, 7.0)
SEEN = [1.0, 2.0, 9.0, 8.0, 7.0]


@pytest.mark.parametrize(
    ("sampler", "pruner", "expected"),
    [
        ("tpe", "median", SEEN),
        ("gp", "none", SEEN),
        ("tpe", "hyperband", [1.0, None, 2.0, None, None, 9.0, 8.0, 7.0]),
        ("random", "median", list(LOSSES)),
    ],
)
def test_of_a_large_study_a_model_sees_the_best_trials_and_the_latest(
    sampler: str, pruner: str, expected: list[float | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.trials.proposal.MOST", 5)
    monkeypatch.setattr("search.trials.proposal.BEST", 2)
    asked: list[list[FrozenTrial]] = []
    of = type(make_sampler(by(sampler), 0))
    pruned = definition(search={"epochs": 5, "sampler": sampler, "pruner": pruner})
    real = of.infer_relative_search_space

    def spy(self: BaseSampler, study: optuna.Study, frozen: FrozenTrial) -> object:
        asked.append(study.get_trials(deepcopy=False))
        return real(self, study, frozen)

    monkeypatch.setattr(of, "infer_relative_search_space", spy)
    results = record(*(trial(COMPLETE, [loss]) for loss in LOSSES))
    assert propose(results, pruned).state == RUNNING
    *others, proposed = asked[0]
    assert [found.value for found in others] == expected
    assert proposed.state == RUNNING


@pytest.mark.parametrize(("sampler", "seeds"), [("tpe", 30), ("gp", 6)])
def test_proposals_lie_nearer_the_good_results_than_random_ones(sampler: str, seeds: int) -> None:
    results = told()

    def median(of: str, count: int) -> float:
        proposed = [propose(results, by(of, seed)).params["lr"] for seed in range(count)]
        return statistics.median(map(distance, proposed))

    assert median(sampler, seeds) < median("random", 60) / 2


@pytest.mark.parametrize("sampler", ["tpe", "gp", "cmaes", "random"])
def test_a_proposal_depends_on_the_record_and_the_seed_alone(sampler: str) -> None:
    results = told()
    first = propose(results, by(sampler)).params
    random.seed(1)
    np.random.seed(1)
    assert propose(results, by(sampler)).params == first
    assert propose(told(), by(sampler)).params == first
    assert propose(results, by(sampler, seed=8)).params != first


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_each_number_has_a_proposal_of_its_own_before_there_are_results(sampler: str) -> None:
    failed = [record(*[trial(FAIL)] * number) for number in range(4)]
    assert len({propose(made, by(sampler)).params["lr"] for made in failed}) == 4


def test_a_proposal_leaves_the_record_as_it_is() -> None:
    results = told()
    before = deepcopy(list(results.frozen))
    propose(results, by("tpe"))
    assert list(results.frozen) == before
    assert [type(t) for t in results.frozen] == [type(t) for t in before]


def test_trials_of_every_state_are_counted_and_learnt_from() -> None:
    mixed = record(trial(COMPLETE), trial(PRUNED, [2.0, 3.0]), trial(FAIL), running(me(), [1.0]))
    proposed = propose(mixed, by("tpe"))
    assert proposed.number == 4
    assert set(proposed.params) == {"cell", "lr"}


ROWS = [{"cell": "lstm", "lr": 0.5}, {"lr": 0.25}]


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_enqueued_configurations_come_first_and_in_order(sampler: str) -> None:
    of = by(sampler, enqueue=ROWS)
    chosen = [propose(record(*[trial()] * number, of=of), of).params for number in range(3)]
    assert chosen[0] == ROWS[0]
    assert chosen[1]["lr"] == 0.25
    assert chosen[1]["cell"] in ("gru", "lstm"), "drawn, since the row leaves it out"
    assert chosen[2]["lr"] not in (0.5, 0.25)


def test_proposals_that_begin_together_are_asked_of_one_study_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[optuna.Study] = []

    def spy(*given: Any, **named: Any) -> optuna.Study:
        made.append(study_in_memory(*given, **named))
        return made[-1]

    monkeypatch.setattr("search.trials.proposal.study_in_memory", spy)
    found = list(islice(proposals(told(), by("tpe", enqueue=ROWS)), 4))
    assert [each.number for each in found] == [25, 26, 27, 28]
    assert len(made) == 1


ONE = definition(space={"cell": ["gru"]})


@pytest.mark.parametrize(
    ("earlier", "repeat_of", "repetition"), [(0, None, 1), (1, 0, 2), (2, 0, 3)]
)
def test_a_new_trial_tells_how_often_its_configuration_ran_before(
    earlier: int, repeat_of: int | None, repetition: int
) -> None:
    study = optuna.create_study(study_name="made")
    study.add_trials([trial(params={"cell": "gru"}, of=ONE)] * earlier)
    (begun,) = begin_trials(study, StudyRecord.of(study), ONE, fits=lambda _: True, most=1)
    assert begun.record.number == begun.handle.number == earlier
    born = record(*study.trials, of=ONE).trials[-1]
    assert born.stored == Stored(owner=me(), repeat_of=repeat_of, repetition=repetition)
