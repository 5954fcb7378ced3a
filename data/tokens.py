"""Texts to tokens, once per data set and kind: tokenise, number the words; cached on disk.

The kind "words" is ``NLTKWordTokenizer`` on the lower-cased text without ASCII punctuation; the
others are in ``data.kinds``. The cache lives in the user's cache folder, keyed by the corpus'
fingerprint.
"""

import json
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import numpy.typing as npt

from data.cache import cached
from data.kinds import Kind, split_text
from data.words import normalize, split_words

if TYPE_CHECKING:
    from nltk.tokenize.destructive import NLTKWordTokenizer

# Distinct words are given to NLTK a block at a time: its forty patterns cost far more per call
# than per character (86,860 words: 8.6 s one by one, 0.4 s in blocks).
BLOCK = 64
CHUNK = 50_000  # texts a job tokenises: starting a process costs as much as tokenising 40,000


class WithWords:
    """Pickled with its ``words`` as one text: joblib reads those of a list in Python."""

    words: Sequence[str]

    def __getstate__(self) -> dict[str, object]:
        """The attributes, the words as JSON."""
        return {**vars(self), "words": json.dumps(list(self.words))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """What ``__getstate__`` gave."""
        vars(self).update(state, words=json.loads(state["words"]))


@dataclass(frozen=True)
class Tokens(WithWords):
    """The words of a corpus, alphabetical, and every text as numbers of words.

    Attributes:
        words: distinct words, sorted.
        ids: (total tokens,) int32, indices into ``words``, text after text.
        offsets: (texts + 1,) int64; text ``i`` is ``ids[offsets[i]:offsets[i + 1]]``.
    """

    words: list[str]
    ids: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]


def tokenize(text: str, kind: Kind = "words") -> list[str]:
    """The tokens of one text, the same as in a corpus of it.

    Under "words": lower case, no ASCII punctuation, NLTK's word tokeniser.
    """
    return split_words(text) if kind == "words" else split_text(text, kind)


def load_tokens(texts: Sequence[str], fingerprint: str, kind: Kind = "words") -> Tokens:
    """Tokenise ``texts``, or read the tokens that an earlier call stored for ``fingerprint``."""
    tokenizer = cached(tokenize_all, ignore=["texts"])
    return tokenizer(texts, fingerprint, kind, version("nltk"))


def tokenize_all(
    texts: Sequence[str], fingerprint: str = "", kind: Kind = "words", nltk: str = ""
) -> Tokens:
    """Tokenise ``texts`` in parallel; ``fingerprint`` and ``nltk``, a version, key the cache."""
    chunks = [texts[i : i + CHUNK] for i in range(0, len(texts), CHUNK)]
    jobs = min(joblib.cpu_count(), len(chunks))
    chunk_tokens = _tokenize_chunk if kind == "words" else partial(_split_chunk, kind=kind)
    parts = joblib.Parallel(n_jobs=jobs)(joblib.delayed(chunk_tokens)(c) for c in chunks)
    words = sorted({word for part in parts for word in part.words})
    number = {word: i for i, word in enumerate(words)}
    ids = [np.array([number[w] for w in p.words], dtype=np.int32)[p.ids] for p in parts]
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    return Tokens(words, np.concatenate(ids), _offsets(lengths))


def _tokenize_chunk(texts: Sequence[str]) -> Tokens:
    """Number the chunk's space-separated words, then split only the distinct ones into tokens."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    flat: list[int] = []
    ends = [0]
    for text in texts:
        flat.extend(map(number.__getitem__, normalize(text).split()))
        ends.append(len(flat))
    return _split_words(list(number), np.array(flat, dtype=np.int32), np.array(ends))


def _split_chunk(texts: Sequence[str], kind: Kind) -> Tokens:
    """Number the tokens of each text of the chunk."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    flat = array("i")
    lengths: list[int] = []
    for text in texts:
        tokens = split_text(text, kind)
        flat.extend(map(number.__getitem__, tokens))
        lengths.append(len(tokens))
    ids = np.frombuffer(flat, dtype=np.int32) if flat else np.empty(0, np.int32)
    return Tokens(list(number), ids, _offsets(np.array(lengths, dtype=np.int64)))


def _split_words(
    words: list[str], ids: npt.NDArray[np.int32], offsets: npt.NDArray[np.int64]
) -> Tokens:
    """Replace each space-separated word by its tokens ("cannot" is "can", "not")."""
    pieces = _pieces(words)
    counts = np.array([len(p) for p in pieces], dtype=np.int64)
    tokens = sorted({token for p in pieces for token in p})
    number = {token: i for i, token in enumerate(tokens)}
    flat = np.array([number[token] for p in pieces for token in p], dtype=np.int32)
    starts = _offsets(counts)
    repeats = counts[ids]
    ends = np.cumsum(repeats)
    within = np.arange(repeats.sum()) - np.repeat(ends - repeats, repeats)
    expanded = flat[np.repeat(starts[ids], repeats) + within]
    return Tokens(tokens, expanded, _offsets(repeats)[offsets])


def _pieces(words: Sequence[str]) -> list[list[str]]:
    """The tokens of each word.

    No pattern of NLTK's looks across white space once ASCII punctuation is gone, so a word's
    tokens are the same alone and in its text.
    """
    tokenizer = _tokenizer()
    pieces: list[list[str]] = []
    for i in range(0, len(words), BLOCK):
        block = words[i : i + BLOCK]
        if tokenizer.tokenize(" ".join(block)) == block:
            pieces += [[word] for word in block]
        else:
            pieces += [tokenizer.tokenize(word) for word in block]
    return pieces


@cache
def _tokenizer() -> "NLTKWordTokenizer":
    """Imported late: it takes over a second, and stored tokens need none."""
    from nltk.tokenize.destructive import NLTKWordTokenizer

    return NLTKWordTokenizer()


def _offsets(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
