"""Where the parts of a data set are: in a folder, a file, or on the Hub."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from data.errors import DataError
from data.files import read_file, read_part, refuse_pipes
from data.folders import TRAIN, VALIDATION, find_part, training_part
from data.hub import hub_rows, hub_validation, saved_rows
from data.reading import Reading
from data.rows import Rows


class Source(NamedTuple):
    """The parts of a data set that a search may see.

    Attributes:
        train: the training rows.
        validation: the user's own validation rows; ``None``: there are none, or not asked for.
        origin: where ``validation`` comes from.
        is_test: whether ``validation`` are test rows, read for a look after the search.
    """

    train: Rows
    validation: Rows | None = None
    origin: str = ""
    is_test: bool = False


def local_source(source: str, reading: Reading) -> Source:
    """The parts of a folder or file.

    Raises:
        DataError: there is nothing to read, or it cannot be read.
    """
    path = Path(os.path.expanduser(source))  # noqa: PTH111 - Path's own raises on "~nobody"
    if source:
        refuse_pipes(path)
    if not source or not path.exists():
        raise DataError(f"no such folder or file: {source!r}")
    if path.is_file():
        train = read_file(path, reading)
        name = path.name.lower().partition(".")[0].partition("-")[0]
        folder = path.parent if name in TRAIN else None
        return _with_validation(train, reading, lambda: _beside(folder, reading))
    in_parts = (path / "dataset_dict.json").is_file()
    saved = path / "train" if in_parts else path
    if (saved / "state.json").is_file():
        train = saved_rows(source, saved)
        return _with_validation(train, reading, lambda: _saved_beside(source, path, in_parts))
    if in_parts:
        parts = ", ".join(sorted(part.name for part in path.iterdir() if part.is_dir()))
        raise DataError(f"{source} is a saved DatasetDict without 'train'; it has {parts}")
    train = read_part(training_part(path), reading)
    return _with_validation(train, reading, lambda: _beside(path, reading))


def hub_source(name: str, reading: Reading) -> Source:
    """The parts of a data set of the Hub.

    Raises:
        DataError: it cannot be had.
    """

    def validation() -> Source | None:
        rows, split = hub_validation(name, VALIDATION)
        return None if rows is None else Source(rows, rows, f"the split {split!r} of {name}")

    return _with_validation(hub_rows(name), reading, validation)


def _with_validation(train: Rows, reading: Reading, beside: Callable[[], Source | None]) -> Source:
    """``train`` with the validation rows that ``reading`` asks for.

    Raises:
        DataError: they are asked for in two ways.
    """
    if reading.validation_file is not None:
        if reading.split_column is not None:
            raise DataError("--validation FILE and --split-column exclude each other")
        if reading.labels_file is not None:
            raise DataError("--labels names the labels of one file: leave --validation FILE out")
        path = Path(reading.validation_file).expanduser()
        refuse_pipes(path)
        if not path.exists():
            raise DataError(f"--validation {reading.validation_file}: there is no such file")
        rows = read_file(path, reading) if path.is_file() else read_part(training_part(path))
        return Source(train, rows, reading.validation_file)
    if not reading.own_validation or reading.split_column is not None or reading.labels_file:
        return Source(train)
    found = beside()
    return Source(train) if found is None else Source(train, found.validation, found.origin)


def _beside(folder: Path | None, reading: Reading) -> Source | None:
    part = None if folder is None else find_part(folder, VALIDATION)
    if part is None:
        return None
    rows = read_part(part, reading)
    return Source(rows, rows, rows.source)


def _saved_beside(source: str, path: Path, in_parts: bool) -> Source | None:
    for name in VALIDATION if in_parts else ():
        if (path / name / "state.json").is_file():
            rows = saved_rows(source, path / name)
            return Source(rows, rows, f"the split {name!r} of {source}")
    return None
