"""Seeds derived from the study's: one for each trial and purpose, whenever it runs."""

import zlib

import numpy as np

from search.definition.tables import SearchTable
from search.storage.trial_record import TrialRecord


def derive(study_seed: int, number: int, purpose: str) -> int:
    """A seed below 2**32 for ``purpose`` ("sampler", "training") of trial ``number``.

    Seeds of different trials or purposes are independent (``numpy.random.SeedSequence``).
    """
    sequence = np.random.SeedSequence([study_seed, number, zlib.crc32(purpose.encode())])
    return int(sequence.generate_state(1)[0])


def training_seed(search: SearchTable, trial: TrialRecord) -> int:
    """The seed of a trial's training; ``search`` is its study's table."""
    match search.seeds, trial.stored.seed:
        case "shared", _:
            return derive(search.seed, trial.stored.repetition, "confirmation")
        case "given", int(given):
            return given
        case _:
            return derive(search.seed, trial.number, "training")
