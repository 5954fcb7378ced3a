"""What is kept of the validation texts, so that a report needs no data set: plain files, whole.

The rows are in the order of the probabilities that are kept of each net.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

LONGEST = 300  # characters of a text that are kept
LOOKED_AT = 4 * LONGEST  # of them, before white space is collapsed: a text may be a book
FASTEST = 1  # of gzip's levels: 8,000 texts take 0.03 s
BROKEN = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, zlib.error)

Labels = npt.NDArray[np.int64]


class ValidationRows(NamedTuple):
    """The texts that all trials of a study are compared on.

    Attributes:
        labels: (N,) their right classes, from 0.
        class_names: of all C classes, in the order of the labels.
        texts: how each begins.
    """

    labels: Labels
    class_names: tuple[str, ...]
    texts: tuple[str, ...]


def beginning(text: str) -> str:
    """The first characters of ``text``, on one line."""
    return " ".join(text[:LOOKED_AT].split())[:LONGEST]


def keep_rows(
    path: Path, labels: Labels, class_names: Sequence[str], *, texts: Sequence[str]
) -> None:
    """Write the validation rows to ``path``, whole or not at all; ``texts`` are cut."""
    stored = {
        "class_names": list(class_names),
        "labels": labels.tolist(),
        "texts": [beginning(text) for text in texts],
    }
    plain = json.dumps(stored, ensure_ascii=False).encode()
    _write(path, lambda file: file.write(gzip.compress(plain, FASTEST, mtime=0)))


def read_rows(path: Path) -> ValidationRows | None:
    """What ``keep_rows`` wrote; ``None`` where the file is damaged, or there is none."""
    try:
        stored = json.loads(gzip.decompress(path.read_bytes()))
        names = tuple(map(str, stored["class_names"]))
        texts = tuple(map(str, stored["texts"]))
    except BROKEN:
        return None
    labels = _classes(stored.get("labels"), len(names))
    if labels is None or len(labels) != len(texts):
        return None
    return ValidationRows(labels, names, texts)


def keep_said(path: Path, said: Labels) -> None:
    """Write the classes that a classifier says of the rows to ``path``, likewise."""
    _write(path, lambda file: np.save(file, said.astype(np.int32)))


def read_said(path: Path, rows: ValidationRows) -> Labels | None:
    """(N,) what ``keep_said`` wrote; ``None`` where it is damaged, missing, or of other rows."""
    found = _load(path)
    said = None if found is None else _classes(found, len(rows.class_names))
    return said if said is not None and len(said) == len(rows.labels) else None


def read_probabilities(path: Path) -> npt.NDArray[np.float32] | None:
    """(N, C) what a net says of the rows; ``None`` where it is damaged or missing."""
    found = _load(path)
    if found is None or found.ndim != 2 or found.dtype.kind != "f" or not found.size:
        return None
    said = found.astype(np.float32)
    return said if np.isfinite(said).all() else None


def _load(path: Path) -> npt.NDArray[np.generic] | None:
    try:
        found = np.load(path)
    except BROKEN:
        return None
    return found if isinstance(found, np.ndarray) else None


def _classes(found: object, count: int) -> Labels | None:
    """``found`` as class numbers below ``count``, if it is such."""
    try:
        numbers = np.asarray(found)
    except ValueError:  # rows of several lengths
        return None
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu" or not len(numbers):
        return None
    is_legal = int(numbers.min()) >= 0 and int(numbers.max()) < count
    return numbers.astype(np.int64) if is_legal else None


def _write(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("wb") as file:
        fill(file)
    draft.replace(path)
