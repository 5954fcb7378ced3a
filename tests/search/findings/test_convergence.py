"""What curves did: planted ones are named as what they are."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial

from model.epoch import Epoch
from search.findings.card import NotYet
from search.findings.cards.convergence import convergence_card, convergence_said
from search.findings.convergence import Convergence, converged, convergence_of
from search.findings.evidence import Evidence
from search.storage.attributes import Stored, to_attributes
from search.storage.home import StudyHome
from search.storage.trial_record import TrialRecord
from search.workers.events import Failure
from tests.search.records import COMPLETE, FAIL, PRUNED, definition, foreign, record, trial

ACCURACY = definition(search={"epochs": 4, "seed": 7, "objective": "accuracy"})
LEARNS = [1.0, 0.5, 0.4, 0.399, 0.4]
OVERFITS = [1.0, 0.5, 0.6, 0.7, 0.8]
SWINGS = [1.0, 0.5, 0.7, 0.4, 0.6, 0.395, 0.398]
IMPROVES = [1.0, 0.8, 0.6, 0.5]
FLAT = [0.7, 0.699, 0.7, 0.701]
DIVERGES = [1.0, 0.9, math.nan]


def planted(
    losses: Sequence[float], train: Sequence[float] | None = None, lr: Sequence[float] = ()
) -> FrozenTrial:
    """A complete trial whose training loss falls, if nothing else is said."""
    made = trial(COMPLETE, losses)
    falling = [1.0 / (number + 1) for number in range(len(losses))]
    rates = list(lr) or [1e-3] * len(losses)
    curve = tuple(
        Epoch(n, t, v, accuracy=0.7, macro_f1=0.7, lr=rate, seconds=1.0, score=v)
        for n, (v, t, rate) in enumerate(zip(losses, train or falling, rates, strict=True), 1)
    )
    made.user_attrs = to_attributes(Stored(curve=curve))
    return made


@pytest.mark.parametrize(
    ("losses", "what"),
    [
        (LEARNS, set()),
        (OVERFITS, {"overfits"}),
        (SWINGS, {"oscillates"}),
        (IMPROVES, {"improving", "falling"}),
        (FLAT, {"is_flat"}),
        (DIVERGES, {"diverged"}),
        ([0.6, 0.7, 2.5], {"diverged", "overfits"}),
        ([0.5], set()),
    ],
)
def test_planted_curves(losses: Sequence[float], what: set[str]) -> None:
    found = converged(TrialRecord(planted(losses)), noise=None, guess=math.log(8))
    names = ("overfits", "oscillates", "improving", "falling", "is_flat", "diverged")
    assert {name for name in names if getattr(found, name)} == what


def test_the_values_of_a_curve() -> None:
    found = converged(TrialRecord(planted(SWINGS)), noise=None)
    assert (found.epochs, found.minimum, found.loss) == (7, 6, 0.395)
    assert found.rise == pytest.approx(0.003)
    assert found.swing == pytest.approx(0.2)


def test_a_rise_while_the_training_loss_rises_too_is_no_overfitting() -> None:
    found = converged(TrialRecord(planted(OVERFITS, train=OVERFITS)), noise=None)
    assert not found.overfits


@pytest.mark.parametrize(("noise", "is_clear"), [(None, True), (0.04, True), (0.2, False)])
def test_what_is_within_twice_the_noise_is_not_clear(noise: float | None, is_clear: bool) -> None:
    assert converged(TrialRecord(planted(OVERFITS)), noise=noise).overfits == is_clear
    assert converged(TrialRecord(planted(SWINGS)), noise=noise).oscillates == is_clear


def test_all_trials_with_epochs_in_words() -> None:
    failed = trial(FAIL, [0.9], stored=Stored(failure=_not_finite()))
    at_once = trial(FAIL, stored=Stored(failure=_not_finite()))
    pruned = trial(PRUNED, [0.8, 0.7])
    study = record(planted(LEARNS), planted(OVERFITS), failed, pruned, at_once)
    found = convergence_of(Evidence(record=study))
    assert isinstance(found, Convergence)
    assert [t.number for t in found.trials] == [0, 1, 2, 3]
    text = " ".join(said.text for said in convergence_said(found))
    assert "least after epoch 4 of 5; it rose by 0.0010 after it." in text
    assert "Of 2 complete trials 1 overfit." in text
    assert (
        "More epochs would hardly have helped: 2 were best before the last one (of 2 trials)."
        in text
    )
    assert "2 trials diverged" in text


def test_a_last_epoch_that_gains_next_to_nothing_is_no_reason_for_more() -> None:
    slow = planted([0.9, 0.5, 0.499])
    found = convergence_of(Evidence(record=record(slow, planted(OVERFITS), slow)))
    text = " ".join(said.text for said in convergence_said(found))
    assert (
        "More epochs would hardly have helped: 1 was best before the last one, "
        "2 gained less than 1% in it (of 3 trials)." in text
    )
    alone = convergence_of(Evidence(record=record(slow)))
    assert "1 gained less than 1% in it (of 1 trial)." in convergence_said(alone)[-1].text


def _not_finite() -> Failure:
    return Failure(kind="not finite", message="nan", device="cpu")


@pytest.mark.parametrize(
    ("lr", "said"),
    [
        ((), "More epochs may help: the best of 2 complete trials gained 1% or more in the last"),
        ((1e-3, 1e-3, 5e-4, 1e-4), "the last one, though a falling learning rate is part"),
    ],
)
def test_more_epochs_may_help_where_the_best_still_improved(lr: tuple[float], said: str) -> None:
    found = convergence_of(Evidence(record=record(planted(IMPROVES, lr=lr), planted([0.9, 0.95]))))
    assert isinstance(found, Convergence)
    assert found.more_epochs
    assert any(said in sentence.text for sentence in convergence_said(found))


def test_guessing_is_known_from_what_the_best_net_said(tmp_path: Path) -> None:
    home = StudyHome(name="made", url=f"sqlite:///{tmp_path}/made.db")
    home.probabilities(0).parent.mkdir(parents=True)
    np.save(home.probabilities(0), np.full((5, 2), 0.5))
    study = record(planted(LEARNS), planted([0.8, 0.75, 0.75]))
    found = convergence_of(Evidence(record=study, home=home))
    assert isinstance(found, Convergence)
    assert [t.diverged for t in found.trials] == [False, True], "ln 2 is 0.69"
    without = convergence_of(Evidence(record=study))
    assert isinstance(without, Convergence)
    assert not any(t.diverged for t in without.trials)


def test_a_study_for_accuracy_shows_it_too() -> None:
    made = trial(COMPLETE, [0.6, 0.7, 0.8, 0.75], of=ACCURACY)
    made.value = 0.8
    evidence = Evidence(record=record(made, of=ACCURACY, direction=StudyDirection.MAXIMIZE))
    card = convergence_card(evidence)
    assert "its accuracy best after epoch 3" in card.sentence
    figure = card.figure()
    assert figure is not None
    titles = [figure.layout[axis].title.text for axis in ("yaxis", "yaxis2", "yaxis3")]
    assert titles == ["accuracy", "loss (nats)", "learning rate"]
    assert figure.layout.yaxis3.nticks == 4, "it is low"
    assert list(figure.data[0].y) == [0.6, 0.7, 0.8, 0.75]
    assert card.table is not None
    assert card.table.rows[0][-2:] == ("0.8000", "3")


@pytest.mark.parametrize(
    ("losses", "word"),
    [(IMPROVES, "its loss still falls"), (LEARNS, "converged"), (OVERFITS, "overfits")],
)
def test_what_the_objective_no_longer_gains_the_loss_may(
    losses: Sequence[float], word: str
) -> None:
    made = planted(losses)
    made.user_attrs["curve"] = [{**e, "score": 0.9} for e in made.user_attrs["curve"]]
    made.value = 0.9
    study = record(made, of=ACCURACY, direction=StudyDirection.MAXIMIZE)
    table = convergence_card(Evidence(record=study)).table
    assert table is not None
    assert word in table.rows[0]


@pytest.mark.parametrize(
    ("evidence", "why"),
    [
        (Evidence(record=record()), "no trial that has ended has an epoch"),
        (Evidence(record=record(trial(FAIL))), "no trial that has ended has an epoch"),
        (Evidence(record=foreign(trial())), "another program"),
    ],
)
def test_why_nothing_can_be_told(evidence: Evidence, why: str) -> None:
    found = convergence_of(evidence)
    assert isinstance(found, NotYet)
    assert why in found.reason
    assert convergence_card(evidence).figure() is None


def test_where_all_were_pruned_the_card_has_a_table_and_no_figure() -> None:
    card = convergence_card(Evidence(record=record(trial(PRUNED, [0.8, 0.7]))))
    assert card.sentence.startswith("No trial is complete.")
    assert card.figure() is None
    assert card.table is not None
    assert card.table.rows[0][-1] == "ended early"


def test_what_still_improves_is_not_said_to_have_stayed_where_it_was() -> None:
    found = converged(TrialRecord(planted([0.70, 0.69, 0.68, 0.66])), noise=0.1)
    assert found.improving
    assert not found.is_flat
