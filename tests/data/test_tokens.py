"""Tokens are the notebook's: lower case, no ASCII punctuation, NLTK's word tokeniser."""

import string
from pathlib import Path

import numpy as np
import pytest
from nltk.tokenize import NLTKWordTokenizer

import data.tokens
from data.tokens import load_tokens, tokenize, tokenize_all
from tests.data.texts import TEXTS, text_tokens


def plain(text: str) -> list[str]:
    """The notebook's way: one text at a time, the whole text at once."""
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    tokens: list[str] = NLTKWordTokenizer().tokenize(kept)
    return tokens


def test_every_text_has_the_tokens_of_the_plain_way() -> None:
    tokens = tokenize_all(TEXTS)
    assert [text_tokens(tokens, i) for i in range(len(TEXTS))] == [plain(t) for t in TEXTS]
    assert [tokenize(t) for t in TEXTS] == [plain(t) for t in TEXTS]


def test_words_are_sorted_and_distinct() -> None:
    words = tokenize_all(TEXTS).words
    assert words == sorted(set(words))


def test_chunks_in_parallel_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tokenize_all(TEXTS)
    monkeypatch.setattr(data.tokens, "CHUNK", 3)
    parts = tokenize_all(TEXTS)
    assert parts.words == whole.words
    np.testing.assert_array_equal(parts.ids, whole.ids)
    np.testing.assert_array_equal(parts.offsets, whole.offsets)


def test_words_split_alike_alone_and_in_random_texts() -> None:
    rng = np.random.default_rng(0)
    pieces = [
        "can",
        "not",
        "cannot",
        "gon",
        "na",
        "gonna",
        "wanna",
        "\u2019s",
        "\u2013",
        "\u201c",
        "é",
        "9",
        "d",
    ]
    texts = [" ".join(rng.choice(pieces, rng.integers(1, 9))) for _ in range(300)]
    texts += ["".join(rng.choice(pieces, rng.integers(1, 5))) for _ in range(300)]
    tokens = tokenize_all(texts)
    assert [text_tokens(tokens, i) for i in range(len(texts))] == [plain(t) for t in texts]


def test_second_call_reads_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = load_tokens(TEXTS, "a fingerprint")
    monkeypatch.setattr(data.tokens, "_tokenize_chunk", None)  # a second tokenising would fail
    second = load_tokens(TEXTS, "a fingerprint")
    assert second.words == first.words
    np.testing.assert_array_equal(second.ids, first.ids)
    assert isinstance(second.ids, np.memmap), "shared by processes, not copied"
    assert any(tmp_path.rglob("*.pkl"))


def test_a_cache_folder_that_cannot_be_made_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_tokens(TEXTS, "x").words == tokenize_all(TEXTS).words
