"""Word vectors of the training texts: which words stand near which, factorised.

The recipe is that of Levy, Goldberg and Dagan (2015), "Improving Distributional Similarity with
Lessons Learned from Word Embeddings": positive pointwise mutual information with smoothed
contexts, a truncated singular value decomposition, and the singular values' square roots.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from threadpoolctl import threadpool_limits

from data.cache import cached
from data.preparation import Prepared
from data.vocabulary import BOS, SPECIALS

WINDOW = 10  # words to each side; a pair at distance d counts 1/d
SMOOTHING = 0.75  # power of a context's count: rare contexts would else have the largest PMI
SEEN_MORE_THAN = 2  # rarer words have no vector: too few neighbours to tell
SPREAD = 0.5  # standard deviation of all values

Vectors = npt.NDArray[np.float32]


def load_vectors(prepared: Prepared, dimensions: int) -> Vectors:
    """The vectors of the training texts, computed once and then read from the cache.

    Returns:
        (words, at most ``dimensions``) float32; see ``word_vectors``.
    """
    words = prepared.vocabulary.size(SEEN_MORE_THAN) - len(SPECIALS)
    return cached(word_vectors)(prepared.train.ids, words, dimensions)


def word_vectors(
    ids: npt.NDArray[np.int32],
    words: int,
    dimensions: int,
    *,
    window: int = WINDOW,
    seed: int = 0,
) -> Vectors:
    """Vectors of the ``words`` most frequent words, in the ranking's order.

    Args:
        ids: flat ids of the training texts, each ``<bos>``, its words, ``<eos>``.
        words: how many words get a vector.
        dimensions: of a vector.
        window: words to each side of a word that are near it.
        seed: of the randomised decomposition.

    Returns:
        (words, dimensions) float32 of standard deviation 0.5, strongest dimension first; fewer
        dimensions where the texts have no more, and none if no two words ever stand together.
    """
    from sklearn.decomposition import TruncatedSVD

    counts = cooccurrences(ids, words, window)
    pmi = positive_pmi(counts) if counts.nnz else counts
    if not pmi.nnz:
        return np.empty((words, 0), np.float32)
    svd = TruncatedSVD(min(dimensions, words), random_state=seed)
    with threadpool_limits(1):  # more threads round otherwise, and gain little
        vectors = svd.fit_transform(pmi)
    singular = svd.singular_values_
    real = singular > singular[0] * np.finfo(np.float32).eps  # a matrix of lower rank has others
    vectors = vectors[:, real] / np.sqrt(singular[real])  # U S -> U sqrt(S)
    return np.asarray(vectors * (SPREAD / vectors.std()), dtype=np.float32)


def cooccurrences(
    ids: npt.NDArray[np.int32], words: int, window: int = WINDOW
) -> sparse.csr_array:
    """How often words stand near each other, a pair at distance d for 1/d; never across texts.

    Returns:
        (words, words) float32, symmetric, by rank.
    """
    text = np.cumsum(ids == BOS, dtype=np.int32)
    rank = ids - len(SPECIALS)
    known = (rank >= 0) & (rank < words)
    total = sparse.csr_array((words, words), dtype=np.float32)
    for distance in range(1, window + 1):
        left, right = slice(None, -distance), slice(distance, None)
        near = known[left] & known[right] & (text[left] == text[right])
        pairs = (rank[left][near], rank[right][near])
        weights = np.full(len(pairs[0]), 1 / distance, dtype=np.float32)
        total += sparse.csr_array((weights, pairs), shape=(words, words))
    return sparse.csr_array(total + total.T)


def positive_pmi(counts: sparse.csr_array) -> sparse.csr_array:
    """log(P(word, context) / (P(word) P(context)^0.75)), where positive, else nothing.

    P(context)^0.75 is made to sum to 1 over all contexts.
    """
    pairs = counts.tocoo()
    seen = np.asarray(counts.sum(axis=1), dtype=np.float64)
    context = seen**SMOOTHING
    context /= context.sum()
    row, column = pairs.coords
    pmi = np.log(pairs.data / (seen[row] * context[column]))
    kept = pmi > 0
    values = pmi[kept].astype(np.float32)
    return sparse.csr_array((values, (row[kept], column[kept])), shape=counts.shape)
