"""What one pass over the training texts gave: the record that trainings yield and studies keep."""

from typing import NamedTuple


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
    """

    number: int
    train_loss: float
    validation_loss: float
    accuracy: float
    macro_f1: float
    lr: float
    seconds: float
