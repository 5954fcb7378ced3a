"""What a look at test rows is made with, and what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.ensemble import Classifier
from search.findings.intervals import Interval
from search.storage.attributes import Opening


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What a classifier has on the test rows.

    Attributes:
        accuracy: share of rows; those of classes that the search does not have are wrong.
        macro_f1: mean F1 of the classes that are there or said.
        log_loss: mean cross-entropy in nats, of the rows of known classes.
        calibration: expected calibration error.
        unrepeated: the accuracy without the rows that the search has seen.
        p: McNemar's exact test against the linear classifier; ``None`` of that one itself.
    """

    accuracy: Interval
    macro_f1: Interval
    log_loss: Interval
    calibration: float
    unrepeated: float
    p: float | None


class Entrant(NamedTuple):
    """A classifier that is tested.

    Attributes:
        classifier: it.
        rival: the name of the linear classifier that saw the same texts; "": it is one itself.
    """

    classifier: Classifier
    rival: str = ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """A look at the test rows.

    Attributes:
        opening: as it is stored.
        before: the looks that this study's model had before.
        scores: of each classifier, by name, the model first.
        matrix: (C + 1, C + 1) confusion of the model; last: classes that the search does not have.
        mistakes: the model's most confident ones: text, right class, said class, probability.
    """

    opening: Opening
    before: tuple[Opening, ...]
    scores: Mapping[str, Scores]
    matrix: npt.NDArray[np.int64]
    mistakes: tuple[tuple[str, str, str, float], ...]
