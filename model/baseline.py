"""The linear classifier that a net has to beat, fitted: scikit-learn's SVM on TF-IDF."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.metrics import accuracy_score, f1_score
from sklearn.svm import LinearSVC

from data.class_names import Label
from data.preparation import Prepared
from model.linear import LinearClassifier, grams, tf_idf


class LinearBaseline(NamedTuple):
    """What a linear classifier has on the validation texts.

    Attributes:
        accuracy: share of the texts.
        macro_f1: mean F1 of the classes that are there or said.
        said: (N,) the class that it says of each text.
    """

    accuracy: float
    macro_f1: float
    said: npt.NDArray[np.int64]


def linear_baseline(prepared: Prepared) -> LinearBaseline:
    """What a linear SVM that is fitted to the training texts says of the validation texts.

    It sees whole texts and all their words, of the kind of tokens that the nets see. The SVM is
    scikit-learn's ``LinearSVC`` as it comes, with a seed so that it always says the same.
    """
    classifier, _ = fit(prepared, tuple(range(len(prepared.class_names))))
    said = classifier.of_encoded(prepared.validation).argmax(axis=1)
    right = prepared.validation.labels
    macro_f1 = f1_score(right, said, average="macro")
    return LinearBaseline(float(accuracy_score(right, said)), float(macro_f1), said)


def fit(prepared: Prepared, classes: tuple[Label, ...]) -> tuple[LinearClassifier, csr_matrix]:
    """The SVM, and the training texts' TF-IDF that it was fitted to.

    Args:
        prepared: the texts.
        classes: their labels, of their own type.
    """
    train, words = prepared.train, prepared.vocabulary.size()
    texts, found = grams(train, words)
    codes, columns = np.unique(found, return_inverse=True)
    in_texts = np.unique(texts * len(codes) + columns) % len(codes)
    idf = np.log((1 + len(train)) / (1 + np.bincount(in_texts))) + 1  # scikit-learn's, smooth
    columns, rows, values = tf_idf(train, words, codes, idf)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(train), len(codes)))
    svm = LinearSVC(random_state=0).fit(matrix, train.labels)
    classifier = LinearClassifier(
        vocabulary=prepared.vocabulary,
        tokens=prepared.kind,
        codes=codes,
        idf=idf,
        coefficients=each_class(svm.coef_).astype(np.float32),
        intercepts=each_class(svm.intercept_).astype(np.float32),
        sharpness=1.0,
        classes_=classes,
    )
    return classifier, matrix


def each_class(given: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(C, ...) a row for each class: of two classes scikit-learn gives the second one's alone."""
    return np.concatenate([-given, given]) if len(given) == 1 else given
