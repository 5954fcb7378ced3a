"""Each class, what is mixed up, and confident mistakes: by scikit-learn, of two to thousands."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from search.findings.card import NotYet
from search.findings.cards.classes import classes_cards
from search.findings.classes import Classes, classes_of
from search.findings.evidence import Evidence
from tests.search.findings.kept import NAMES, kept, net
from tests.search.records import foreign, record, trial

LABELS = np.random.default_rng(0).integers(0, 3, 400)
SAID = net(LABELS, 2.0, 1)


def found(evidence: Evidence) -> Classes:
    values = classes_of(evidence)
    assert isinstance(values, Classes)
    return values


def test_scores_are_scikit_learns(tmp_path: Path) -> None:
    values = found(kept(tmp_path, LABELS, [SAID, net(LABELS, 0.5, 2)]))
    assert values.trial == 0
    said = SAID.argmax(axis=1)
    expected = precision_recall_fscore_support(LABELS, said)
    for i, each in enumerate(values.scores):
        assert each.name == NAMES[i]
        points = (each.precision.value, each.recall.value, each.f1.value, each.rows)
        assert points == pytest.approx([column[i] for column in expected])
        assert each.f1.low < each.f1.value < each.f1.high
    assert values.matrix is not None
    assert np.array_equal(np.array(values.matrix), confusion_matrix(LABELS, said))
    assert values.wrong == (said != LABELS).sum()


def test_the_interval_of_f1_holds_what_resampling_gives() -> None:
    """Wilson's for hits among the rows that are of the class or said to be, against resampling."""
    from search.findings.classes import _f1

    rng = np.random.default_rng(5)
    hits = rng.binomial(120, 0.7, 20_000) / 120
    low, high = np.quantile(2 * hits / (1 + hits), [0.025, 0.975])
    interval = _f1(84, 120)
    assert interval.low == pytest.approx(low, abs=0.02)
    assert interval.high == pytest.approx(high, abs=0.02)


def test_the_most_confident_mistakes_come_first(tmp_path: Path) -> None:
    values = found(kept(tmp_path, LABELS, [SAID]))
    sure = [each.probability for each in values.mistakes]
    assert len(sure) == 10
    assert sure == sorted(sure, reverse=True)
    wrong = SAID.argmax(axis=1) != LABELS
    assert sure[0] == SAID[wrong].max()
    first = values.mistakes[0]
    row = int(first.text.removeprefix("text "))
    assert first.right == NAMES[LABELS[row]] != first.said
    assert [c.rows for c in values.confusions] == sorted(
        (c.rows for c in values.confusions), reverse=True
    )


def test_thousands_of_classes_show_the_worst(tmp_path: Path) -> None:
    labels = np.random.default_rng(1).integers(0, 3000, 4000)
    values = found(kept(tmp_path, labels, [net(labels, 4.0, 1, classes=3000)]))
    assert (values.count, len(values.scores), values.matrix) == (3000, 20, None)
    assert len(values.confusions) == 15
    f1 = [each.f1.value for each in values.scores]
    assert f1 == sorted(f1)
    for card in classes_cards(values):
        assert card.table is not None
        figure = card.figure()
        assert figure is None or len(figure.to_json()) < 20_000
    assert "the worst of 3,000" in classes_cards(values)[0].sentence


def test_all_right_has_no_mistakes(tmp_path: Path) -> None:
    sure = np.eye(3, dtype=np.float16)[LABELS]
    cards = classes_cards(found(kept(tmp_path, LABELS, [sure])))
    assert "All 400 validation texts are right." in {card.sentence for card in cards}
    assert [card.name for card in cards] == ["classes", "confusion", "mistakes"]


def test_names_cannot_be_tags_in_a_figure(tmp_path: Path) -> None:
    values = found(kept(tmp_path, LABELS, [SAID]))
    scores = tuple(each._replace(name="<b>1</b>") for each in values.scores)
    cards = classes_cards(Classes(**{**vars(values), "scores": scores}))
    for card in cards[:2]:
        figure = card.figure()
        assert figure is not None
        assert figure.layout.yaxis.ticktext[0] == "&lt;b&gt;1&lt;/b&gt;"


@pytest.mark.parametrize("made", [record(), foreign(trial()), record(trial())])
def test_what_is_missing_is_said(made: object) -> None:
    values = classes_of(Evidence(record=made))  # type: ignore[arg-type]
    assert isinstance(values, NotYet)
    assert all(card.sentence.startswith("Not shown: ") for card in classes_cards(values))
