"""Settings, texts and a seed become a training, the same one from the same ones."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from data.batching import Encoded
from data.corpus import Corpus
from data.encoded import EncodedTexts
from data.preparation import Prepared, prepare
from data.vectors import SPREAD, load_vectors
from data.vocabulary import EOS, SPECIALS, UNK, WordVectors
from model.assembly import Assembly, assemble, start_from
from model.classifier import RecurrentClassifier, build
from model.settings import ModelSettings
from tests.model.texts import VOCABULARY_SIZE, training


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """200 texts of up to 60 words, some of them rare, of which the first tells the class."""
    rng = np.random.default_rng(1)
    labels = np.arange(200) % 2
    texts = [
        " ".join([f"class{label}", *(f"w{i}" for i in rng.zipf(1.5, rng.integers(2, 60)))])
        for label in labels
    ]
    corpus = Corpus("made", texts, labels, ("even", "odd"), "assembled")
    return prepare(corpus, share=0.2, examples=None, seed=0)


def assembled(prepared: Prepared, seed: int = 3, **settings: Any) -> Assembly:
    net_settings = ModelSettings.model_validate({"hidden_dim": 8, **settings})
    return assemble(prepared, net_settings, training(epochs=2), seed=seed)


def weights(net: nn.Module) -> list[torch.Tensor]:
    return [p.detach().clone() for p in net.parameters()]


def texts_of(encoded: Encoded | EncodedTexts) -> list[list[int]]:
    places = zip(encoded.offsets.tolist(), encoded.lengths.tolist(), strict=True)
    return [encoded.ids[start : start + length].tolist() for start, length in places]


def equal(first: list[torch.Tensor], second: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("start", ["random", "corpus"])
def test_the_same_settings_and_seed_give_the_same_training(prepared: Prepared, start: str) -> None:
    first, second = (assembled(prepared, embedding_init=start, dropout=0.5) for _ in range(2))
    assert equal(weights(first.net), weights(second.net))
    epochs = [one.trainer.run_epoch(one.train, one.validation) for one in (first, second)]
    assert epochs[0]._replace(seconds=0) == epochs[1]._replace(seconds=0)
    assert equal(weights(first.net), weights(second.net))
    fresh, other = (assembled(prepared, seed=seed, embedding_init=start) for seed in (3, 4))
    assert not equal(weights(fresh.net), weights(other.net))


@pytest.mark.parametrize("threshold", [0, 2, 30])
@pytest.mark.parametrize("longest", [3, 12, 256])
def test_texts_are_cut_to_the_nets_vocabulary_and_longest_length(
    prepared: Prepared, threshold: int, longest: int
) -> None:
    made = assembled(prepared, vocab_threshold=threshold, max_length=longest)
    size = prepared.vocabulary.size(threshold)
    assert made.vocabulary_size == size
    assert made.net.embedding.num_embeddings == size
    for cut, whole in ((made.train, prepared.train), (made.validation, prepared.validation)):
        kept, all_steps = texts_of(cut), texts_of(whole)
        assert kept == [
            [i if i < size else UNK for i in [*text[: longest - 1][: len(text) - 1], EOS]]
            for text in all_steps
        ]


def test_an_embedding_starts_from_the_training_texts_word_vectors(prepared: Prepared) -> None:
    vectors = load_vectors(prepared, 8)
    begun = {start: assembled(prepared, embedding_init=start) for start in ("random", "corpus")}
    rows = begun["corpus"].net.embedding.weight.detach().numpy()[len(SPECIALS) :]
    reached = min(len(rows), len(vectors))
    assert reached > 8
    np.testing.assert_array_equal(rows[:reached], vectors[:reached])
    random = begun["random"].net.embedding.weight.detach().numpy()[len(SPECIALS) :]
    assert (
        not np.isclose(random[:reached, : vectors.shape[1]], vectors[:reached]).any(axis=1).all()
    )
    assert equal(weights(begun["corpus"].net)[1:], weights(begun["random"].net)[1:])


def test_an_embedding_narrower_than_the_net_gets_vectors_of_its_own_width(
    prepared: Prepared,
) -> None:
    net = assembled(prepared, embedding_init="corpus", embedding_dim=5).net
    vectors = load_vectors(prepared, 5)
    rows = net.embedding.weight.detach().numpy()[len(SPECIALS) :]
    np.testing.assert_array_equal(rows[: len(vectors)], vectors[: len(rows)])


def test_an_embedding_starts_from_a_files_vectors_and_is_random_elsewhere(
    prepared: Prepared,
) -> None:
    size = prepared.vocabulary.size(2) - len(SPECIALS)
    ranks = np.arange(1, len(prepared.vocabulary.words), 3)
    assert ranks[2] < size < ranks[-1], "some words of the file, not all, are the net's"
    values = np.random.default_rng(0).normal(size=(len(ranks), 8)).astype(np.float32)
    given = replace(prepared, vectors={"v.txt": WordVectors(values, ranks)})
    begun = {start: assembled(given, embedding_init=start) for start in ("random", "v.txt")}
    expected = begun["random"].net.embedding.weight.detach() * SPREAD
    mine = ranks[ranks < size]
    expected[len(SPECIALS) + torch.from_numpy(mine)] = torch.from_numpy(values[: len(mine)])
    torch.testing.assert_close(begun["v.txt"].net.embedding.weight.detach(), expected)
    assert equal(weights(begun["v.txt"].net)[1:], weights(begun["random"].net)[1:])


def made_net(layers: int) -> RecurrentClassifier:
    settings = ModelSettings(hidden_dim=8, layers=layers)
    return build(settings, vocabulary_size=VOCABULARY_SIZE, classes=4, seed=1)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(
    ("words", "dimensions"),
    [
        (VOCABULARY_SIZE - len(SPECIALS), 8),
        (VOCABULARY_SIZE + 50, 8),  # the threshold cuts the ranking shorter
        (10, 8),  # the vectors do not reach the rarest words
        (10, 5),
        (10, 0),
    ],
)
def test_an_embedding_starts_from_the_first_vectors_and_is_random_beyond(
    words: int, dimensions: int, layers: int
) -> None:
    vectors = np.random.default_rng(0).normal(size=(words, dimensions)).astype(np.float32)
    untouched, net = made_net(layers), made_net(layers)
    start_from(net, vectors)
    start = net.embedding.weight
    assert isinstance(start, nn.Parameter)
    assert start.requires_grad
    reached = min(words, VOCABULARY_SIZE - len(SPECIALS))
    taken = (slice(len(SPECIALS), len(SPECIALS) + reached), slice(dimensions))
    np.testing.assert_array_equal(start.detach().numpy()[taken], vectors[:reached])
    expected = untouched.embedding.weight.detach() * SPREAD
    expected[taken] = torch.from_numpy(vectors[:reached])
    torch.testing.assert_close(start.detach(), expected)
    for a, b in zip(net.recurrent.parameters(), untouched.recurrent.parameters(), strict=True):
        assert torch.equal(a, b)
