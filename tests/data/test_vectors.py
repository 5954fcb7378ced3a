"""Word vectors: counts and PMI by hand, factors by algebra, and which texts they learn from."""

from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import data.vectors
from data.corpus import Corpus
from data.preparation import Prepared, prepare, split
from data.vectors import cooccurrences, load_vectors, positive_pmi, word_vectors
from data.vocabulary import BOS, EOS, SPECIALS

A, B, C, D = range(len(SPECIALS), len(SPECIALS) + 4)


def flat(*texts: list[int]) -> npt.NDArray[np.int32]:
    return np.array([i for text in texts for i in [BOS, *text, EOS]], dtype=np.int32)


@pytest.mark.parametrize(
    ("texts", "words", "counts"),
    [
        ([[A, B]], 2, [[0, 1], [1, 0]]),
        ([[A, B], [B, A, C]], 3, [[0, 2, 1], [2, 0, 0.5], [1, 0.5, 0]]),
        ([[A], [B]], 2, [[0, 0], [0, 0]]),  # never across texts
        ([[A, A]], 1, [[2]]),  # a word beside itself, from both sides
        ([[A, D, B]], 2, [[0, 0.5], [0.5, 0]]),  # a word without a vector keeps its place
        ([[A, *[D] * 9, B]], 2, [[0, 0.1], [0.1, 0]]),
        ([[A, *[D] * 10, B]], 2, [[0, 0], [0, 0]]),  # eleven steps away
    ],
)
def test_pairs_count_by_distance(
    texts: list[list[int]], words: int, counts: list[list[float]]
) -> None:
    found = cooccurrences(flat(*texts), words).toarray()
    np.testing.assert_allclose(found, counts, rtol=1e-6)


@pytest.mark.parametrize(("window", "dimensions"), [(1, 0), (2, 1)])
def test_a_window_bounds_what_is_near(window: int, dimensions: int) -> None:
    found = word_vectors(flat([A, D, B]), 2, 1, window=window)
    assert found.shape == (2, dimensions)


def pmi_by_hand() -> npt.NDArray[np.float64]:
    """Of the texts "a b" and "b a c": a-b 2, a-c 1, b-c 0.5; so a 3, b 2.5, c 1.5."""
    smoothed = {"a": 3**0.75, "b": 2.5**0.75, "c": 1.5**0.75}
    every = sum(smoothed.values())
    seen = {"a": 3, "b": 2.5, "c": 1.5}
    count = {"ab": 2, "ba": 2, "ac": 1, "ca": 1, "bc": 0.5, "cb": 0.5}
    pmi = {
        pair: max(log(n / (seen[pair[0]] * smoothed[pair[1]] / every)), 0)
        for pair, n in count.items()
    }
    return np.array([[pmi.get(row + column, 0) for column in "abc"] for row in "abc"])


def test_positive_pmi_by_hand() -> None:
    found = positive_pmi(cooccurrences(flat([A, B], [B, A, C]), 3))
    np.testing.assert_allclose(found.toarray(), pmi_by_hand(), rtol=1e-5)
    assert found.nnz < 6, "what is not positive is not stored"


def test_vectors_are_the_factors_with_the_roots_of_the_singular_values() -> None:
    vectors = word_vectors(flat([A, B], [B, A, C]), words=3, dimensions=3)
    left, singular, _ = np.linalg.svd(pmi_by_hand())
    expected = (left * np.sqrt(singular))[:, :2]  # of rank 2: one side of c is never positive
    expected *= np.linalg.norm(vectors) / np.linalg.norm(expected)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors.std(), 0.5, rtol=1e-5)
    np.testing.assert_allclose(np.abs(vectors), np.abs(expected), atol=1e-4)  # signs are free


@pytest.mark.parametrize(
    ("texts", "words", "shape"),
    [
        ([[A, B], [B, A, C]], 3, (3, 2)),  # fewer words than the dimensions asked for
        ([[A], [B], [C]], 3, (3, 0)),  # no word has a neighbour
        ([[A, B]], 0, (0, 0)),  # all words are rare
    ],
)
def test_a_corpus_too_small_gives_fewer_dimensions(
    texts: list[list[int]], words: int, shape: tuple[int, int]
) -> None:
    assert word_vectors(flat(*texts), words, dimensions=8).shape == shape


def made(texts: list[str]) -> Corpus:
    labels = np.arange(len(texts)) % 2
    return Corpus("made", texts, labels, ("even", "odd"), str(hash(tuple(texts))))


def random_texts(seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(f"w{i}" for i in rng.zipf(1.5, 12) if i < 60) for _ in range(200)]


def prepared(texts: list[str]) -> Prepared:
    return prepare(made(texts), share=0.2, examples=None, seed=0)


def test_only_training_rows_count() -> None:
    texts = random_texts(1)
    _, validation = split(made(texts).labels, share=0.2, seed=0)
    others = list(texts)
    for i, other in zip(validation, random_texts(2), strict=False):
        others[i] = other
    assert others != texts
    first, second = load_vectors(prepared(texts), 8), load_vectors(prepared(others), 8)
    np.testing.assert_array_equal(first, second)


def test_the_same_texts_give_the_same_vectors_in_the_order_of_the_ranking() -> None:
    ready = prepared(random_texts(1))
    ids, words = ready.train.ids, ready.vocabulary.size(2) - len(SPECIALS)
    assert 8 < words < len(ready.vocabulary.words), "words seen more than twice"
    vectors = load_vectors(ready, 8)
    np.testing.assert_array_equal(vectors, word_vectors(ids, words, 8))
    np.testing.assert_array_equal(vectors, word_vectors(ids, words, 8))
    renamed = np.where(ids == A, B, np.where(ids == B, A, ids)).astype(np.int32)
    swapped = word_vectors(renamed, words, 8)
    norms = np.linalg.norm(vectors, axis=1)  # a rotation or a sign away, each at its own rank
    np.testing.assert_allclose(np.linalg.norm(swapped, axis=1)[[1, 0]], norms[:2], rtol=0.05)


def test_second_call_reads_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    ready = prepared(random_texts(1))
    first = load_vectors(ready, 8)
    monkeypatch.setattr(data.vectors, "positive_pmi", None)  # computing them again would fail
    np.testing.assert_array_equal(load_vectors(ready, 8), first)
    with pytest.raises(TypeError):
        load_vectors(ready, 9)
    with pytest.raises(TypeError):
        load_vectors(prepared(random_texts(2)), 8)
