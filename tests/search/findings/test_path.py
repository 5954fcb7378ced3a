"""Which change comes next, on functions that are known, with noise."""

import zlib
from collections.abc import Callable

import numpy as np
import pytest

from search.definition.domain import Value
from search.definition.route import Route
from search.findings.path import ERROR, Stage, ruled_out, walk

GAINS = {"lr": 0.2, "cell": 0.1, "layers": 0.05, "dropout": 0.01, "batch_size": -0.1}
Config = dict[str, Value]


def route(*, order: tuple[str, ...] = (), seeds: int = 3) -> Route:
    return Route(
        start=dict.fromkeys(GAINS, 0), goal=dict.fromkeys(GAINS, 1), order=order, seeds=seeds
    )


def true_loss(configuration: Config) -> float:
    return 1.0 - sum(GAINS[name] * int(value) for name, value in configuration.items())


class Trainings:
    """Values of what was asked for so far; each is trained once."""

    def __init__(self, loss: Callable[[Config], float] = true_loss, noise: float = 0.002) -> None:
        self.loss, self.noise = loss, noise
        self.known: dict[str, float] = {}

    def value(self, configuration: Config, seed: int) -> float | None:
        return self.known.get(repr((configuration, seed)))

    def train(self, configuration: Config, seed: int) -> None:
        key = repr((configuration, seed))
        assert key not in self.known, "it is there already"
        rng = np.random.default_rng(zlib.crc32(key.encode()))
        of_seed = 0.01 * np.random.default_rng(seed).standard_normal()
        self.known[key] = self.loss(configuration) + of_seed + self.noise * rng.standard_normal()

    def finish(self, of: Route) -> tuple[Stage, ...]:
        while wanted := walk(of, self.value).wanted:
            for run in wanted:
                self.train(*run)
        return walk(of, self.value).stages


def test_the_largest_gain_comes_first() -> None:
    trainings = Trainings()
    stages = trainings.finish(route())
    assert [stage.chosen for stage in stages] == sorted(GAINS, key=GAINS.__getitem__)[::-1]
    assert all(stage.tried[stage.chosen] == 3 for stage in stages)


def test_racing_leaves_seeds_out_and_the_path_as_it_is() -> None:
    trainings = Trainings()
    stages = trainings.finish(route())
    assert stages[0].tried == {"lr": 3, "cell": 2, "layers": 2, "dropout": 2, "batch_size": 2}
    whole = 3 * (1 + 5 * 6 // 2 + 5 - 2)  # all of it: the start, the path, what is taken back
    assert len(trainings.known) < whole


def test_an_order_that_is_given_is_the_path() -> None:
    order = ("dropout", "batch_size", "lr", "layers", "cell")
    trainings = Trainings()
    assert [stage.chosen for stage in trainings.finish(route(order=order))] == list(order)
    configurations = 6 + 5 - 1  # of those taken back the last change's is on the path
    assert len(trainings.known) == 3 * configurations


def test_more_seeds_extend_what_is_there() -> None:
    trainings = Trainings()
    trainings.finish(route(seeds=2))
    before = dict(trainings.known)
    trainings.finish(route(seeds=4))
    assert before.items() <= trainings.known.items()


def test_a_change_that_diverges_comes_last() -> None:
    def loss(configuration: Config) -> float:
        return np.inf if configuration["lr"] and not configuration["batch_size"] else 1.0

    trainings = Trainings(loss, noise=0.0)
    stages = trainings.finish(route())
    assert [s.chosen for s in stages].index("batch_size") < [s.chosen for s in stages].index("lr")
    assert stages[0].tried["lr"] == 1


@pytest.mark.parametrize(("changes", "seeds"), [(8, 3), (3, 3), (8, 5), (2, 3)])
def test_racing_rarely_rules_out_the_best(changes: int, seeds: int) -> None:
    """The hardest case: all are alike, and any of them is the best."""
    lost, simulated = 0, 1000
    for number in range(simulated):
        rng = np.random.default_rng(number)
        values = rng.normal(0, 1, (changes, seeds)) + rng.normal(0, 3, seeds)
        left = np.arange(changes)
        for seed in range(2, seeds):
            left = left[~ruled_out(values[left, :seed], looks=seeds - 2)]
        lost += 0 not in left
    assert lost / simulated < ERROR + 0.02


def test_all_that_diverge_stay() -> None:
    assert not ruled_out(np.full((3, 2), np.inf), looks=1).any()
