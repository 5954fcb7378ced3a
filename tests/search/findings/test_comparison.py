"""Two studies side by side: what is refused, what is paired, what may be claimed."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from optuna.trial import FrozenTrial
from scipy.stats import binomtest, ttest_1samp

from search.errors import StudyError
from search.findings.cards.comparison import compared, comparison_section
from search.findings.comparison import Comparison, comparison_of
from search.findings.evidence import Evidence
from search.findings.intervals import Floats
from search.storage.attributes import Stored
from search.storage.record import StudyRecord
from tests.search.records import COMPLETE, FAIL, PRUNED, definition, foreign, record, trial

ROWS = 400
LABELS = np.arange(ROWS) % 2
WIDE = {"space": {"cell": ["gru", "lstm", "rnn"], "lr": {"low": 1e-4, "high": 1.0, "log": True}}}


def study(name: str, *trials: FrozenTrial, **tables: Any) -> StudyRecord:
    made = record(*(trials or [trial(COMPLETE, [0.5])]), of=definition(**tables))
    return replace(made, name=name, identity=name)


def evidence(
    name: str,
    said: Floats | None = None,
    *trials: FrozenTrial,
    final: StudyRecord | None = None,
    texts: str = "text",
) -> Evidence:
    """With rows and what was said of them, if anything was."""
    rows = SimpleNamespace(labels=LABELS, class_names=("a", "b"), texts=(texts,) * ROWS)
    made = SimpleNamespace(
        record=study(name, *trials),
        final=final,
        rows=None if said is None else rows,
        probabilities=lambda trial: said,
    )
    return cast(Evidence, made)


def said_right(share: float, sure: float, seed: int = 0) -> Floats:
    """(ROWS, 2) probabilities with so many classes right, each said with about ``sure``."""
    rng = np.random.default_rng(seed)
    right = rng.permutation(ROWS) < share * ROWS
    chosen = np.clip(np.where(right, sure, 1 - sure) + rng.normal(0, 0.02, ROWS), 0.02, 0.98)
    return np.where(LABELS[:, None] == np.arange(2), chosen[:, None], 1 - chosen[:, None])


def compare(one: Evidence, other: Evidence) -> tuple[Comparison, str]:
    values = comparison_of(one, other)
    return values, comparison_section(values).cards[0].sentence


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (study("one"), "--compare one: that is the study itself"),
        (replace(foreign(trial()), name="x"), "the study x was made by another program"),
        (study("x", trial(PRUNED), trial(FAIL)), "the study x has no complete trial yet"),
        (replace(record(), name="x"), "the study x has no complete trial yet"),
        (study("x", data={"dataset": "news.csv", "validation": 0.3}),
            "do not validate with the same rows .data.validation: None and 0.3"),
        (study("x", search={"epochs": 5, "seed": 8}), "same rows .search.seed: 7 and 8"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_in_one_message(other: StudyRecord, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        comparison_of(Evidence(record=study("one")), Evidence(record=other))


def test_other_texts_are_refused_and_named() -> None:
    other = study("x", data={"dataset": "mail.csv"})
    assert other.binding is not None
    other.binding.table["data"]["fingerprint"] = "other"
    with pytest.raises(
        StudyError, match=r"one and x have different texts .of news.csv and of mail"
    ):
        comparison_of(Evidence(record=study("one")), Evidence(record=other))


def test_kept_rows_decide_whether_they_are_the_same() -> None:
    said = said_right(0.8, 0.8)
    with pytest.raises(StudyError, match="their kept rows differ"):
        comparison_of(evidence("one", said), evidence("two", said, texts="another"))


def test_settings_that_differ_are_shown() -> None:
    one, other = study("one"), study("two", trial(), search={"epochs": 9, "seed": 7}, **WIDE)
    values = comparison_of(Evidence(record=one), Evidence(record=other))
    card = comparison_section(values).cards[-1]
    assert card.sentence == "2 settings of the studies differ."
    assert card.table is not None
    assert card.table.rows == (
        ("search.epochs", "5", "9"),
        ("space.cell", "gru; lstm", "gru; lstm; rnn"),
    )


def test_pairs_are_of_rows() -> None:
    worse, better = said_right(0.7, 0.8), said_right(0.95, 0.8, seed=1)
    values, sentence = compare(evidence("one", worse), evidence("two", better))
    losses = [-np.log(said[np.arange(ROWS), LABELS]) for said in (worse, better)]
    right = [said.argmax(axis=1) == LABELS for said in (worse, better)]
    assert values.paired is not None
    ends = ttest_1samp(losses[1] - losses[0], 0).confidence_interval()
    assert values.paired.loss == pytest.approx((np.mean(losses[1] - losses[0]), *ends), rel=0.01)
    won, lost = sum(right[1] & ~right[0]), sum(right[0] & ~right[1])
    assert values.paired.p == pytest.approx(binomtest(won, won + lost).pvalue)
    assert values.paired.accuracy.value == pytest.approx((won - lost) / ROWS)
    assert values.bests[1].accuracy.value == pytest.approx(np.mean(right[1]))
    assert sentence.startswith("The net of trial 0 of two has less loss than that of trial 0 of o")
    assert sentence.endswith("other seeds would say: none is trained with several.")


def repeats(*losses: float) -> tuple[FrozenTrial, ...]:
    stored = [Stored(best_loss=loss) for loss in losses]
    return tuple(trial(COMPLETE, [s.best_loss or 0.0], stored=s) for s in stored)


@pytest.mark.parametrize(
    ("share", "seeds", "claim"),
    [
        (0.7, (), "No difference between trial 0 of two and trial 0 of one is proved"),
        (0.95, (), "The net of trial 0 of two has less loss than that of trial 0 of one"),
        (0.4, (), "The net of trial 0 of one has less loss than that of trial 0 of two"),
        (0.95, (0.50, 0.501, 0.502), "The configuration of trial 0 of two is better than"),
        (0.95, (0.2, 0.5, 0.9), "neither configuration is proved to be better"),
    ],
)
def test_no_more_is_claimed_than_rows_and_seeds_allow(
    share: float, seeds: tuple[float, ...], claim: str
) -> None:
    final = study("one-final", *repeats(*seeds)) if seeds else None
    one = evidence("one", said_right(0.7, 0.8), final=final)
    values, sentence = compare(one, evidence("two", said_right(share, 0.8, seed=1)))
    assert claim in sentence
    assert values.paired is not None
    assert values.paired.repeats == max(len(seeds) - 1, 0)


def test_the_spread_of_seeds_widens_the_interval() -> None:
    """With one more degree of freedom than none: Welch's interval by hand."""
    final = study("one-final", *repeats(0.4, 0.6))
    one = evidence("one", said_right(0.7, 0.8), final=final)
    values, _ = compare(one, evidence("two", said_right(0.7, 0.8)))
    assert values.paired is not None
    assert values.paired.with_seeds is not None
    # The same answers: rows have no variance; two seeds have 2 * 0.02; t is 12.706 at 1 degree.
    assert values.paired.with_seeds == pytest.approx((0.0, -2.5412, 2.5412), abs=1e-3)


def test_without_rows_stored_scores_are_shown_and_nothing_is_claimed() -> None:
    values, sentence = compare(evidence("one"), evidence("two", said_right(0.8, 0.8)))
    assert values.paired is None
    assert "the rows are not kept with both studies" in sentence
    assert values.bests[0].loss.value == 0.5


def test_probabilities_of_other_rows_are_not_paired() -> None:
    short = evidence("two", said_right(0.8, 0.8)[:10])
    assert compare(evidence("one", said_right(0.8, 0.8)), short)[0].paired is None


def test_the_best_so_far_by_trial_and_by_hours() -> None:
    one = study("one", *(trial(COMPLETE, [x, x]) for x in (3.0, 1.0, 2.0)), trial(PRUNED, [9.0]))
    other = study("two", trial(COMPLETE, [2.0, 2.0]), trial(FAIL), trial(COMPLETE, [0.5, 0.5]))
    values = comparison_of(Evidence(record=one), Evidence(record=other))
    assert [(s.trial, s.best) for s in values.steps[0]] == [(0, 3.0), (1, 1.0), (2, 1.0)]
    assert [s.hours * 3600 for s in values.steps[1]] == pytest.approx([4.0, 8.0])
    _, by_trial, by_hours, _ = comparison_section(values).cards
    assert by_trial.sentence.endswith("complete trials each, one was at 1.0000 and two at 0.5000.")
    assert by_trial.table is not None
    assert [row[1] for row in by_trial.table.rows] == ["0", "1", "0", "2"]
    for card in (by_trial, by_hours):
        figure = card.figure()
        assert figure is not None
        assert [trace.name for trace in figure.data] == ["one", "two"]


def test_studies_of_several_objectives_are_compared_by_their_losses() -> None:
    told = Stored(best_loss=0.3)
    one = study("one", trial(COMPLETE, [0.4], stored=Stored(best_loss=0.4)))
    other = study("two", trial(COMPLETE, [0.9], stored=told),
        search={"epochs": 5, "seed": 7, "objective": "accuracy"})  # fmt: skip
    values = comparison_of(Evidence(record=one), Evidence(record=other))
    assert values.objective == "loss"
    assert values.steps[1][0].best == 0.3
    assert ("search.objective", "loss", "accuracy") in values.settings


def test_it_is_a_section_and_a_sentence_of_the_findings() -> None:
    found = compared(Evidence(record=study("one")), Evidence(record=study("two")))
    assert "How does it compare with two?" in [section.question for section in found.sections]
    assert found.said[-1].card == "comparison"
    assert found.comparison.sentence == found.said[-1].text
    assert "comparison_by_hours" in dir(found)
