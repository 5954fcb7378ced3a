"""Batches hold every text once, padded only behind its end, in an order from a generator."""

import warnings
from pathlib import Path

import joblib
import numpy as np
import pytest
import torch

from data.batching import Batch, Encoded
from data.encoded import EncodedTexts, Truncate, encode_rows
from data.vocabulary import BOS, EOS, PAD, UNK
from tests.agnews import FOLDER, needs_agnews


def make_texts(lengths: list[int]) -> EncodedTexts:
    """Text ``i`` consists of the word with the id ``10 + i``, ``lengths[i]`` times."""
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    ranks = np.repeat(np.arange(len(lengths)) + 6, lengths).astype(np.int32)
    return encode_rows((ranks, offsets), np.arange(len(lengths)), np.arange(len(lengths)))


def rows_of(batches: list[Batch]) -> dict[int, list[int]]:
    """Label (which is the text's number here) to real steps, checking the padding."""
    rows = {}
    for batch in batches:
        for ids, length, label in zip(*(part.tolist() for part in batch), strict=True):
            assert all(i == PAD for i in ids[length:])
            assert label not in rows
            rows[label] = ids[:length]
    return rows


LENGTHS = [3, 1, 0, 7, 5, 5, 2, 9, 0, 4, 6]


@pytest.mark.parametrize("batch_size", [1, 3, 4, 11, 50])
def test_every_text_comes_once_and_whole(batch_size: int) -> None:
    texts = Encoded.of(make_texts(LENGTHS))
    expected = {i: [BOS, *[10 + i] * n, EOS] for i, n in enumerate(LENGTHS)}
    generator = torch.Generator().manual_seed(0)
    assert rows_of(list(texts.shuffled(batch_size, generator))) == expected
    assert rows_of(list(texts.ordered(batch_size))) == expected


def test_an_empty_text_is_bos_and_eos() -> None:
    batch = next(iter(Encoded.of(make_texts([0])).ordered(4)))
    assert batch.ids.tolist() == [[BOS, EOS]]
    assert batch.lengths.tolist() == [2]


def test_order_comes_from_the_generator_alone() -> None:
    texts = Encoded.of(make_texts(LENGTHS * 5))

    def order(seed: int) -> list[list[int]]:
        torch.manual_seed(seed + 100)  # the global state must not matter
        generator = torch.Generator().manual_seed(seed)
        return [b.labels.tolist() for _ in range(2) for b in texts.shuffled(4, generator)]

    assert order(1) == order(1)
    assert order(1) != order(2)
    half = len(order(1)) // 2
    assert order(1)[:half] != order(1)[half:], "each epoch has an order of its own"


def test_long_texts_are_cut_and_keep_their_eos() -> None:
    texts = Encoded.of(make_texts([10, 2]).cut(vocabulary_size=100, max_length=5))
    assert rows_of(list(texts.ordered(2))) == {0: [BOS, 10, 10, 10, EOS], 1: [BOS, 11, 11, EOS]}


def numbered(lengths: list[int]) -> EncodedTexts:
    """The words of each text are 10, 11, 12 and so on."""
    ranks = np.concatenate([np.arange(n) + 6 for n in lengths]).astype(np.int32)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    return encode_rows((ranks, offsets), np.arange(len(lengths)), np.arange(len(lengths)))


CUTS: list[tuple[Truncate, int, list[int]]] = [
    ("head", 6, [10, 11, 12, 13]),
    ("tail", 6, [16, 17, 18, 19]),
    ("both", 6, [10, 11, 18, 19]),
    ("both", 7, [10, 11, 12, 18, 19]),
    ("both", 3, [10]),
    ("tail", 3, [19]),
    ("tail", 11, [*range(11, 20)]),
    ("both", 12, [*range(10, 20)]),
]


@pytest.mark.parametrize(("truncate", "longest", "words"), CUTS)
def test_a_cut_keeps_the_head_the_tail_or_both(
    truncate: Truncate, longest: int, words: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.encoded.AT_ONCE", 2)
    lengths = [10, 0, 1, 10, 10]
    rows = rows_of(list(Encoded.of(numbered(lengths).cut(100, longest, truncate)).ordered(2)))
    for i, length in enumerate(lengths):
        whole = [BOS, *range(10, 10 + length), EOS]
        assert rows[i] == ([BOS, *words, EOS] if length == 10 else whole)


def test_words_behind_the_cut_become_unk() -> None:
    texts = Encoded.of(make_texts([2, 2]).cut(vocabulary_size=11, max_length=256))
    assert rows_of(list(texts.ordered(2))) == {0: [BOS, 10, 10, EOS], 1: [BOS, UNK, UNK, EOS]}


def test_cutting_leaves_the_original_alone() -> None:
    texts = make_texts([10, 2])
    before = texts.ids.copy()
    texts.cut(vocabulary_size=5, max_length=4)
    np.testing.assert_array_equal(texts.ids, before)


def test_texts_that_cannot_be_written_become_tensors_without_a_word(tmp_path: Path) -> None:
    texts = make_texts([3, 1])
    joblib.dump(texts, tmp_path / "texts.pkl")
    mapped = joblib.load(tmp_path / "texts.pkl", mmap_mode="r")
    assert not mapped.ids.flags.writeable
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = Encoded.of(mapped)
    assert made.ids.tolist() == texts.ids.tolist()


@needs_agnews
def test_padding_on_real_news_stays_under_a_tenth() -> None:
    from data.corpus import load_corpus
    from data.preparation import prepare

    prepared = prepare(load_corpus(str(FOLDER)), share=0.05, examples=None, seed=0)
    texts = Encoded.of(prepared.train.cut(10_000, 256))
    batches = list(texts.shuffled(512, torch.Generator().manual_seed(0)))
    steps = sum(batch.ids.numel() for batch in batches)
    real = sum(int(batch.lengths.sum()) for batch in batches)
    assert real == int(texts.lengths.sum())
    assert 1 - real / steps < 0.10
    assert len({tuple(b.labels.tolist()) for b in batches}) == len(batches)


def test_parts_of_a_batch_are_as_long_as_they_must_be() -> None:
    lengths = torch.tensor([2, 3, 5, 9])
    ids = torch.full((4, 9), PAD)
    for row, length in enumerate(lengths.tolist()):
        ids[row, :length] = 7
    short, long = Batch(ids, lengths, torch.arange(4)).split(2)
    assert short.ids.shape == (2, 3)
    assert long.ids.shape == (2, 9)
    assert [int((part.ids == 7).sum()) for part in (short, long)] == [5, 14]
    assert torch.cat([short.labels, long.labels]).tolist() == [0, 1, 2, 3]
