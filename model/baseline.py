"""The linear classifier that a net has to beat: TF-IDF of words and pairs of them, linear SVM."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from data.batching import Encoded
from data.preparation import Prepared
from data.vocabulary import SPECIALS

Codes = npt.NDArray[np.int64]


def linear_baseline(prepared: Prepared) -> tuple[float, float]:
    """Accuracy and macro-F1 on the validation texts of a linear SVM fitted to the training texts.

    It sees whole texts and all their words, of the kind of tokens that the nets see. The SVM is
    scikit-learn's ``LinearSVC`` as it comes, with a seed so that it always says the same.
    """
    words = prepared.vocabulary.size()
    rows, codes = _grams(prepared.train, words)
    known, columns = np.unique(codes, return_inverse=True)
    train = _counts(rows, columns, (len(prepared.train), len(known)))
    rows, codes = _grams(prepared.validation, words)
    columns = np.searchsorted(known, codes).clip(max=len(known) - 1)
    is_known = known[columns] == codes
    shape = len(prepared.validation), len(known)
    validation = _counts(rows[is_known], columns[is_known], shape)

    classifier = make_pipeline(TfidfTransformer(sublinear_tf=True), LinearSVC(random_state=0))
    classifier.fit(train, prepared.train.labels.numpy())
    predicted, right = classifier.predict(validation), prepared.validation.labels.numpy()
    return accuracy_score(right, predicted), f1_score(right, predicted, average="macro")


def _grams(texts: Encoded, words: int) -> tuple[Codes, Codes]:
    """The text of each word and each pair of neighbours, and a number that stands for it."""
    ids = texts.ids.numpy().astype(np.int64)
    rows = np.repeat(np.arange(len(texts)), texts.lengths.numpy())
    is_word = ids >= len(SPECIALS)  # so that <bos> and <eos> part one text's pairs from the next's
    is_pair = is_word[:-1] & is_word[1:]
    pairs = words + ids[:-1][is_pair] * words + ids[1:][is_pair]
    both = np.concatenate([rows[is_word], rows[:-1][is_pair]])
    return both, np.concatenate([ids[is_word], pairs])


def _counts(rows: Codes, columns: Codes, shape: tuple[int, int]) -> csr_matrix:
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
