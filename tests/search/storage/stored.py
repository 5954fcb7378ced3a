"""What a study's storage holds, as others see it."""

import optuna
from optuna.trial import FrozenTrial


def as_stored(storage: str) -> list[FrozenTrial]:
    """The trials as a program that has just begun reads them."""
    return optuna.load_study(study_name="made", storage=storage).get_trials()
