"""Texts that are the same to a net, and those of them with different labels."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.tokens import Tokens

MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9)  # odd, from the SplitMix64 generator


class Repeats(NamedTuple):
    """How often texts come again.

    Attributes:
        texts: distinct texts that stand in more than one row.
        rows: in which they stand.
        contradictions: those of the distinct texts that have more than one label.
        contradicting_rows: in which these stand.
        shared: validation rows whose text also stands in the training rows.
    """

    texts: int
    rows: int
    contradictions: int
    contradicting_rows: int
    shared: int


def same_tokens(tokens: Tokens) -> npt.NDArray[np.int64]:
    """(texts,) a number for each text, the same for texts with the same tokens.

    Numbers are 64-bit hashes: that two of a million different texts share one has a probability
    of some 3e-8, and would only keep them on one side of a split.
    """
    lengths = np.diff(tokens.offsets)
    within = np.arange(len(tokens.ids), dtype=np.uint64)
    within -= np.repeat(tokens.offsets[:-1], lengths).astype(np.uint64)
    values = tokens.ids.astype(np.uint64) + np.uint64(1)
    # Token and place are mixed before they are added: sums of plain products collide.
    mixed = _mix(values * np.uint64(MIX[0]) + within * np.uint64(MIX[1]))
    sums = np.concatenate(([np.uint64(0)], np.cumsum(mixed, dtype=np.uint64)))
    hashes = sums[tokens.offsets[1:]] - sums[tokens.offsets[:-1]]
    return _mix(hashes + lengths.astype(np.uint64)).view(np.int64)


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Each bit of a value spread over all bits, as SplitMix64 does it."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(MIX[1])
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def count_repeats(
    same: npt.NDArray[np.int64],
    labels: npt.NDArray[np.int64],
    validation: npt.NDArray[np.bool_],
) -> Repeats:
    """Count the repeats among N texts.

    Args:
        same: (N,) equal numbers for equal texts.
        labels: (N,) class numbers.
        validation: (N,) which texts validate.
    """
    _, number, counts = np.unique(same, return_inverse=True, return_counts=True)
    classes = int(labels.max()) + 1
    labelled = np.unique(number * classes + labels) // classes  # once a label of a text
    several = np.bincount(labelled, minlength=len(counts)) > 1
    trained = np.bincount(number[~validation], minlength=len(counts)) > 0
    return Repeats(
        texts=int(np.count_nonzero(counts > 1)),
        rows=int(counts[counts > 1].sum()),
        contradictions=int(np.count_nonzero(several)),
        contradicting_rows=int(counts[several].sum()),
        shared=int(np.count_nonzero(trained[number[validation]])),
    )
