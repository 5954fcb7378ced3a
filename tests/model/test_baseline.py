"""The linear baseline: what it sees, and that scikit-learn says the same of the same words."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from data.corpus import load_corpus
from data.preparation import Treatment, prepare, split_rows
from data.tokens import load_tokens
from model.baseline import linear_baseline
from model.calibration import fit_linear

TREATMENT = Treatment(kinds=("space",))


def test_it_is_scikit_learns_of_words_and_pairs(tmp_path: Path) -> None:
    """Words are the same for both: letters in small type, parted by spaces."""
    rng = np.random.default_rng(3)
    lines = ["text,label"]
    for _ in range(300):
        words = rng.choice(["ab", "cd", "ef", "gh", "ij"], size=rng.integers(2, 8))
        wrong = rng.random() < 0.1
        lines.append(f"{' '.join(words)},{int(('ab cd' in ' '.join(words)) != wrong)}")
    path = tmp_path / "texts.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    corpus = load_corpus(str(path))
    prepared = prepare(corpus, share=0.3, examples=None, seed=1, treatment=TREATMENT)
    tokens = load_tokens(corpus.texts, corpus.fingerprint, "space")
    train, validation = split_rows(corpus, tokens, share=0.3, seed=1, treatment=TREATMENT)
    texts = np.array(corpus.texts, dtype=object)
    linear = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC(random_state=0)
    )
    linear.fit(texts[train], corpus.labels[train])
    predicted, right = linear.predict(texts[validation]), corpus.labels[validation]
    expected = accuracy_score(right, predicted), f1_score(right, predicted, average="macro")
    found = linear_baseline(prepared)
    assert found[:2] == pytest.approx(expected)
    assert np.array_equal(found.said, predicted)
    assert 0.5 < expected[0] < 1


def test_probabilities_are_calibrated_for_two_classes_and_more(tmp_path: Path) -> None:
    """What is said with 0.8 is right about four times of five, on texts that were not seen."""
    rng = np.random.default_rng(0)
    for classes in (2, 3):
        lines = ["text,label"]
        for _ in range(2400):
            label = int(rng.integers(classes))
            shown = label if rng.random() < 0.8 else int(rng.integers(classes))
            filler = " ".join(rng.choice(["ab", "cd", "ef"], size=4))
            lines.append(f"{filler} word{shown},class {label}")
        path = tmp_path / f"{classes}.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        corpus = load_corpus(str(path))
        prepared = prepare(corpus, share=0.5, examples=None, seed=1, treatment=TREATMENT)
        classifier = fit_linear(prepared, corpus.class_names)
        said = classifier.of_encoded(prepared.validation)
        assert said.sum(axis=1) == pytest.approx(np.ones(len(said)), abs=1e-5)
        right = said.argmax(axis=1) == prepared.validation.labels
        assert said.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.03)
        raw = classifier.predict_proba([corpus.texts[0]])
        assert raw.shape == (1, classes)
