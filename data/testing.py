"""The test rows of a data set, which a search never sees: read for one last look at a model."""

from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
import numpy.typing as npt

from data.corpus import fingerprint, is_path, mended
from data.demo import CLASS_NAMES, demo_corpus
from data.errors import DataError, first_of, several, shown
from data.files import read_part
from data.folders import Part
from data.header import NEWS
from data.held_out import Place, find_test
from data.hub import hub_rows, saved_rows
from data.reading import Reading
from data.rows import Rows
from data.sources import Source, hub_source, local_source
from data.table import read_table, sides_of

UNSEEN = -1  # the number of a class that no training row has


@dataclass(frozen=True, kw_only=True)
class TestRows:
    """Labelled texts that no search has seen.

    Attributes:
        name: where they come from.
        texts: N texts.
        labels: (N,) int64, numbers of the search's classes; ``UNSEEN``: it has no such class.
        unseen: rows of each class that the search does not have, by the class' name.
        fingerprint: of them, as of a ``Corpus``.
    """

    name: str
    texts: list[str]
    labels: npt.NDArray[np.int64]
    unseen: dict[str, int]
    fingerprint: str


def load_test(source: str, reading: Reading, test: str, class_names: tuple[str, ...]) -> TestRows:
    """Read the rows that ``test`` names, in the columns that the training rows have.

    Args:
        source: the data set that was searched.
        reading: how its rows were read.
        test: a file or folder, or the name of a split of ``source``, such as "test".
        class_names: of the search.

    Raises:
        DataError: there are no such rows, or they cannot be read.
    """
    alone = replace(reading, validation_file=None, own_validation=False, group_column=None)
    try:
        found = _parts(source, alone, test)
        table = read_table(found, replace(alone, split_column=None, labels_file=None))
    except OSError as error:
        raise DataError(f"{test} cannot be read: {error.strerror or error}") from None
    assert table.validation is not None
    rows = mended(table.only(table.validation))
    rows = replace(rows, validation=None)
    numbers = {name: i for i, name in enumerate(class_names)}
    known = np.array([numbers.get(name, UNSEEN) for name in rows.class_names], np.int64)
    labels = known[rows.labels]
    counts = np.bincount(rows.labels, minlength=len(rows.class_names)).tolist()
    unseen = {
        name: count
        for name, count in zip(rows.class_names, counts, strict=True)
        if count and name not in numbers
    }
    if (labels == UNSEEN).all():
        raise DataError(
            f"--test {test}: no row is of a class of the search: its labels are "
            f"{first_of([shown(name) for name in unseen])}; the search has "
            f"{first_of([shown(name) for name in class_names])}"
        )
    return TestRows(
        name=_name(found, len(rows.texts)),
        texts=rows.texts,
        labels=labels,
        unseen=unseen,
        fingerprint=fingerprint(rows),
    )


def _name(found: Source, read: int) -> str:
    """Where the rows come from, and how many of them were left out for lack of a label."""
    assert found.validation is not None
    left_out = len(found.validation.read(found.validation.columns[0])) - read
    if not left_out:
        return found.origin
    return f"{found.origin} ({several(left_out, 'row')} without a label left out)"


def _parts(source: str, reading: Reading, test: str) -> Source:
    """The training rows, which say what columns and labels mean, and the test rows."""
    alone = replace(reading, split_column=None)
    trained = _training_rows(source, alone)
    place = find_test(source, reading, test)  # a data set of the Hub is in the cache now
    if reading.split_column is not None:
        sides = sides_of(trained, reading.split_column)
        closed = replace(
            _only(trained, sides == "test"), source=f"the test rows of {trained.source}"
        )
        trained = _only(trained, sides != "test")  # which may lack labels, or have other classes
        if place.in_column:
            if not (sides == "test").any():
                raise DataError(f"--test {test}: {place.origin} has no such rows")
            return Source(trained, closed, place.origin, is_test=True)
    return Source(trained, _rows(trained, place, alone), place.origin, is_test=True)


def _rows(trained: Rows, place: Place, reading: Reading) -> Rows:
    """The rows at a place outside the training files."""
    if place.saved is not None:
        return saved_rows(place.origin, place.saved)
    if place.part is None:
        return hub_rows(trained.source, place.split)
    try:  # the training rows' labels are not theirs
        return _like(trained, place.part, replace(reading, labels_file=None))
    except DataError as error:
        if reading.labels_file is None:
            raise
        raise DataError(
            f"{error}; the labels of --labels are those of the training rows, and test rows "
            "need theirs in their own file"
        ) from None


def _training_rows(source: str, reading: Reading) -> Rows:
    if source == "demo":
        texts, labels = demo_corpus()
        table = {"text": list(texts), "label": [CLASS_NAMES[label] for label in labels]}
        return Rows(source, tuple(table), table.__getitem__)
    return (local_source if is_path(source) else hub_source)(source, reading).train


def _like(trained: Rows, part: Part, reading: Reading) -> Rows:
    """The rows of ``part``; where the training rows have no header, it has none either."""
    rows = read_part(part, reading)
    has_none = trained.numbered or tuple(trained.columns) == NEWS
    if not has_none or reading.header is not None or len(trained.columns) != len(rows.columns):
        return rows
    if set(trained.columns) <= set(rows.columns):
        return rows
    bare = read_part(part, replace(reading, header=False))
    own = dict(zip(trained.columns, bare.columns, strict=True))
    return replace(bare, columns=trained.columns, read=lambda name: bare.read(own.get(name, name)))


def _only(rows: Rows, kept: npt.NDArray[np.bool_]) -> Rows:
    return replace(rows, read=lambda name: list(compress(rows.read(name), kept)))
