"""The quick way to words gives NLTK's tokens, whatever stands in the text."""

import random

import numpy as np
import pytest
from nltk.tokenize import NLTKWordTokenizer

from data.corpus import load_corpus
from data.raw_texts import FEW, encode_texts
from data.tokens import tokenize_all
from data.vocabulary import Vocabulary
from data.words import normalize, split_words
from tests.agnews import FOLDER, needs_agnews
from tests.data.texts import text_tokens

NLTK = NLTKWordTokenizer()
PIECES = (
    "cannot", "can", "not", "gimme", "g\u0131mme", "gonna", "gotta", "lemme", "wanna", "WANNA",
    "\u20ac", "\u00ab", "\u00bb", "\u201c", "\u2018", "\u201e", "\u2019", "\u2013", "\u2015",
    "\u2012", "\u2010", "d", "'s", "\u017f", "\u0130", " ", "\u00a0", "\u2003", "\x1c", "\x85",
    "\n", "_", "-", "'", "\u00b4", "`", "\u2026", "..", "\u200b", "\u0301", "9", "ll", "more'n",
)  # fmt: skip


def test_random_texts_have_the_same_tokens() -> None:
    rng = random.Random(0)
    for _ in range(6000):
        text = "".join(rng.choices(PIECES, k=rng.randint(1, 7)))
        assert split_words(text) == NLTK.tokenize(normalize(text)), repr(text)


@pytest.mark.parametrize("form", ["a{}b", "gonna{}", "{}wanna{}"])
def test_every_character_parts_words_alike(form: str) -> None:
    for code in (*range(0, 0x3100, 3), *range(0x2000, 0x2070), *range(0x80), 0xFEFF, 0x1F600):
        text = form.format(*[chr(code)] * 2)
        assert split_words(text) == NLTK.tokenize(normalize(text)), hex(code)


@needs_agnews
@pytest.mark.slow
def test_ag_news_has_the_same_tokens() -> None:
    """Those that ``tokenize_all`` has from NLTK, which are what a net is trained on.

    Of the training texts an eighth; all of them were compared once, without a difference.
    """
    for name, step in (("train", 8), ("test", 1)):
        texts = load_corpus(str(FOLDER / f"{name}.csv")).texts[::step]
        tokens = tokenize_all(texts)
        for i, text in enumerate(texts):
            assert split_words(text) == text_tokens(tokens, i), text


def test_many_texts_at_once_have_the_ids_of_each_alone() -> None:
    rng = random.Random(0)
    texts = [
        "".join(rng.choices((*PIECES, "the", " the "), k=rng.randint(0, 12))) for _ in range(999)
    ]
    texts += ["", ".", "can\x00not cannot", "cannot.", "a\x1fb", "x\x7fcannot", "\x01"]
    plain = [text for text in texts if text.isascii() and text.isprintable()]
    vocabulary = Vocabulary(["the", "not", "can", "na", "wan", "gimme", "."], np.arange(9, 2, -1))
    for some in (texts, plain, texts[:70], plain[:65]):
        assert len(some) > FEW
        encoded = encode_texts(some, vocabulary, "words")
        ids, begins = encoded.ids.tolist(), encoded.offsets.tolist()
        for i, (text, begin, length) in enumerate(zip(some, begins, encoded.lengths, strict=True)):
            expected = vocabulary.encode(NLTK.tokenize(normalize(text)))
            assert ids[begin : begin + length] == expected, repr(text)
            assert encoded.labels[i] == i
