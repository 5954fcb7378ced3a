"""Vectors of a vocabulary's words from a file: which word gets which, and how large they are."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import data.pretrained
from data.corpus import Corpus
from data.errors import DataError
from data.preparation import Prepared, Treatment, prepare
from data.pretrained import coverage, file_vectors, with_vectors
from data.vector_files import look_at
from data.vectors import SPREAD
from data.vocabulary import Vocabulary, WordVectors
from tests.data.word_vectors import FORMS, glove, write_vectors

# Lines of a file, and the first number of the vector that the token "iraq" gets.
LOOKED_UP = {
    "the exact word": (["iraq 1 2"], 1),
    "the exact word before a cased one": (["iraq 1 2", "Iraq 3 4"], 1),
    "the exact word behind a cased one": (["Iraq 3 4", "iraq 1 2"], 1),
    "a cased one, where there is no other": (["x 5 6", "IRAQ 7 8"], 7),
    "the first of several cased ones": (["Iraq 3 4", "IRAQ 7 8"], 3),
    "the first of equal words": (["iraq 1 2", "iraq 9 9"], 1),
    "a word with a space is another": (["iraq war 3 4", "iraq 1 2"], 1),
    "none": (["iran 1 2"], None),
}


@pytest.mark.parametrize(("lines", "first"), LOOKED_UP.values(), ids=LOOKED_UP)
def test_which_vector_a_word_gets(tmp_path: Path, lines: list[str], first: float | None) -> None:
    path = tmp_path / "v.txt"
    path.write_text("\n".join(["other 1 1", *lines]), "utf-8")
    found = file_vectors(["the", "iraq"], look_at(str(path)), "")
    assert found.ranks.tolist() == ([] if first is None else [1])
    assert found.values.shape == (len(found.ranks), 2)
    if first is not None:
        row = next(line for line in lines if f" {first} " in line).split()[-2:]
        want = np.array(row, float)
        np.testing.assert_allclose(found.values[0], want * SPREAD / want.std(), rtol=1e-6)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("scale", [0.01, 1.0])
def test_vectors_are_scaled_as_a_whole(tmp_path: Path, form: str, scale: float) -> None:
    rows = np.random.default_rng(0).normal(scale=scale, size=(50, 6)) + scale
    words = {f"w{i}": row.tolist() for i, row in enumerate(rows)}
    path = write_vectors(tmp_path / "v", words, form)
    wanted = ["gone", *reversed(words)]
    found = file_vectors(wanted, look_at(str(path)), "")
    assert found.ranks.tolist() == list(range(1, 51))
    assert found.values.std() == pytest.approx(SPREAD)
    np.testing.assert_allclose(found.values, rows[::-1] * SPREAD / rows.std(), rtol=1e-5)


def test_vectors_without_any_spread_stay_as_they_are(tmp_path: Path) -> None:
    path = write_vectors(tmp_path / "v.txt", {"the": [0.0, 0.0]})
    assert file_vectors(["the"], look_at(str(path)), "").values.tolist() == [[0.0, 0.0]]


def made(texts: list[str], kinds: tuple[str, ...] = ("words",)) -> Prepared:
    corpus = Corpus("made", texts, np.arange(len(texts)) % 2, ("a", "b"), " ".join(texts))
    return prepare(
        corpus,
        share=0.25,
        examples=None,
        seed=0,
        treatment=Treatment(kinds=kinds),  # type: ignore[arg-type]
    )


LITTLE = 4e6  # bytes of memory; the files have three times as many
TEXTS = [f"the w{i % 4} don't" for i in range(16)]


def test_each_kind_of_tokens_and_each_file_has_its_vectors(tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    write_vectors(one, {"don't": [1, 2], "the": [3, 4]})
    write_vectors(other, {"dont": [1, 2, 3]})
    files = {name: look_at(str(path)) for name, path in (("x", one), ("y", other))}
    prepared = with_vectors(made(TEXTS, ("words", "keep")), files)
    for kind, name, words in (
        ("words", "x", {"the"}),
        ("words", "y", {"dont"}),
        ("keep", "x", {"the", "don't"}),
        ("keep", "y", set()),
    ):
        ready = prepared.of(kind)
        found = ready.vectors[name]
        assert {ready.vocabulary.words[rank] for rank in found.ranks} == words
    prepared.save(tmp_path / "texts.pt")
    again = Prepared.load(tmp_path / "texts.pt")
    for kind in ("words", "keep"):
        for name, (values, ranks) in prepared.of(kind).vectors.items():
            np.testing.assert_array_equal(again.of(kind).vectors[name].values, values)
            np.testing.assert_array_equal(again.of(kind).vectors[name].ranks, ranks)


def test_the_second_call_reads_the_cache_by_content_and_ranking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path, moved = tmp_path / "v.txt", tmp_path / "moved.txt"
    words = {"the": [1.0, 2.0], "w1": [3.0, 5.0]}
    write_vectors(path, words)
    ready = made(TEXTS)
    first = with_vectors(ready, {"v": look_at(str(path))}).vectors["v"]
    monkeypatch.setattr(data.pretrained, "_found", None)  # reading it again would fail
    write_vectors(moved, words)
    path.unlink()
    again = with_vectors(ready, {"v": look_at(str(moved))}).vectors["v"]
    np.testing.assert_array_equal(again.values, first.values)
    with pytest.raises(TypeError):
        with_vectors(made(["x " + text for text in TEXTS]), {"v": look_at(str(moved))})
    write_vectors(moved, {**words, "w2": [0.0, 1.0]})
    with pytest.raises(TypeError):
        with_vectors(ready, {"v": look_at(str(moved))})


@pytest.mark.parametrize("form", ["GloVe", "word2vec, binary"])
def test_a_file_is_never_in_memory_as_a_whole(tmp_path: Path, form: str) -> None:
    row = np.random.default_rng(0).normal(size=100).round(6).tolist()
    words = {f"w{i}": row for i in range(32_000)}
    file = look_at(str(write_vectors(tmp_path / "v", words, form)))
    assert file.path.stat().st_size > 3 * LITTLE
    tracemalloc.start()
    try:
        found = file_vectors(["w31999", "w0"], file, "")
        assert tracemalloc.get_traced_memory()[1] < LITTLE
    finally:
        tracemalloc.stop()
    assert len(found.ranks) == 2


@pytest.mark.parametrize(
    ("threshold", "expected"), [(0, (2, 4, 13 / 20)), (2, (2, 3, 13 / 19)), (7, (1, 1, 1.0))]
)
def test_coverage_is_of_words_and_of_tokens(
    threshold: int, expected: tuple[int, int, float]
) -> None:
    vocabulary = Vocabulary(["the", "of", "a", "rare"], np.array([8, 6, 5, 1]))
    vectors = WordVectors(np.zeros((2, 3), np.float32), np.array([0, 2]))
    assert coverage(vectors, vocabulary, threshold) == expected


def test_a_broken_line_stops_it_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_bytes(glove({"the": [1, 2], "of": [3, 4]}) + b"nobody 5\n")
    with pytest.raises(DataError, match="line 3: 'nobody 5': 1 number in the place of 2"):
        file_vectors(["the"], look_at(str(path)), "")
