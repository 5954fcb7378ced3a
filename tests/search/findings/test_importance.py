"""What mattered, of made-up studies whose truth is known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
)
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, create_trial

from search.findings.card import NotYet
from search.findings.cards.effects import best_text, effect_text, effects_card
from search.findings.cards.importance import importance_card, importance_said
from search.findings.evidence import Evidence
from search.findings.importance import (
    FEWEST,
    SEEN,
    importance_of,
    importances,
    why_not_importances,
)
from search.findings.settled import IDLE, MATTERS, OPEN
from tests.search.findings.responses import (
    KINDS,
    Params,
    by_cell,
    by_flag,
    by_layers,
    by_lr,
    found,
    made,
)
from tests.search.records import FAIL, PRUNED, foreign, record, running, trial


@pytest.mark.parametrize(
    ("loss", "first", "size", "best"),
    [
        (by_cell, "cell", 0.1, {"gru", "lstm"}),
        (by_lr, "lr", 0.05, {"0.00056 to 0.0021"}),
        (by_layers, "layers", 0.06, {"1"}),
        (by_flag, "flag", 0.03, {"False"}),
    ],
)
def test_the_parameter_with_an_effect_matters_and_no_other(
    loss: Callable[[Params], float], first: str, size: float, best: set[str]
) -> None:
    values = found(made(loss))
    assert [effect.name for effect in values.named(MATTERS)] == [first]
    effect = values.effects[0]
    assert effect.size.low < size < effect.size.high
    assert effect.size.value == pytest.approx(size, rel=0.3)
    assert effect.share.low > values.null
    assert values.noise == pytest.approx(0.005, rel=0.5)
    assert best_text(effect, values) in best


def test_harm_that_was_pruned_away_is_seen() -> None:
    study = made(by_cell, pruned=lambda params: params["cell"] == "rnn")
    assert all(t.params["cell"] != "rnn" for t in study.complete)
    values = found(study)
    assert values.named(MATTERS)[0].name == "cell"
    assert values.effects[0].size.value == pytest.approx(0.1, rel=0.3)
    assert values.pruned == sum(t.state == PRUNED for t in study.trials) > 0


def test_nothing_matters_where_all_is_noise() -> None:
    values = found(made(lambda _: 0.3))
    assert not values.named(MATTERS)
    assert "No parameter's effect stands out from chance" in importance_said(values)[0].text


def test_small_effects_are_told_from_open_ones() -> None:
    words = {effect.name: effect.word for effect in found(made(by_lr, 80)).effects}
    assert {words["flag"], words["layers"], words["cell"]} == {IDLE}


def test_what_is_not_settled_says_how_many_more_trials_would_settle_it() -> None:
    def slightly(params: Params) -> float:
        return by_lr(params) + 0.006 * bool(params["flag"])

    values = found(made(slightly, 30))
    [effect] = [effect for effect in values.effects if effect.name == "flag"]
    assert effect.word == OPEN
    assert effect.more is not None
    assert f"flag ({effect.more} more trials may tell)" in importance_said(values)[0].text
    assert all(e.more is None for e in values.effects if e.word != OPEN)
    many = found(made(slightly, 4 * (30 + effect.more)))
    assert {e.word for e in many.effects if e.name == "flag"} == {MATTERS}
    hard = replace(values, effects=(effect._replace(more=None),))
    assert "Not settled: flag (over 270 more trials)" in importance_said(hard)[0].text


def test_an_effect_that_depends_on_another_parameter_is_seen() -> None:
    def crossed(params: Params) -> float:
        slope = 0.03 if params["cell"] == "rnn" else -0.03
        return 0.3 + slope * float(np.log10(params["lr"] / 1e-3))

    values = found(made(crossed, 60))
    effects = {effect.name: effect for effect in values.effects}
    assert effects["lr"].depends == ("cell",)
    assert effects["cell"].depends == ("lr",)
    assert not effects["flag"].depends
    assert {values.effects[0].name, values.effects[1].name} == {"lr", "cell"}
    assert "it depends on cell" in effect_text(effects["lr"], values)


def test_a_few_diverged_trials_do_not_decide() -> None:
    def unlucky(params: Params) -> float:
        return 5.0 if 2e-3 < params["lr"] < 2.5e-3 else by_cell(params)

    assert found(made(unlucky)).effects[0].name == "cell"


def test_an_objective_that_is_maximized_is_told_in_its_own_direction() -> None:
    values = found(made(lambda p: 1.2 - by_lr(p), direction=StudyDirection.MAXIMIZE))
    effect = values.effects[0]
    assert (effect.name, effect.word) == ("lr", MATTERS)
    means = [mean.value for mean in effect.means]
    assert 0.85 < max(means) < 0.92
    assert effect.values[int(np.argmax(means))] == pytest.approx(1e-3, rel=0.5)
    assert all(mean.low < mean.value < mean.high for mean in effect.means)


@pytest.mark.parametrize(
    ("trials", "why"),
    [
        ([], "0 trials tell of the parameters; 10 more are needed"),
        ([trial()] * 7 + [trial(FAIL), running()], "7 trials tell of the parameters; 3 more"),
        ([trial(PRUNED)], "1 trial tells of the parameters; 9 more"),
        ([trial(params={})] * 12, "the trials have no parameters"),
        ([trial()] * FEWEST, "all trials have the same value"),
        ([trial(losses=(1 / n,)) for n in range(1, 12)], "no parameter has had two different"),
    ],
)
def test_too_little_is_said_with_what_is_missing(trials: list[FrozenTrial], why: str) -> None:
    study = record(*trials)
    values = importance_of(Evidence(record=study))
    assert isinstance(values, NotYet)
    assert why in values.reason
    assert why in why_not_importances(study)
    assert importances(study) == {}
    assert why in importance_said(values)[0].text
    for card in (importance_card(values), effects_card(values)):
        assert why in card.sentence
        assert card.figure() is None


def test_several_objectives_have_no_importances() -> None:
    both = [StudyDirection.MINIMIZE] * 2
    assert "several objectives" in why_not_importances(foreign(directions=both))


def test_shares_sum_to_one_the_largest_first() -> None:
    shares = importances(made(by_cell))
    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert set(shares) == set(KINDS)


def test_of_many_trials_the_best_are_among_those_seen() -> None:
    study = made(by_lr, SEEN + 200)
    values = found(study)
    assert (values.trials, values.informative) == (SEEN, SEEN + 200)
    seen = {placed.number for placed in values.effects[0].placed}
    assert {t.number for t in study.ranking[: SEEN // 2]} <= seen
    assert f"From {SEEN:,} of {SEEN + 200:,} trials" in importance_card(values).sentence


def test_a_study_says_the_same_each_time() -> None:
    study = made(by_lr)
    assert found(study) == found(study)


def test_a_conditional_parameter_counts_where_it_is() -> None:
    rng = np.random.default_rng(0)
    kinds: dict[str, BaseDistribution] = {
        "head": CategoricalDistribution(("mean", "attention")),
        "width": FloatDistribution(0.0, 1.0),
    }
    trials = []
    for number in range(60):
        params: Params = {"head": ("mean", "attention")[number % 2]}
        if number % 2:
            params["width"] = float(rng.random())
        loss = 0.3 + 0.2 * params.get("width", 0.5) + 0.005 * rng.standard_normal()
        used = {name: kinds[name] for name in params}
        trials.append(create_trial(value=loss, params=params, distributions=used))
    values = found(foreign(*trials))
    assert [effect.name for effect in values.named(MATTERS)] == ["width"]
    assert len(values.effects[0].placed) == 30
