"""The linear classifier that a net has to beat, fitted: scikit-learn's SVM on TF-IDF."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.model_selection import cross_val_predict
from sklearn.svm import LinearSVC

from data.preparation import Prepared
from model.linear import LinearClassifier, grams, softmax, tf_idf
from model.prediction import Label

FOLDS = 5
SHARPNESS = (-3.0, 3.0)  # its logarithm lies between


def linear_baseline(prepared: Prepared) -> tuple[float, float]:
    """Accuracy and macro-F1 on the validation texts of a linear SVM fitted to the training texts.

    It sees whole texts and all their words, of the kind of tokens that the nets see. The SVM is
    scikit-learn's ``LinearSVC`` as it comes, with a seed so that it always says the same.
    """
    classifier = _fit(prepared, tuple(range(len(prepared.class_names))))
    predicted = classifier.of_encoded(prepared.validation).argmax(axis=1)
    right = prepared.validation.labels.numpy()
    return accuracy_score(right, predicted), f1_score(right, predicted, average="macro")


def fit_linear(prepared: Prepared, classes: tuple[Label, ...]) -> LinearClassifier:
    """The same SVM, whose distances are made probabilities by one factor before a softmax.

    The factor has the lowest log-loss on distances that cross-validation gives the training texts.

    Args:
        prepared: the texts, on the CPU.
        classes: their labels, of their own type.
    """
    return _fit(prepared, classes, calibrated=True)


def _fit(
    prepared: Prepared, classes: tuple[Label, ...], *, calibrated: bool = False
) -> LinearClassifier:
    train, words = prepared.train, prepared.vocabulary.size()
    labels = train.labels.numpy()
    texts, found = grams(train, words)
    codes, columns = np.unique(found, return_inverse=True)
    in_texts = np.unique(texts * len(codes) + columns) % len(codes)
    idf = np.log((1 + len(train)) / (1 + np.bincount(in_texts))) + 1  # scikit-learn's, smooth
    columns, rows, values = tf_idf(train, words, codes, idf)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(train), len(codes)))
    svm = LinearSVC(random_state=0).fit(matrix, labels)
    sharpness = 1.0
    folds = min(FOLDS, int(np.bincount(labels).min()))
    if calibrated and folds > 1:
        unseen = LinearSVC(random_state=0)
        distances = cross_val_predict(unseen, matrix, labels, cv=folds, method="decision_function")
        sharpness = _sharpness(_each_class(distances.reshape(len(train), -1).T).T, labels)
    return LinearClassifier(
        vocabulary=prepared.vocabulary,
        tokens=prepared.kind,
        codes=codes,
        idf=idf,
        coefficients=_each_class(svm.coef_).astype(np.float32),
        intercepts=_each_class(svm.intercept_).astype(np.float32),
        sharpness=sharpness,
        classes_=classes,
    )


def _each_class(given: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A row for each class: of two classes scikit-learn gives the second one's alone."""
    return np.concatenate([-given, given]) if len(given) == 1 else given


def _sharpness(distances: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> float:
    def loss(logarithm: float) -> float:
        return float(log_loss(labels, softmax(distances * np.exp(logarithm))))

    return float(np.exp(minimize_scalar(loss, bounds=SHARPNESS, method="bounded").x))
