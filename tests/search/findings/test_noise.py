"""How far chance moves a value, from seeds, rows, or the leaders."""

from pathlib import Path

import numpy as np
import pytest

from search.findings.evidence import Evidence
from search.findings.intervals import log_losses
from search.findings.noise import noise_of, paired_error
from search.storage.home import StudyHome
from tests.search.records import COMPLETE, record, trial

LR = [{"cell": "gru", "lr": 0.01 * number} for number in range(1, 9)]


def test_the_error_over_rows_is_that_of_rows_whose_classes_are_drawn_as_said() -> None:
    rng = np.random.default_rng(0)
    one = rng.dirichlet([1, 2, 3], 4000).astype(np.float32)
    other = 0.8 * one + 0.2 * rng.dirichlet([1, 1, 1], 4000).astype(np.float32)
    mean = (one + other) / 2
    right = np.array([rng.choice(3, p=p / p.sum()) for p in mean.astype(float)])
    difference = log_losses(one, right) - log_losses(other, right)
    measured = difference.std() / np.sqrt(len(difference))
    assert paired_error(one, other) == pytest.approx(measured, rel=0.1)
    assert paired_error(one, one) == 0


def test_seeds_are_pooled_over_configurations() -> None:
    values = [(0, 0.2), (0, 0.22), (1, 0.3), (1, 0.32), (1, 0.34), (2, 0.9)]
    study = record(*(trial(COMPLETE, [value], params=LR[which]) for which, value in values))
    noise = noise_of(Evidence(record=study))
    assert noise is not None
    squares = 2 * 0.01**2 + 2 * 0.02**2
    assert noise.value == pytest.approx(np.sqrt(squares / 3))
    assert "seeds" in noise.of


def test_the_confirmation_tells_of_seeds_too() -> None:
    study = record(trial(COMPLETE, [0.2], params=LR[0]), trial(COMPLETE, [0.3], params=LR[1]))
    again = [trial(COMPLETE, [0.2 + 0.01 * n], params=LR[0]) for n in range(4)]
    assert noise_of(Evidence(record=study)) is None, "two trials tell nothing"
    noise = noise_of(Evidence(record=study, final=record(*again)))
    assert noise is not None
    assert noise.value == pytest.approx(np.std([0, 0.01, 0.02, 0.03], ddof=1))


def test_else_it_is_the_spread_of_the_best_five() -> None:
    study = record(*(trial(COMPLETE, [0.1 * n], params=LR[n]) for n in range(8)))
    noise = noise_of(Evidence(record=study))
    assert noise is not None
    assert noise.value == pytest.approx(np.std([0, 0.1, 0.2, 0.3, 0.4], ddof=1))


def test_the_larger_of_rows_and_seeds_counts(tmp_path: Path) -> None:
    home = StudyHome(name="made", url=f"sqlite:///{tmp_path}/made.db")
    home.probabilities(0).parent.mkdir(parents=True)
    said = np.array([[0.9, 0.1]] * 50)
    np.save(home.probabilities(0), said)
    np.save(home.probabilities(1), said[:, ::-1])
    study = record(trial(COMPLETE, [0.2], params=LR[0]), trial(COMPLETE, [0.3], params=LR[1]))
    noise = noise_of(Evidence(record=study, home=home))
    assert noise is not None
    assert noise.of == "the two best on 50 validation texts"
    again = [trial(COMPLETE, [0.2 + 9 * n], params=LR[0]) for n in range(4)]
    noise = noise_of(Evidence(record=study, home=home, final=record(*again)))
    assert noise is not None
    assert "seeds" in noise.of
