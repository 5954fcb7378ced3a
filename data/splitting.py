"""Which rows train and which validate: stratified, by seed, repeats and groups on one side."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from data.errors import DataError

VALIDATION_ROWS = 1_000  # what 5% is raised to: below, chance moves accuracy by over a point
LARGEST_SHARE = 0.2  # but never more than this share of the rows
FULL = 0.95  # of the rows wanted: enough, where units do not fit exactly

Rows = npt.NDArray[np.int64]


def split(
    labels: Rows, *, share: float, seed: int, exact: bool = False, units: Rows | None = None
) -> tuple[Rows, Rows]:
    """Row numbers for training and validation, ascending, stratified by class.

    Args:
        labels: (N,) class numbers.
        share: of the rows, for validation.
        seed: of the order that decides.
        exact: take ``share`` as it is; else it is raised to 1,000 rows where that is at most a
            fifth of them, and to one row of each class.
        units: (N,) numbers; rows of one number stay on one side. Where all differ, the split is
            the same as without.

    Raises:
        DataError: no rows, or none of a class, would be left to train on or to validate with.
    """
    wanted = wanted_rows(labels, share=share, exact=exact)
    order = stratified(labels, seed)
    if units is not None and len(np.unique(units)) < len(units):
        held_out = _whole_units(labels, units, order, wanted)
    else:
        held_out = np.zeros(len(labels), bool)
        held_out[order[:wanted]] = True
    if exact or units is not None:
        _check(labels, held_out, share)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def wanted_rows(labels: Rows, *, share: float, exact: bool) -> int:
    """How many rows validate; see ``split``."""
    rows = len(labels)
    if exact:
        return max(round(share * rows), 1)
    wanted = max(round(share * rows), min(VALIDATION_ROWS, int(LARGEST_SHARE * rows)))
    return max(wanted, len(np.unique(labels)))


def _check(labels: Rows, held_out: npt.NDArray[np.bool_], share: float) -> None:
    if not held_out.any():
        raise DataError(
            "the rows cannot be split: each class is of one group or distinct text only, whose "
            "rows stay on one side"
        )
    classes = int(labels.max()) + 1
    left = np.bincount(labels[~held_out], minlength=classes)
    if left.min() == 0:
        raise DataError(
            f"--validation {share:g} leaves no row of class number {int(left.argmin())} to train "
            "on: ask for a smaller share"
        )


def _whole_units(labels: Rows, units: Rows, order: Rows, wanted: int) -> npt.NDArray[np.bool_]:
    """(N,) bool, the validation rows: whole units in ``order``, as near to ``wanted`` as they go.

    Classes get the share that they would have without units, as far as units allow; a class is
    never taken from the training rows altogether, and is validated wherever it can be.
    """
    chooser = _Chooser(labels, units)
    quotas = np.bincount(labels[order[:wanted]], minlength=chooser.classes).tolist()
    walk = chooser.distinct(order)
    for unit in walk:
        if chooser.rows >= wanted:
            break
        of_unit = chooser.counts[unit]
        if all(chooser.taken[c] + n <= quotas[c] for c, n in of_unit.items()):
            chooser.take(unit)
    for unit in walk:  # mixed units seldom fit all quotas
        if chooser.rows >= FULL * wanted:
            break
        if chooser.rows + chooser.size(unit) <= wanted:
            chooser.take(unit)
    for unit in sorted(walk, key=chooser.size):  # stable: of one size, the first in the order
        if any(chooser.taken[c] == 0 for c in chooser.counts[unit]):
            chooser.take(unit)
    return chooser.held_out()


class _Chooser:
    """Units that are moved from training to validation, and what that does to the classes."""

    def __init__(self, labels: Rows, units: Rows) -> None:
        self.classes = int(labels.max()) + 1
        _, self.unit_of = np.unique(units, return_inverse=True)
        pairs, counts = np.unique(self.unit_of * self.classes + labels, return_counts=True)
        self.counts: list[dict[int, int]] = [{} for _ in range(int(self.unit_of.max()) + 1)]
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
            self.counts[pair // self.classes][pair % self.classes] = count
        self.left = np.bincount(labels, minlength=self.classes).tolist()
        self.taken = [0] * self.classes
        self.chosen: set[int] = set()
        self.rows = 0

    def distinct(self, order: Rows) -> list[int]:
        """The units, in the order in which their first rows come."""
        units, first = np.unique(self.unit_of[order], return_index=True)
        return [int(unit) for unit in units[np.argsort(first, kind="stable")]]

    def size(self, unit: int) -> int:
        return sum(self.counts[unit].values())

    def take(self, unit: int) -> None:
        """Move ``unit``, unless a class would have no row left to train on."""
        of_unit = self.counts[unit]
        if unit in self.chosen or any(self.left[c] == n for c, n in of_unit.items()):
            return
        self.chosen.add(unit)
        for number, count in of_unit.items():
            self.left[number] -= count
            self.taken[number] += count
            self.rows += count

    def held_out(self) -> npt.NDArray[np.bool_]:
        """(N,) bool, the rows of the units that were moved."""
        return np.isin(self.unit_of, list(self.chosen))


def join_units(parts: Sequence[Rows]) -> Rows:
    """(N,) unit numbers under which rows are together that are together under any of ``parts``.

    Units are numbered by their first rows. Each row points to a lower one that it is tied to, and
    what that one points to takes over what others of its unit point to, until none is lower: as
    SciPy's connected components, whose import takes as long as all else that is done with rows.
    """
    units = [np.unique(part, return_inverse=True)[1] for part in parts]
    first = np.arange(len(parts[0]))
    while True:
        before = first
        for unit in units:
            lowest = np.full(len(first), len(first))
            np.minimum.at(lowest, unit, first)
            first = first.copy()
            np.minimum.at(first, first.copy(), lowest[unit])
            first = first[first]
        if (first == before).all():
            return np.unique(first, return_inverse=True)[1].astype(np.int64)


def stratified(labels: Rows, seed: int) -> Rows:
    """All row numbers in a random order whose every beginning holds each class by its share.

    A class' k-th row of n stands at k / n of the order, so a beginning has at most one row of a
    class too many, and one of each as soon as it is long enough. (scikit-learn's split takes no
    less to write around its limits, and a second to import.)
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    counts = np.bincount(labels)
    within = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    place = within / np.repeat(counts, counts)
    return by_class[np.argsort(place, kind="stable")]
