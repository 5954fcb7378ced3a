"""The split is stratified, seeded and large enough; the vocabulary never sees validation."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from data.corpus import Corpus, DataError, load_corpus
from data.kinds import KINDS
from data.preparation import Prepared, Treatment, part, prepare, split
from data.vocabulary import UNK
from tests.agnews import FOLDER, needs_agnews


def labels(*counts: int) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), counts)


@pytest.mark.parametrize(
    ("rows", "share", "validation"),
    [
        (120_000, 0.05, 6_000),
        (20_000, 0.05, 1_000),
        (6_000, 0.05, 1_000),  # raised to 1,000
        (5_000, 0.05, 1_000),
        (1_000, 0.05, 200),  # 1,000 would leave nothing: a fifth
        (1_000, 0.3, 300),  # asked for more
        (8, 0.05, 4),  # at least one of each class
    ],
)
def test_size_of_validation(rows: int, share: float, validation: int) -> None:
    train, held_out = split(labels(*[rows // 4] * 4), share=share, seed=0)
    assert len(held_out) == validation
    assert sorted([*train, *held_out]) == list(range(rows))


def test_split_is_stratified_and_follows_the_seed() -> None:
    of_rows = labels(4_000, 2_000, 2_000)
    _, held_out = split(of_rows, share=0.125, seed=1)
    assert np.bincount(of_rows[held_out]).tolist() == [500, 250, 250]
    assert np.array_equal(held_out, split(of_rows, share=0.125, seed=1)[1])
    assert not np.array_equal(held_out, split(of_rows, share=0.125, seed=2)[1])


def test_each_class_is_on_both_sides_however_rare() -> None:
    of_rows = labels(3_000, 1_500, 2)
    for seed in range(20):
        train, held_out = split(of_rows, share=0.05, seed=seed)
        assert np.bincount(of_rows[held_out]).tolist()[2] == 1
        assert np.bincount(of_rows[train]).tolist()[2] == 1


def corpus(rows: int) -> Corpus:
    texts = [f"common word{i}" for i in range(rows)]
    return Corpus("made", texts, labels(rows // 2, rows // 2), ("a", "b"), f"made-up-{rows}")


def test_vocabulary_comes_from_the_training_rows_only() -> None:
    made = corpus(40)
    prepared = prepare(made, share=0.2, examples=None, seed=0)
    assert len(prepared.train) == 32
    words = set(prepared.vocabulary.words)
    assert words == {"common"} | {f"word{i}" for i in split(made.labels, share=0.2, seed=0)[0]}
    seen = prepared.validation.cut(prepared.vocabulary.size(0), 256)
    assert seen.ids.tolist().count(UNK) == 8, "each validation text has one unseen word"


def test_examples_take_a_stratified_part_of_the_training_rows() -> None:
    made = corpus(400)
    prepared = prepare(made, share=0.1, examples=50, seed=0)
    assert np.bincount(prepared.train.labels).tolist() == [25, 25]
    assert len(prepared.validation) == 80
    assert len(prepared.vocabulary.words) == 51, "only the words of the chosen rows"


@pytest.mark.parametrize("examples", [1, 321])
def test_impossible_examples_name_the_limits(examples: int) -> None:
    with pytest.raises(DataError, match=rf"--examples {examples}: .* from 2 to 320"):
        prepare(corpus(400), share=0.1, examples=examples, seed=0)


@pytest.mark.parametrize("examples", [2, 30, 39, 40])
def test_any_possible_number_of_examples_is_exact(examples: int) -> None:
    made = corpus(40)
    assert len(part(np.arange(40), made, examples=examples, seed=0)) == examples


def test_several_kinds_have_one_split_and_are_saved_together(tmp_path: Path) -> None:
    texts = [f"Common: word{i % 7}, no{i}!" for i in range(60)]
    made = Corpus("made", texts, labels(30, 30), ("a", "b"), "several kinds")
    kinds = Treatment(kinds=("words", "keep", "characters"))
    prepared = prepare(made, share=0.2, examples=None, seed=0, treatment=kinds)
    alone = prepare(made, share=0.2, examples=None, seed=0)
    np.testing.assert_array_equal(prepared.train.ids, alone.train.ids)
    assert prepared.of("words") is prepared
    assert not alone.others
    prepared.save(tmp_path / "texts.pt")
    loaded = Prepared.load(tmp_path / "texts.pt")
    for kind in kinds.kinds:
        one = Treatment(kinds=(kind,))
        expected = prepare(made, share=0.2, examples=None, seed=0, treatment=one)
        found = loaded.of(kind)
        assert found.kind == kind
        assert list(found.vocabulary.words) == list(expected.vocabulary.words)
        np.testing.assert_array_equal(found.train.ids, expected.train.ids)
        np.testing.assert_array_equal(found.validation.labels, expected.validation.labels)
    with pytest.raises(KeyError):
        prepared.of("space")


@pytest.mark.parametrize("repeats", ["apart", "together"])
@pytest.mark.parametrize("kind", KINDS)
def test_texts_without_any_word_are_refused(kind: str, repeats: str) -> None:
    texts = [f"{mark}{'.' * i}" for i in range(1, 11) for mark in "!?"]
    made = Corpus("made", texts, labels(10, 10), ("a", "b"), "punctuation")
    treatment = Treatment(kinds=(kind,), repeats=repeats)  # type: ignore[arg-type]
    if kind in {"keep", "characters"}:
        prepared = prepare(made, share=0.2, examples=None, seed=0, treatment=treatment)
        assert len(prepared.vocabulary.words) > 0
        return
    with pytest.raises(DataError, match=rf"no word is left .* tokens = '{kind}'; 'keep' and"):
        prepare(made, share=0.2, examples=None, seed=0, treatment=treatment)


@needs_agnews
def test_real_news_keep_their_ids_to_the_last() -> None:
    """Studies that earlier versions began go on with the same numbers."""
    prepared = prepare(load_corpus(str(FOLDER)), share=0.05, examples=None, seed=0)
    digest = hashlib.sha256(prepared.train.ids.tobytes())
    digest.update(prepared.validation.ids.tobytes())
    digest.update("\n".join(prepared.vocabulary.words).encode())
    expected = "816442a6fae2edf6831525819ec340792059a712e20c024f99334854b050b339"
    assert digest.hexdigest() == expected
