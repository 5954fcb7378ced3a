"""The linear classifier with probabilities that mean something: its distances, sharpened."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.metrics import log_loss
from sklearn.model_selection import cross_val_predict
from sklearn.svm import LinearSVC

from data.class_names import Label
from data.preparation import Prepared
from model.baseline import each_class, fit
from model.linear import LinearClassifier, softmax

FOLDS = 5
SHARPNESS = (-3.0, 3.0)  # its logarithm lies between


def fit_linear(prepared: Prepared, classes: tuple[Label, ...]) -> LinearClassifier:
    """The baseline's SVM, whose distances are made probabilities by a factor before a softmax.

    The factor has the lowest log-loss on distances that cross-validation gives the training texts;
    with a class of one text it is 1.

    Args:
        prepared: the texts.
        classes: their labels, of their own type.
    """
    classifier, matrix = fit(prepared, classes)
    labels = prepared.train.labels
    folds = min(FOLDS, int(np.bincount(labels).min()))
    if folds < 2:
        return classifier
    unseen = LinearSVC(random_state=0)
    distances = cross_val_predict(unseen, matrix, labels, cv=folds, method="decision_function")
    of_classes = each_class(distances.reshape(len(labels), -1).T).T
    return replace(classifier, sharpness=_sharpness(of_classes, labels))


def _sharpness(distances: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> float:
    def loss(logarithm: float) -> float:
        return float(log_loss(labels, softmax(distances * np.exp(logarithm))))

    return float(np.exp(minimize_scalar(loss, bounds=SHARPNESS, method="bounded").x))
