"""What a classifier says of a chunk's texts: five columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.class_names import Label
from model.ensemble import Classifier
from search.errors import SearchFailedError

# What is added to each row; see ``Answers``.
FIELDS = ("class", "probability", "runner_up", "runner_up_probability", "unknown_share")
DIGITS = 6  # of a probability, which is a float32's


@dataclass(frozen=True)
class Answers:
    """The answers to the texts of a chunk.

    Attributes:
        columns: five lists, as ``FIELDS`` names them: the most probable class and its
            probability, the second one and its, the share of unknown tokens. ``None``: no answer;
            of the last one also where a text has no tokens.
        empty: the number of texts without tokens.
    """

    columns: Sequence[Sequence[object]]
    empty: int = 0

    def rows(self) -> list[tuple[object, ...]]:
        """An answer a row."""
        return list(zip(*self.columns, strict=True))


def answer(classifier: Classifier, texts: Sequence[str | None]) -> Answers:
    """Classify ``texts``; one that is ``None`` has an answer of ``None``.

    Raises:
        SearchFailedError: the classifier's probabilities are no numbers.
    """
    there = [text for text in texts if text is not None]
    probabilities = classifier.predict_proba(there)
    if not np.isfinite(probabilities).all():
        raise SearchFailedError("the classifier's probabilities are no numbers: it is damaged")
    unknown = classifier.unknown_share(there)
    columns = [*_best_two(probabilities, classifier.classes_), _or_none(unknown.round(4))]
    empty = int(np.isnan(unknown).sum())
    if len(there) == len(texts):
        return Answers(columns, empty)
    return Answers([_spread(column, texts) for column in columns], empty)


def _best_two(
    probabilities: npt.NDArray[np.float32], classes: Sequence[Label]
) -> list[list[object]]:
    order = np.argsort(-probabilities, axis=1, kind="stable")
    columns: list[list[object]] = []
    for place in range(2):
        if place == len(classes):  # of one class there is no second one
            return [*columns, [None] * len(order), [None] * len(order)]
        best = order[:, place]
        values = probabilities[np.arange(len(order)), best].astype(np.float64)
        columns += [[classes[i] for i in best.tolist()], list(values.round(DIGITS).tolist())]
    return columns


def _or_none(values: npt.NDArray[np.float64]) -> list[object]:
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124


def _spread(column: Sequence[object], texts: Sequence[str | None]) -> list[object]:
    left = iter(column)
    return [None if text is None else next(left) for text in texts]
