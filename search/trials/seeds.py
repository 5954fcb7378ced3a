"""Seeds derived from the study's: one for each trial and purpose, whenever it runs."""

import zlib

import numpy as np


def derive(study_seed: int, number: int, purpose: str) -> int:
    """A seed below 2**32 for ``purpose`` ("sampler", "training") of trial ``number``.

    Seeds of different trials or purposes are independent (``numpy.random.SeedSequence``).
    """
    sequence = np.random.SeedSequence([study_seed, number, zlib.crc32(purpose.encode())])
    return int(sequence.generate_state(1)[0])
