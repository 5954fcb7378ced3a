"""The linear classifier that a net has to beat: TF-IDF of words and pairs of them, linear SVM."""

from itertools import pairwise

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from data.batching import Encoded
from data.preparation import Prepared

ENDS = 1  # <bos> and <eos>, one at either end of a text


def linear_baseline(prepared: Prepared) -> tuple[float, float]:
    """Accuracy and macro-F1 on the validation texts of a linear SVM fitted to the training texts.

    It sees whole texts and all their words, of the kind of tokens that the nets see. The SVM is
    scikit-learn's ``LinearSVC`` as it comes, with a seed so that it always says the same.
    """
    classifier = make_pipeline(
        TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True), LinearSVC(random_state=0)
    )
    classifier.fit(_texts(prepared.train), prepared.train.labels.numpy())
    predicted = classifier.predict(_texts(prepared.validation))
    right = prepared.validation.labels.numpy()
    return accuracy_score(right, predicted), f1_score(right, predicted, average="macro")


def _texts(encoded: Encoded) -> list[list[int]]:
    """The ids of each text's words."""
    starts = encoded.offsets + ENDS
    ends = encoded.offsets + encoded.lengths - ENDS
    return [encoded.ids[a:b].tolist() for a, b in zip(starts, ends, strict=True)]


def _words_and_pairs(ids: list[int]) -> list[tuple[int, ...]]:
    return [*zip(ids, strict=True), *pairwise(ids)]
