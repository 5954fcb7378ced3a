"""The split by units: repeats and groups stay on one side, and the share is as given."""

import random

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from data.corpus import Corpus, DataError
from data.preparation import Treatment, prepare
from data.repeats import count_repeats, same_tokens
from data.splitting import join_units, split
from data.tokens import tokenize_all


def labels(*counts: int) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), counts)


def corpus(texts: list[str], of_rows: list[int], **more: object) -> Corpus:
    names = tuple("abcdefgh"[: max(of_rows) + 1])
    fingerprint = str(hash((tuple(texts), tuple(of_rows))))
    return Corpus("made", texts, np.array(of_rows), names, fingerprint, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "share", "validation"),
    [(6_000, 0.05, 300), (1_000, 0.05, 50), (100, 0.01, 1), (100, 0.004, 1), (100, 0.6, 60)],
)
def test_an_exact_share_is_taken_as_it_is(rows: int, share: float, validation: int) -> None:
    train, held_out = split(labels(*[rows // 4] * 4), share=share, seed=0, exact=True)
    assert len(held_out) == validation
    assert sorted([*train, *held_out]) == list(range(rows))


def test_units_of_one_row_change_nothing() -> None:
    of_rows = labels(300, 150, 50)
    plain = split(of_rows, share=0.1, seed=3)
    units = split(of_rows, share=0.1, seed=3, units=np.random.default_rng(0).permutation(500))
    np.testing.assert_array_equal(plain[1], units[1])
    np.testing.assert_array_equal(plain[0], units[0])


@pytest.mark.parametrize("size", [2, 5, 10])
@pytest.mark.parametrize("seed", range(3))
def test_units_stay_whole_and_classes_keep_their_shares(size: int, seed: int) -> None:
    """The units of the second class are of one row: it must get no more of the rows for that."""
    of_rows = labels(1_000, 1_000)
    units = np.concatenate([np.arange(1_000) // size, 5_000 + np.arange(1_000)])
    train, held_out = split(of_rows, share=0.2, seed=seed, units=units)
    assert not set(units[train]) & set(units[held_out])
    assert abs(len(held_out) - 400) < size
    assert abs(int(np.bincount(of_rows[held_out])[0]) - 200) <= size


def test_groups_of_many_classes_reach_the_share() -> None:
    rng = np.random.default_rng(0)
    of_rows, groups = rng.integers(0, 8, 4_000), rng.integers(0, 40, 4_000)
    train, held_out = split(of_rows, share=0.25, seed=0, units=groups)
    assert not set(groups[train]) & set(groups[held_out])
    assert 0.8 * 1_000 < len(held_out) <= 1_000


def test_a_class_of_one_text_is_trained_on_and_others_are_validated() -> None:
    of_rows = labels(6, 40, 40)
    units = np.concatenate([[0] * 6, np.arange(1, 81)])
    train, held_out = split(of_rows, share=0.2, seed=0, units=units)
    assert np.bincount(of_rows[train])[0] == 6
    assert (np.bincount(of_rows[held_out], minlength=3)[1:] > 0).all()
    small = labels(60, 3, 3)
    units = np.array([*range(60), 60, 60, 61, 62, 63, 63])
    _, held_out = split(small, share=0.1, seed=0, units=units)
    assert set(small[held_out]) == {0, 1, 2}, "each class that has two texts is validated"


def test_a_class_of_large_units_is_validated_beyond_its_share() -> None:
    """One row of it would be its share, but its units have ten."""
    of_rows = labels(200, 20)
    units = np.array([*range(200), *[200] * 10, *[201] * 10])
    train, held_out = split(of_rows, share=0.05, seed=0, exact=True, units=units)
    assert np.bincount(of_rows[held_out])[1] == np.bincount(of_rows[train])[1] == 10


def test_impossible_splits_are_refused() -> None:
    with pytest.raises(DataError, match="the rows cannot be split"):
        split(labels(4, 4), share=0.2, seed=0, units=np.zeros(8, np.int64))
    with pytest.raises(DataError, match=r"--validation 0.99 leaves no row of class number 1"):
        split(labels(200, 2), share=0.99, seed=0, exact=True)


def test_units_are_joined_over_chains() -> None:
    joined = join_units([np.array([0, 0, 1, 2, 3]), np.array([5, 6, 6, 7, 8])])
    assert joined[0] == joined[1] == joined[2]
    assert len(set(joined.tolist())) == 3


def test_units_are_joined_as_connected_components_are() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        rows = rng.integers(1, 40)
        parts = [
            rng.integers(0, rng.integers(1, rows + 1), rows) for _ in range(rng.integers(1, 4))
        ]
        pairs = [(row, part == part[row]) for part in parts for row in range(rows)]
        tied = np.zeros((rows, rows), bool)
        for row, others in pairs:
            tied[row] |= others
        assert (join_units(parts) == connected_components(tied, directed=False)[1]).all()


def test_a_long_chain_of_units_in_any_order_is_joined() -> None:
    rows = np.random.default_rng(0).permutation(80_000)
    assert join_units([rows // 2, (rows + 1) // 2]).max() == 0


def test_equal_tokens_have_equal_numbers() -> None:
    words = [*"abcdefgh"]
    rng = random.Random(0)
    texts = [" ".join(rng.choices(words, k=rng.randrange(5))) for _ in range(3_000)]
    texts += ["A!", "a", "a b", "b a", ""]
    numbers = same_tokens(tokenize_all(texts)).tolist()
    plain = [" ".join(text.lower().replace("!", "").split()) for text in texts]
    assert len(set(numbers)) == len(set(plain)) == len(set(zip(numbers, plain, strict=True)))


def test_repeats_and_contradictions_are_counted() -> None:
    same = np.array([7, 7, 8, 8, 8, 9, 5])
    of_rows = np.array([0, 1, 0, 0, 0, 1, 1])
    held_out = np.array([False, True, False, False, True, True, False])
    assert count_repeats(same, of_rows, held_out) == (2, 5, 1, 2, 2)


def test_random_labels_of_repeated_texts_do_not_leak() -> None:
    """Whoever has learned the training rows by heart knows nothing of the validation rows."""
    rng = random.Random(0)
    some = [(f"word{rng.random()} x", rng.randrange(2)) for _ in range(150)]
    texts, of_rows = zip(*(some * 10), strict=True)
    made = corpus(list(texts), list(of_rows))
    for repeats, known in (("apart", 1.0), ("together", 0.0)):
        treatment = Treatment(repeats=repeats)  # type: ignore[arg-type]
        prepared = prepare(made, share=0.2, examples=None, seed=0, treatment=treatment)
        seen = set(prepared.vocabulary.words)
        size = prepared.vocabulary.size(0)
        ids = prepared.validation.ids[prepared.validation.offsets + 1]
        assert float((ids < size).mean()) == known
        assert len(seen) == (151 if repeats == "apart" else 121)
        assert abs(len(prepared.validation) - 300) <= 10


def test_own_validation_rows_and_groups_are_obeyed() -> None:
    texts, of_rows = [f"w{i}" for i in range(8)], [0, 1] * 4
    marks = np.array([False] * 6 + [True] * 2)
    prepared = prepare(corpus(texts, of_rows, validation=marks), share=0.5, examples=None, seed=0)
    assert sorted(prepared.vocabulary.words) == texts[:6]
    groups = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    grouped = prepare(corpus(texts, of_rows, groups=groups), share=0.2, examples=None, seed=0)
    numbers = sorted(int(word[1:]) // 2 for word in grouped.vocabulary.words)
    assert all(numbers.count(group) == 2 for group in numbers)
