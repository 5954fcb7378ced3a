"""The test rows of a data set, which a search never sees: read for one last look at a model."""

from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data.corpus import fingerprint, is_path, mended
from data.demo import CLASS_NAMES, demo_corpus
from data.errors import DataError
from data.files import read_part, refuse_pipes
from data.folders import ENDINGS, TRAIN, VALIDATION, Part, find_part
from data.header import NEWS
from data.hub import hub_validation, saved_rows
from data.reading import Reading
from data.rows import Rows
from data.sources import Source, hub_source, local_source
from data.table import SIDES, read_table, sides_of

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
        table = read_table(
            found._replace(is_test=True), replace(alone, split_column=None, labels_file=None)
        )
    except OSError as error:
        raise DataError(f"{test} cannot be read: {error.strerror or error}") from None
    assert table.validation is not None
    rows = mended(table.only(table.validation))
    rows = replace(rows, validation=None)
    numbers = {name: i for i, name in enumerate(class_names)}
    known = np.array([numbers.get(name, UNSEEN) for name in rows.class_names], np.int64)
    counts = np.bincount(rows.labels, minlength=len(rows.class_names)).tolist()
    unseen = {
        name: count
        for name, count in zip(rows.class_names, counts, strict=True)
        if count and name not in numbers
    }
    return TestRows(
        name=found.origin,
        texts=rows.texts,
        labels=known[rows.labels],
        unseen=unseen,
        fingerprint=fingerprint(rows),
    )


def check_test(test: str) -> None:
    """See, without opening it, that a file or folder which ``test`` can only mean is there.

    Raises:
        DataError: it is not.
    """
    is_path = "/" in test or test.lower().endswith(ENDINGS)
    if is_path and not Path(test).expanduser().exists():
        raise DataError(f"--test {test}: no such file or folder")


def _parts(source: str, reading: Reading, test: str) -> Source:
    """The training rows, which say what columns and labels mean, and the test rows."""
    alone = replace(reading, split_column=None)
    trained = _training_rows(source, alone)
    if (path := Path(test).expanduser()).exists():
        refuse_pipes(path)
        options = replace(alone, labels_file=None)
        part = None if path.is_file() else find_part(path, ("test",))
        if not path.is_file() and part is None:
            raise DataError(f"--test {test}: the folder has no test file")
        part = part or Part((path,))
        return Source(trained, _like(trained, part, options), test)
    if test.lower() in (*TRAIN, *VALIDATION):
        raise DataError(
            f"--test {test}: the search has seen these rows; name a test split or file"
        )
    if reading.split_column is not None:
        sides = sides_of(trained, reading.split_column)
        wanted = SIDES.get(test.lower(), "")
        origin = f"the column {reading.split_column!r} of {source}"
        if wanted == "test" and (sides == "test").any():
            return Source(
                _only(trained, sides != "test"),
                _only(trained, sides == "test"),
                origin,
            )
        raise DataError(f"--test {test}: {origin} has no such rows")
    split = _split(trained, source, test, alone)
    if split is None:
        raise DataError(
            f"--test {test}: no such file, and {source} has no split of that name beside its "
            "training rows"
        )
    return Source(trained, split, f"the split {test!r} of {source}")


def _training_rows(source: str, reading: Reading) -> Rows:
    if source == "demo":
        texts, labels = demo_corpus()
        table = {"text": list(texts), "label": [CLASS_NAMES[label] for label in labels]}
        return Rows(source, tuple(table), table.__getitem__)
    return (local_source if is_path(source) else hub_source)(source, reading).train


def _split(trained: Rows, source: str, name: str, reading: Reading) -> Rows | None:
    if source == "demo":
        return None
    if not is_path(source):
        return hub_validation(source, (name,))[0]
    path = Path(source).expanduser()
    if (path / name / "state.json").is_file():
        return saved_rows(source, path / name)
    part = find_part(path.parent if path.is_file() else path, (name.lower(),))
    return None if part is None else _like(trained, part, reading)


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
