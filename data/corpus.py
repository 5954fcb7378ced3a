"""A data set becomes a ``Corpus``: the training rows' texts, numbered labels and a fingerprint.

It comes from the built-in demo, local files or the Hugging Face Hub. Test rows stay closed.
"""

import hashlib
import json
import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from data.columns import choose_columns
from data.files import FORMATS, INTEGER, DataError, Rows, read_file, training_file
from data.hub import hub_rows, saved_rows

__all__ = ["Corpus", "DataError", "load_corpus"]

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?", re.ASCII)
FRACTION = re.compile(r"-?\d*\.\d+")
SMALLEST_CLASS = 2  # rows: one to train on and one to validate with


@dataclass(frozen=True)
class Corpus:
    """The training rows of a data set.

    Attributes:
        name: the source as the user gave it.
        texts: N texts; an empty one is legal.
        labels: (N,) int64, each from 0 to C - 1, every class at least twice.
        class_names: C names, in the order of the labels.
        fingerprint: SHA-256 of texts, labels and class names, in hex; the same for the same rows
            from any format and path.
    """

    name: str
    texts: list[str]
    labels: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    fingerprint: str


def load_corpus(source: str, *, text: str | None = None, label: str | None = None) -> Corpus:
    """Load the training rows of ``source``.

    Args:
        source: "demo", a folder or file, or a name on the Hugging Face Hub.
        text: text column, or several joined by "+"; ``None``: found by usual names.
        label: label column; ``None``: found by usual names.

    Raises:
        DataError: the data set cannot be had or used.
    """
    try:
        if source == "demo":
            from data.demo import CLASS_NAMES, demo_corpus

            texts, numbers = demo_corpus()
            return _corpus(source, list(texts), np.asarray(numbers, np.int64), tuple(CLASS_NAMES))
        rows = _local_rows(source) if _is_path(source) else hub_rows(source)
        columns, label_column = choose_columns(rows, text=text, label=label)
        texts = _texts(rows, columns)
        labels, names = _labels(rows, label_column)
    except OSError as error:
        raise DataError(f"{source} cannot be read: {error.strerror or error}") from None
    return _corpus(source, texts, labels, names)


def _corpus(
    source: str, texts: list[str], labels: npt.NDArray[np.int64], names: tuple[str, ...]
) -> Corpus:
    """Check the classes' sizes and take the fingerprint."""
    if not texts:
        raise DataError(f"{source} has no rows")
    if len(names) == 1:
        raise DataError(f"{source} has one class only ({names[0]!r}); two or more are needed")
    counts = np.bincount(labels, minlength=len(names))
    if counts.min() < SMALLEST_CLASS:
        smallest = int(counts.argmin())
        raise DataError(
            f"{source}: class {names[smallest]!r} is too small to split into training and "
            f"validation: {counts[smallest]} row, at least {SMALLEST_CLASS} are needed"
        )
    return Corpus(source, texts, labels, names, _fingerprint(texts, labels, names))


def _fingerprint(texts: Sequence[str], labels: npt.NDArray[np.int64], names: Sequence[str]) -> str:
    digest = hashlib.sha256(json.dumps(names).encode())
    digest.update(labels.astype("<i8").tobytes())
    digest.update(np.array([len(text) for text in texts], dtype="<i8").tobytes())
    digest.update("".join(texts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _texts(rows: Rows, columns: Sequence[str]) -> list[str]:
    """Column by column checked, then joined with a space where there are several."""
    values = [rows.read(column) for column in columns]
    for column, cells in zip(columns, values, strict=True):
        for number, cell in enumerate(cells, start=1):
            if not isinstance(cell, str):
                is_null = cell is None or _is_nan(cell)
                found = "null (an empty text is allowed)" if is_null else f"{cell!r}, not text"
                raise DataError(f"{rows.source}, row {number}: column {column!r} is {found}")
    joined = cast("list[Sequence[str]]", values)
    if len(joined) == 1:
        return list(joined[0])
    return [" ".join(parts).strip() for parts in zip(*joined, strict=True)]


def _is_nan(value: object) -> bool:
    """What pandas puts where nothing stands; the words "nan" and "null" are text."""
    return isinstance(value, float) and math.isnan(value)


def _labels(rows: Rows, column: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Number the labels: as the column's own class names, by value, or alphabetically."""
    values = rows.read(column)
    keys = _label_keys(rows, column, values)
    named = rows.class_names.get(column)
    whole = all(INTEGER.fullmatch(str(key)) for key in keys.values())
    if whole:
        keys = {value: str(int(float(key))) for value, key in keys.items()}
    order = sorted(set(keys.values()), key=int if whole else None)
    names = [named[int(key)] for key in order] if named else order
    number = {key: i for i, key in enumerate(order)}
    of_value = {value: number[key] for value, key in keys.items()}
    labels = np.fromiter((of_value[value] for value in values), np.int64, len(values))
    return labels, tuple(names)


def _label_keys(rows: Rows, column: str, values: Sequence[object]) -> dict[object, str]:
    """Each distinct label as a string, a whole float without its fraction."""
    keys: dict[object, str] = {}
    named = range(len(rows.class_names[column])) if column in rows.class_names else None
    for row, value in enumerate(values, start=1):
        if isinstance(value, str | int | float | None) and value in keys:
            continue
        problem = ""
        key = str(value).strip()
        if value is None or _is_nan(value) or not key:
            problem = "has no label"
        elif not isinstance(value, str | int | float):
            problem = f"has the label {value!r}, neither an integer nor a string"
        elif isinstance(value, float) and not value.is_integer():
            problem = f"has the label {value!r}, not a whole number"
        elif named is not None and value not in named:
            problem = f"has the label {value!r}, but the classes are 0 to {named.stop - 1}"
        if problem:
            raise DataError(f"{rows.source}, row {row} {problem} (column {column!r})")
        keys[value] = key
    numbers = [k for k in keys.values() if INTEGER.fullmatch(k) or FRACTION.fullmatch(k)]
    fractions = [k for k in numbers if not INTEGER.fullmatch(k)]
    if fractions and len(numbers) == len(keys):  # a measurement, not a class
        raise DataError(
            f"{rows.source}: label {fractions[0]} is not a whole number (column {column!r})"
        )
    return keys


def _is_path(source: str) -> bool:
    """Whether ``source`` is there, or can only be meant as a path."""
    is_name = HUB_NAME.fullmatch(source) and not source.lower().endswith(FORMATS)
    return not is_name or Path(source).exists()


def _local_rows(source: str) -> Rows:
    path = Path(os.path.expanduser(source))  # noqa: PTH111 - Path's own raises on "~nobody"
    if not source or not path.exists():
        raise DataError(f"no such folder or file: {source!r}")
    if path.is_file():
        return read_file(path)
    in_parts = (path / "dataset_dict.json").is_file()
    saved = path / "train" if in_parts else path
    if (saved / "state.json").is_file():
        return saved_rows(source, saved)
    if in_parts:
        parts = ", ".join(sorted(part.name for part in path.iterdir() if part.is_dir()))
        raise DataError(f"{source} is a saved DatasetDict without 'train'; it has {parts}")
    return read_file(training_file(path))
