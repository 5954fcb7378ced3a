"""Several classifiers as one: the weighted mean of their probabilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from data.class_names import Label
from model.linear import LinearClassifier
from model.prediction import TextClassifier, checked, most_probable

Member = TextClassifier | LinearClassifier


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """Classifiers of the same classes, in one order; methods as of one of them.

    Attributes:
        members: the classifiers.
        weights: of their probabilities; positive, their sum is 1.
        about: how they were chosen, and how well they do; plain values.
    """

    members: tuple[Member, ...]
    weights: tuple[float, ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def classes_(self) -> tuple[Label, ...]:
        """(C,) the labels, of the type that they have in the training data."""
        return self.members[0].classes_

    def predict(self, texts: Sequence[str]) -> list[Label]:
        """The most probable class of each text.

        Raises:
            TypeError: as ``predict_proba``.
        """
        return most_probable(self.classes_, self.predict_proba(texts))

    def predict_proba(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(len(texts), C) mean probabilities.

        Raises:
            TypeError: ``texts`` is not a sequence of strings.
        """
        rows = checked(texts)
        parts = [
            np.float32(weight) * member.predict_proba(rows)
            for weight, member in zip(self.weights, self.members, strict=True)
        ]
        return np.asarray(sum(parts[1:], start=parts[0]))

    def unknown_share(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """(len(texts),) the share of each text's tokens that the first member does not have."""
        return self.members[0].unknown_share(texts)


Classifier = TextClassifier | LinearClassifier | Ensemble
