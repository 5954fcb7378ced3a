"""The built-in corpus: balanced, repeatable, and with ceilings that are what it says they are."""

import re
import string

import numpy as np
import pytest

import data.demo
from data.demo import BAG_OF_WORDS_CEILING, CEILING, CLASS_NAMES, ORDER_SHARE, demo_corpus, drafts
from data.vocabulary import SPECIALS

ROWS = 20_000
ERROR = 4 * (0.25 / ROWS) ** 0.5  # four standard errors of an accuracy on ROWS texts


def bag(text: str) -> tuple[str, ...]:
    kept = text.lower().translate(str.maketrans("", "", string.punctuation))
    return tuple(sorted(kept.split()))


def test_a_seed_gives_the_same_texts_and_another_seed_others() -> None:
    assert demo_corpus(300, 1) == demo_corpus(300, 1)
    assert demo_corpus(300, 1) != demo_corpus(300, 2)


def test_classes_are_balanced_and_texts_are_sentences() -> None:
    texts, labels = demo_corpus(ROWS, 3)
    shares = np.bincount(labels) / ROWS
    assert shares == pytest.approx([0.25] * 4, abs=0.02)
    lengths = [len(text.split()) for text in texts]
    assert 12 < np.mean(lengths) < 35
    assert 500 < len({word for text in texts[:6000] for word in bag(text)}) < 3000
    assert not {word for text in texts for word in text.split()} & set(SPECIALS)


def test_nobody_passes_the_ceiling_even_who_knows_the_topic() -> None:
    _, labels = demo_corpus(ROWS, 4)
    topics = [draft.topic for draft in drafts(ROWS, 4)]
    assert np.mean(np.equal(topics, labels)) == pytest.approx(CEILING, abs=ERROR)


def test_mirrored_texts_have_the_same_bag_and_the_other_topic() -> None:
    two_topics = 0
    for draft in drafts(2000, 5):
        assert bag(draft.text()) == bag(draft.mirrored())
        assert draft.text() != draft.mirrored()
        two_topics += draft.other < len(CLASS_NAMES)
    assert two_topics / 2000 == pytest.approx(ORDER_SHARE, abs=0.05)


def test_a_bag_of_words_model_stays_below_its_ceiling() -> None:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts, labels = demo_corpus(5000, 6)
    fresh, answers = demo_corpus(ROWS, 7)
    bags = make_pipeline(CountVectorizer(), LogisticRegression(max_iter=300)).fit(texts, labels)
    accuracy = bags.score(fresh, answers)
    assert BAG_OF_WORDS_CEILING - 0.05 < accuracy < BAG_OF_WORDS_CEILING + ERROR


def test_the_docstring_states_both_ceilings() -> None:
    stated = re.findall(r"\d\.\d{4}", data.demo.__doc__ or "")
    assert stated == [f"{CEILING:.4f}", f"{BAG_OF_WORDS_CEILING:.4f}"]
