"""A threshold is a cut in the ranking of the training rows' words."""

from collections import Counter

import numpy as np
import pytest

from data.encoded import encode_rows
from data.tokens import tokenize, tokenize_all
from data.vocabulary import BOS, EOS, UNK, Vocabulary, rank_words

TEXTS = [
    "b b b a a c",  # training
    "a b c d",  # training
    "zebra zebra zebra zebra a",  # validation: its words must not count
    "b d",  # training
]
TRAIN = np.array([0, 1, 3])
# by hand, over rows 0, 1, 3: b 5, a 3, c 2, d 2 (alphabetical where equal); zebra 0


def vocabulary() -> Vocabulary:
    return rank_words(tokenize_all(TEXTS), TRAIN)[0]


def test_ranking_counts_training_rows_only_and_breaks_ties_alphabetically() -> None:
    assert list(vocabulary().words) == ["b", "a", "c", "d"]
    assert vocabulary().counts.tolist() == [5, 3, 2, 2]


@pytest.mark.parametrize(
    ("threshold", "size"), [(0, 8), (1, 8), (2, 6), (3, 5), (4, 5), (5, 4), (99, 4)]
)
def test_size_keeps_words_seen_more_often_than_the_threshold(threshold: int, size: int) -> None:
    assert vocabulary().size(threshold) == size
    assert vocabulary().cut(threshold).size() == size


@pytest.mark.parametrize("threshold", range(7))
def test_cut_ids_are_those_of_a_plain_counter(threshold: int) -> None:
    vocabulary, ranked = rank_words(tokenize_all(TEXTS), TRAIN)
    rows = np.arange(len(TEXTS))
    encoded = encode_rows((ranked.ids, ranked.offsets), np.zeros(len(TEXTS), np.int64), rows)
    ids = encoded.cut(vocabulary.size(threshold), 256).ids

    counts = Counter(word for row in TRAIN for word in tokenize(TEXTS[row]))
    ranking = sorted(counts, key=lambda word: (-counts[word], word))
    plain = {w: i for i, w in enumerate((w for w in ranking if counts[w] > threshold), 4)}
    expected = [[BOS, *(plain.get(w, UNK) for w in tokenize(t)), EOS] for t in TEXTS]
    assert ids.tolist() == [i for row in expected for i in row]
    assert [vocabulary.cut(threshold).encode(tokenize(t)) for t in TEXTS] == expected
