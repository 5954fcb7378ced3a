"""What one pass over the training texts gave: the record that trainings yield and studies keep."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, Self


class Epoch(NamedTuple):
    """What one pass over the training texts gave.

    Attributes:
        number: from 1.
        train_loss: mean cross-entropy a text during the pass, dropout on, in nats.
        validation_loss: mean cross-entropy a validation text after the pass, in nats.
        accuracy: share of validation texts classified rightly.
        macro_f1: unweighted mean of the classes' F1 on validation texts.
        lr: learning rate of the pass' last step.
        seconds: of training and validation.
        score: what epochs are compared by, on validation texts after the pass: their loss, or
            what else the training is to be best at; see ``model.criterion``.
    """

    number: int
    train_loss: float
    validation_loss: float
    accuracy: float
    macro_f1: float
    lr: float
    seconds: float
    score: float

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The reverse of ``_asdict``; fields that ``row`` does not have are NaN.

        Rows without a score are of versions that compared epochs by their validation loss.
        """
        known = {name: row.get(name, math.nan) for name in cls._fields}
        return cls(**{**known, "score": row.get("score", known["validation_loss"])})
