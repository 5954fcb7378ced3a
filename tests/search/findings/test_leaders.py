"""Which trials tie for best: planted groups, seeds, references, and what is missing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.findings.card import NotYet
from search.findings.cards.digits import bounded, with_ends
from search.findings.cards.leaders import leaders_card, leaders_said
from search.findings.evidence import Evidence
from search.findings.intervals import Interval, mean_of_rows, proportion
from search.findings.leaders import Leaders, leaders_of
from search.findings.seeds import SeedSpread, seed_spread
from search.storage.attributes import Baseline, Stored
from search.storage.validation import keep_said
from tests.search.findings.kept import kept, net
from tests.search.records import FAIL, PRUNED, foreign, record, trial

LABELS = np.random.default_rng(0).integers(0, 3, 1500)
GOOD, TWIN, BAD = net(LABELS, 3.0, 2), net(LABELS, 3.0, 1), net(LABELS, 1.5, 3)


def found(evidence: Evidence) -> Leaders:
    values = leaders_of(evidence)
    assert isinstance(values, Leaders)
    return values


@pytest.mark.parametrize("objective", ["loss", "accuracy", "macro_f1"])
def test_equal_trials_tie_and_worse_ones_do_not(tmp_path: Path, objective: str) -> None:
    values = found(kept(tmp_path, LABELS, [BAD, GOOD, TWIN, GOOD], objective=objective))
    assert set(values.group) == {1, 2, 3}
    assert values.trials[0].number in {1, 2, 3}
    assert values.tested == 4
    worst = values.trials[-1]
    assert worst.number == 0
    assert not worst.is_leader
    assert worst.p is not None
    assert worst.p < 0.001
    assert worst.behind.low > 0


def test_all_are_equal_when_their_answers_are(tmp_path: Path) -> None:
    values = found(kept(tmp_path, LABELS, [GOOD, GOOD]))
    assert values.group == (0, 1)
    assert values.trials[1].p == 1.0
    assert values.trials[1].behind == (0, 0, 0)


def test_intervals_are_those_of_the_rows(tmp_path: Path) -> None:
    values = found(kept(tmp_path, LABELS, [GOOD, BAD]))
    best = values.of(0)
    chosen = GOOD[np.arange(len(LABELS)), LABELS].astype(float)
    assert best.loss == pytest.approx(mean_of_rows(-np.log(chosen)), rel=1e-4)
    share = float((GOOD.argmax(axis=1) == LABELS).mean())
    assert best.accuracy == proportion(share, len(LABELS))


def test_the_cheapest_of_the_group_are_named(tmp_path: Path) -> None:
    costs = [(900, 9.0), (300, 8.0), (600, 2.0), (10, 0.1)]
    more = [Stored(weight_count=weights, seconds=seconds) for weights, seconds in costs]
    evidence = kept(tmp_path, LABELS, [GOOD, TWIN, GOOD, BAD], more=more)
    values = found(evidence)
    assert (values.lightest, values.fastest) == (1, 2)
    text = leaders_said(values)[1].text
    assert "trial 1 has 33% of the best trial's weights" in text
    assert "trial 2 trained in 22% of its time" in text


def test_seeds_widen_the_group(tmp_path: Path) -> None:
    """Two seeds of one configuration lie as far apart as the others: nothing is settled."""
    worse = net(LABELS, 2.5, 5)
    plain = kept(tmp_path / "plain", LABELS, [GOOD, worse, worse])
    assert found(plain).group == (0,)
    assert found(plain).seeds is None
    assert "rows' chance only" in leaders_said(found(plain))[0].text
    more = [Stored(), Stored(repeat_of=0, repetition=2), Stored()]
    seeded = kept(tmp_path / "seeded", LABELS, [GOOD, worse, worse], more=more)
    assert set(found(seeded).group) == {0, 1, 2}


@pytest.mark.parametrize("freedom", [1, 2, 30])
@pytest.mark.parametrize("error", [0.0, 0.01])
def test_a_trial_leads_where_its_interval_reaches_zero(freedom: int, error: float) -> None:
    """The p of two seeds and the interval come from one distribution, of few seeds wider."""
    spread = SeedSpread(deviation=0.02, freedom=freedom, runs=freedom + 1, configurations=1)
    errors = np.full(2, error)
    reach = spread.half_widths(errors)
    normal = 1.96 * np.sqrt(error**2 + 2 * 0.02**2)
    assert np.all(reach > normal)
    p = spread.of_difference(reach * [0.999, 1.001], errors)
    assert p[0] > 0.05 > p[1]


def test_the_spread_is_pooled_over_repeats_and_confirmed_runs(tmp_path: Path) -> None:
    """Squares 2 * 0.05^2 of the repeats and 2 * 0.1^2 of the confirmed, a degree of each."""
    repeats = record(
        trial(losses=[0.4]),
        trial(losses=[0.5], stored=Stored(repeat_of=0, repetition=2)),
        trial(losses=[0.9], params={"cell": "lstm", "lr": 0.1}),
    )
    final = record(trial(losses=[0.2]), trial(losses=[0.4], stored=Stored(repetition=2)))
    spread = seed_spread(Evidence(record=repeats, final=final))
    assert spread is not None
    assert spread.deviation == pytest.approx(np.sqrt((2 * 0.05**2 + 2 * 0.1**2) / 2))
    assert spread[1:] == (2, 4, 2)
    assert seed_spread(Evidence(record=record(trial(losses=[0.4])))) is None


@pytest.mark.parametrize(
    ("skill", "beats", "word"),
    [(0.5, True, "beats"), (3.0, False, "cannot be told from"), (9.0, False, "is worse than")],
)
def test_the_best_trial_against_the_baseline(
    tmp_path: Path, skill: float, beats: bool, word: str
) -> None:
    evidence = kept(tmp_path, LABELS, [GOOD, BAD])
    said = net(LABELS, skill, 11).argmax(axis=1)
    assert evidence.home is not None
    keep_said(evidence.home.baseline, said)
    baseline = Baseline(accuracy=float((said == LABELS).mean()), macro_f1=0.5)
    evidence = replace(evidence, record=replace(evidence.record, baseline=baseline))
    values = found(evidence)
    assert values.references.beats_baseline is beats
    assert word in leaders_said(values)[-1].text
    card = leaders_card(values)
    assert card.table is not None
    assert card.table.rows[0][0] == "linear baseline"
    assert values.references.majority is not None
    majority = np.bincount(LABELS).max() / len(LABELS)
    assert values.references.majority.accuracy == proportion(majority, len(LABELS))
    assert card.table.rows[1][3].startswith(f"{majority:.2f} (")


def test_without_the_baselines_answers_it_is_unknown(tmp_path: Path) -> None:
    values = found(kept(tmp_path, LABELS, [GOOD])).references
    assert values.beats_baseline is None
    assert "the next run" in values.why_unknown


def test_trials_without_probabilities_keep_their_stored_scores(tmp_path: Path) -> None:
    evidence = kept(tmp_path, LABELS, [GOOD, TWIN, BAD])
    assert evidence.home is not None
    evidence.home.probabilities(1).unlink()
    evidence.home.probabilities(2).write_bytes(b"\x93NUMPY damaged")
    values = found(evidence)
    assert values.tested == 1
    assert values.of(1).is_leader is None
    assert values.of(1).accuracy is not None
    assert not np.isnan(values.of(1).accuracy.low)  # type: ignore[union-attr]
    assert leaders_card(values).figure() is not None


def test_a_study_without_its_folder_says_so(tmp_path: Path) -> None:
    evidence = replace(kept(tmp_path, LABELS, [GOOD, BAD]), home=None)
    values = found(evidence)
    assert values.group == ()
    assert values.rows is None
    assert "is not here" in values.why_untested
    card = leaders_card(values)
    assert card.sentence == f"Not tested: {values.why_untested}."
    assert card.figure() is not None


@pytest.mark.parametrize("which", ["none", "all pruned or failed", "another's"])
def test_nothing_to_lead_is_said(which: str) -> None:
    made = {
        "none": record(),
        "all pruned or failed": record(trial(PRUNED), trial(FAIL)),
        "another's": foreign(trial()),
    }[which]
    values = leaders_of(Evidence(record=made))
    assert isinstance(values, NotYet)
    assert leaders_said(values) == []
    assert leaders_card(values).sentence.startswith("Not shown: ")


def test_of_many_trials_the_best_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.findings.answers.READ", 3)
    evidence = kept(tmp_path, LABELS, [BAD, GOOD, TWIN, GOOD, BAD])
    values = found(evidence)
    assert values.tested == 3
    assert set(values.group) == {1, 2, 3}
    assert [trial.is_leader for trial in values.trials] == [True] * 3 + [None] * 2
    assert "of the 3 that were tested" in leaders_said(values)[0].text


def test_one_other_trial_is_not_told_of_as_many(tmp_path: Path) -> None:
    values = found(kept(tmp_path, LABELS, [BAD, GOOD]))
    said = leaders_said(values)[0].text
    assert said.startswith("Trial 1 is better than the other one by more than chance")
    assert "-0.00 " not in with_ends(Interval(-0.001, -0.3, 0.3))


@pytest.mark.parametrize(
    ("size", "measure", "said"),
    [(0.0123, "accuracy", "0.012"), (6.0, "accuracy", "over 1"), (6.0, "loss", "6")],
)
def test_no_difference_is_larger_than_any_can_be(size: float, measure: str, said: str) -> None:
    assert bounded(size, measure) == said
