"""What may be said of a parameter, and how much the trials leave open."""

from collections.abc import Callable

import numpy as np
import pytest

from search.findings.axes import axes_of, design
from search.findings.cards.importance import importance_said
from search.findings.intervals import Floats, Interval
from search.findings.outcomes import outcomes
from search.findings.posterior import drawn_shares
from search.findings.settled import IDLE, MATTERS, OPEN, POSSIBLE, Found, until_settled, word_of
from tests.search.findings.responses import Params, by_cell, found, made

NULL, NOISE = 0.05, 0.01
SMALL = Interval(0.01, 0.0, 0.015)
NOTHING = Interval(0.001, -0.001, 0.003)
LARGE = Interval(0.5, 0.3, 0.7)


@pytest.mark.parametrize(
    ("share", "size", "at_most", "untried", "word"),
    [
        (LARGE, Interval(0.1, 0.05, 0.15), 0.8, (), MATTERS),
        (LARGE, Interval(0.1, 0.05, 0.15), 0.8, (3, 4), MATTERS),
        (LARGE, Interval(0.1, -0.05, 0.25), 0.8, (), OPEN),  # it only changes what another does
        (Interval(0.1, 0.04, 0.2), Interval(0.1, 0.05, 0.15), 0.3, (), OPEN),  # as chance may
        (SMALL, NOTHING, 0.2, (), IDLE),
        (SMALL, Interval(0.005, -0.005, 0.015), 0.2, (), OPEN),  # more than trials alike differ
        (SMALL, NOTHING, 0.4, (), OPEN),  # few trials could have shown it
        (SMALL, NOTHING, 0.2, (3, 4), OPEN),  # no trial could
    ],
)
def test_a_word_needs_all_that_it_says(
    share: Interval, size: Interval, at_most: float, untried: tuple[int, ...], word: str
) -> None:
    assert word_of(Found(share, size, at_most, untried), NULL, NOISE) == word


def test_what_few_trials_could_have_shown_takes_more_of_them() -> None:
    more = until_settled(Found(SMALL, NOTHING, 2 * POSSIBLE, ()), NULL, NOISE, trials=40)
    assert more is not None
    assert 3 * 40 <= more <= 4 * 40  # what is left open shrinks with the root of the trials


def test_what_was_tried_everywhere_can_be_said_to_have_no_effect() -> None:
    values = found(made(by_cell, 150))
    words = {effect.name: effect.word for effect in values.effects}
    assert words == {"cell": MATTERS, "lr": IDLE, "layers": IDLE, "flag": IDLE}


@pytest.mark.parametrize(
    ("kept", "name", "untried"),
    [
        (lambda p: p["lr"] < 1e-3, "lr", "0.0012 to 0.01 not tried"),
        (lambda p: not 3e-4 < p["lr"] < 3e-3, "lr", "0.00032 to 0.0027 not tried"),
        (lambda p: p["layers"] != 3, "layers", "3 not tried"),
        (lambda p: p["layers"] > 2, "layers", "1 to 2 not tried"),
        (lambda p: p["cell"] != "rnn", "cell", "rnn not tried"),
    ],
)
def test_what_was_not_tried_is_not_said_to_have_no_effect(
    kept: Callable[[Params], bool], name: str, untried: str
) -> None:
    values = found(made(lambda _: 0.3, 150, kept=kept))
    assert {effect.word for effect in values.effects if effect.name == name} == {OPEN}
    said = importance_said(values)[0].text
    assert f"{name} ({untried})" in said
    assert said.count("not tried") == 1


def _drawn(scale: float = 1.0, count: int = 60) -> tuple[list[str], Floats]:
    told = outcomes(made(by_cell, count))
    axes = axes_of(told.trials)
    values = scale * (told.values - told.values.mean())
    return [axis.name for axis in axes], drawn_shares(design(axes, range(len(axes))), values)


def test_the_posterior_holds_the_share_that_is_true() -> None:
    names, drawn = _drawn(count=150)
    # A third of the trials is 0.1 above the others, and noise of 0.005 is on all.
    true = 0.1**2 * 2 / 9 / (0.1**2 * 2 / 9 + 0.005**2)
    low, high = np.quantile(drawn[:, names.index("cell")], (0.025, 0.975))
    assert low < true < high
    others = np.delete(drawn, names.index("cell"), axis=1)
    assert np.quantile(others, 0.975, axis=0).max() < 0.05


def test_the_posterior_is_the_same_in_all_units_and_every_time() -> None:
    _, drawn = _drawn()
    np.testing.assert_array_equal(drawn, _drawn()[1])
    for scale in (1e-200, 1e-9, 1e150):
        np.testing.assert_allclose(_drawn(scale)[1], drawn, rtol=1e-6, atol=1e-9)
