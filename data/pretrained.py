"""Word vectors of a study's vocabulary, taken from files: where an embedding can start."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from data.cache import cached
from data.preparation import Prepared
from data.vector_files import Vector, VectorFile
from data.vectors import SPREAD
from data.vocabulary import SPECIALS, Vocabulary, WordVectors


class Coverage(NamedTuple):
    """How many of a vocabulary's words have a vector, and what share of its tokens these are."""

    found: int
    words: int
    tokens: float


def with_vectors(prepared: Prepared, files: Mapping[str, VectorFile]) -> Prepared:
    """``prepared`` with the vectors of its words in ``files``, under their names.

    A file is streamed once for a vocabulary; later calls read the cache.

    Raises:
        DataError: a file is broken; the message names the line.
    """
    if not files:
        return prepared
    words = list(prepared.vocabulary.words)
    read = cached(file_vectors, ignore=["file"])
    vectors = {name: read(words, file, file.fingerprint) for name, file in files.items()}
    others = {kind: with_vectors(other, files) for kind, other in prepared.others.items()}
    return replace(prepared, vectors=vectors, others=others)


def coverage(vectors: WordVectors, vocabulary: Vocabulary, threshold: int) -> Coverage:
    """How far ``vectors`` reach into the words seen more than ``threshold`` times."""
    words = vocabulary.size(threshold) - len(SPECIALS)
    ranks = vectors.ranks[vectors.ranks < words]
    tokens = int(vocabulary.counts[:words].sum())
    return Coverage(len(ranks), words, int(vocabulary.counts[ranks].sum()) / max(tokens, 1))


def file_vectors(words: Sequence[str], file: VectorFile, fingerprint: str) -> WordVectors:
    """The vectors that ``file`` has for ``words``; ``fingerprint`` keys the cache.

    They are scaled as a whole to the standard deviation of the training texts' own vectors, which
    the words without a vector start at too: files differ in it, and a search that compares starts
    at one learning rate would else compare scales. Angles and relative lengths are the file's.
    (Skip-grams of word2vec, 15,000 news texts, LSTM of 64, three epochs, mean validation loss of
    two seeds: 0.303 at a deviation of 0.1, 0.305 at 0.38 (the file's), 0.308 at 0.5, 0.314 at 1:
    less than 0.005 between 0.1 and 0.5, about what seeds differ by.)

    Raises:
        DataError: the file is broken; the message names the line.
    """
    found = _found(words, file)
    ranks = np.array(sorted(found), dtype=np.int64)
    values = np.array([found[rank] for rank in ranks.tolist()], dtype=np.float32)
    values = values.reshape(len(ranks), file.dimensions)
    spread = float(values.std()) if len(values) else 0.0
    return WordVectors(values * np.float32(SPREAD / spread) if spread else values, ranks)


def _found(words: Sequence[str], file: VectorFile) -> dict[int, Vector]:
    """By rank, the vectors of ``words``.

    Tokens are in lower case, and so are GloVe's usual files; others ("Iraq", "NATO") have names
    with capitals only. The exact word comes first wherever it stands, then the first word that is
    it in lower case: files begin with their most frequent words. Of a word that comes again the
    first counts.
    """
    ranks = {word.encode(errors="replace"): rank for rank, word in enumerate(words)}
    exact: dict[int, Vector] = {}
    cased: dict[int, Vector] = {}
    for number, word, numbers in file.entries():
        rank, found = ranks.get(word), exact
        if rank is None:
            rank, found = ranks.get(word.decode(errors="replace").lower().encode()), cased
        if rank is None or rank in exact or rank in found:
            continue
        vector = file.vector(number, numbers)
        if vector is not None:
            found[rank] = vector
    return {**cased, **exact}
