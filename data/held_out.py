"""Where the test rows of a data set lie; no file of them is opened."""

import os
from pathlib import Path
from typing import NamedTuple

from data.corpus import is_path
from data.errors import DataError, listed
from data.files import refuse_pipes
from data.folders import ENDINGS, Part, classes_alone, find_part
from data.hub import hub_splits
from data.reading import Reading
from data.table import SIDES


class Place(NamedTuple):
    """Where test rows lie: one of these.

    Attributes:
        origin: what it is called.
        part: files, or a folder of classes.
        saved: a folder that ``save_to_disk`` wrote.
        split: of a data set of the Hub.
        in_column: the rows that the split column calls test rows, if there are any.
    """

    origin: str
    part: Part | None = None
    saved: Path | None = None
    split: str = ""
    in_column: bool = False


def check_test(source: str, reading: Reading, test: str) -> None:
    """See, without opening them, that test rows can be there.

    Raises:
        DataError: they are not.
    """
    if _is_name(test) and SIDES.get(test.lower(), "test") == "test" and _is_unknown(source):
        return
    try:
        find_test(source, reading, test)
    except OSError as error:
        raise DataError(f"--test {test} cannot be read: {error.strerror or error}") from None


def _is_unknown(source: str) -> bool:
    """Whether nobody can say what splits it has: it is gone, or not in the Hub's cache."""
    if source == "demo":
        return False
    if not is_path(source):
        return hub_splits(source) is None
    return not Path(os.path.expanduser(source)).exists()  # noqa: PTH111


def find_test(source: str, reading: Reading, test: str) -> Place:
    """Where the rows lie that ``test`` names; a split goes before a file of its name.

    Raises:
        DataError: nowhere, or they are rows that the search has seen.
    """
    if not test.strip():
        raise DataError("--test is empty: name a file, a folder or a split, such as test")
    if _is_name(test):
        if SIDES.get(test.lower(), "test") != "test":
            raise DataError(
                f"--test {test}: the search has seen these rows; name a test split or file"
            )
        if place := _split(source, reading, test):
            return place
    path = Path(os.path.expanduser(test))  # noqa: PTH111 - Path's own raises on "~nobody"
    refuse_pipes(path)
    if path.exists():
        return Place(test, Part((path,))) if path.is_file() else _folder(path, test)
    if not _is_name(test):
        raise DataError(f"--test {test}: no such file or folder")
    if reading.split_column is not None:
        where = f"the column {reading.split_column!r} of {source} has no such rows"
    else:
        where = f"{source} has no split of that name beside its training rows"
    raise DataError(f"--test {test}: no such file, and {where}")


def _is_name(test: str) -> bool:
    """Whether it may be that of a split."""
    return bool(test.strip()) and "/" not in test and not test.lower().endswith(ENDINGS)


def _split(source: str, reading: Reading, name: str) -> Place | None:
    """The split ``name`` of the data set."""
    origin = f"the split {name!r} of {source}"
    if reading.split_column is not None:
        in_column = f"the column {reading.split_column!r} of {source}"
        return Place(in_column, in_column=True) if name.lower() in SIDES else None
    if source == "demo":
        return None
    if not is_path(source):
        return Place(origin, split=name) if name in (hub_splits(source) or ()) else None
    path = Path(source).expanduser()
    if (path / name / "state.json").is_file():
        return Place(origin, saved=path / name)
    part = find_part(path.parent if path.is_file() else path, (name.lower(),))
    if part is None:
        return None
    if part.files and (inner := part.files[0].parent).name.lower() == name.lower():
        part = find_part(inner, ("test",)) or part  # it may be a data set with a training part
    return Place(origin, part)


def _folder(path: Path, test: str) -> Place:
    """What a folder has: what was saved, test files, or a folder of texts for each class."""
    if (path / "state.json").is_file():
        return Place(test, saved=path)
    if (path / "dataset_dict.json").is_file():
        if (path / "test" / "state.json").is_file():
            return Place(test, saved=path / "test")
        parts = listed(sorted(part.name for part in path.iterdir() if part.is_dir()))
        raise DataError(f"--test {test}: a saved DatasetDict without 'test'; it has {parts}")
    if part := find_part(path, ("test",)) or classes_alone(path):
        return Place(test, part)
    raise DataError(
        f"--test {test}: the folder has no test file, such as test.csv, is no save_to_disk folder "
        "and has no folder of texts for each class"
    )
