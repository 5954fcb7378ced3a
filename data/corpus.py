"""A data set becomes a ``Corpus``: texts, numbered labels, a fingerprint, and how it was read.

It comes from the built-in demo, local files or the Hugging Face Hub. Test rows stay closed.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from operator import ne
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data.demo import CLASS_NAMES, demo_corpus
from data.errors import DataError, first_of, several, shown
from data.facts import Facts
from data.files import ENDINGS
from data.labels import LabelType
from data.reading import Reading
from data.sources import hub_source, local_source
from data.table import Table, read_table

__all__ = ["Corpus", "DataError", "Reading", "load_corpus"]

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?", re.ASCII)
SMALLEST_CLASS = 2  # rows: one to train on and one to validate with
HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Corpus:
    """The rows of a data set to train on, and to validate with.

    Attributes:
        name: the source as the user gave it.
        texts: N texts; an empty one is legal.
        labels: (N,) int64, each from 0 to C - 1, every class at least twice, or with the user's
            own validation rows at least once in the other rows.
        class_names: C names, in the order of the labels.
        fingerprint: SHA-256 of texts, labels and class names, in hex; the same for the same rows
            from any format and path. Rows that are marked for validation, and groups, are in it.
        label_type: what the labels are in the data set, and predictions should be.
        validation: (N,) bool, the user's own validation rows; ``None``: rows are to be split.
        groups: (N,) int64, rows of one number stay on one side of a split; ``None``: no groups.
        facts: how it was read.
    """

    name: str
    texts: list[str]
    labels: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    fingerprint: str
    label_type: LabelType = "str"
    validation: npt.NDArray[np.bool_] | None = None
    groups: npt.NDArray[np.int64] | None = None
    facts: Facts = field(default_factory=Facts)


def load_corpus(
    source: str,
    reading: Reading | None = None,
    *,
    text: str | None = None,
    label: str | None = None,
) -> Corpus:
    """Load the training rows of ``source``, and the user's own validation rows if asked for.

    Args:
        source: "demo", a folder or file, or a name on the Hugging Face Hub.
        reading: how to read it.
        text: text column, or several joined by "+"; short for ``reading.text``.
        label: label column; short for ``reading.label``.

    Raises:
        DataError: the data set cannot be had or used.
    """
    reading = reading or Reading()
    reading = replace(reading, text=text or reading.text, label=label or reading.label)
    try:
        if source == "demo":
            texts, numbers = demo_corpus()
            facts = Facts(rows=len(texts), text_columns=("text",))
            table = Table(list(texts), np.asarray(numbers, np.int64), CLASS_NAMES, facts=facts)
            return _corpus(source, table)
        parts = local_source(source, reading) if is_path(source) else hub_source(source, reading)
        table = read_table(parts, reading)
    except OSError as error:
        raise DataError(f"{source} cannot be read: {error.strerror or error}") from None
    return _corpus(source, table, drop_small=reading.drop_small_classes)


def _corpus(source: str, table: Table, *, drop_small: bool = False) -> Corpus:
    """Check the classes' sizes, mend the texts and take the fingerprint."""
    if not table.texts:
        raise DataError(f"{source} has no rows")
    if drop_small:
        table = _without_small_classes(table)
    _check_classes(source, table)
    whole = mended(table)
    changed = 0 if whole is table else sum(map(ne, whole.texts, table.texts))
    return Corpus(
        name=source,
        texts=whole.texts,
        labels=table.labels,
        class_names=table.class_names,
        fingerprint=fingerprint(whole),
        label_type=table.label_type,
        validation=table.validation,
        groups=table.groups,
        facts=replace(table.facts, mended=changed),
    )


def mended(table: Table) -> Table:
    """``table`` with U+FFFD for half characters, which no encoding has."""
    try:
        "".join(table.texts).encode()
    except UnicodeEncodeError:
        return replace(table, texts=[_mended(text) for text in table.texts])
    return table


def _mended(text: str) -> str:
    """``text`` with U+FFFD for half characters; two halves that stand together are one."""
    if not HALF_CHARACTER.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _check_classes(source: str, table: Table) -> None:
    names = table.class_names
    if len(names) == 1:
        raise DataError(f"{source} has one class only ({shown(names[0])}); two or more are needed")
    small = _small_classes(table)
    if not small:
        return
    way_out = "--drop-small-classes leaves them out"
    if table.validation is not None:
        none = first_of([shown(names[i]) for i in small])
        raise DataError(
            f"{source}: {several(len(small), 'class has', 'classes have')} no training row: "
            f"{none}; {way_out}"
        )
    if len(small) == 1:
        raise DataError(
            f"{source}: class {shown(names[small[0]])} is too small to split into training and "
            f"validation: 1 row, at least {SMALLEST_CLASS} are needed; --drop-small-classes "
            "leaves it out"
        )
    raise DataError(
        f"{source}: {len(small)} classes have one row, too few to split into training and "
        f"validation: {first_of([shown(names[i]) for i in small])}; {way_out}"
    )


def _small_classes(table: Table) -> list[int]:
    """Numbers of the classes without a row to train on, or with too few to split."""
    classes = len(table.class_names)
    if table.validation is not None:
        counts = np.bincount(table.labels[~table.validation], minlength=classes)
        return np.flatnonzero(counts == 0).tolist()
    counts = np.bincount(table.labels, minlength=classes)
    return np.flatnonzero(counts < SMALLEST_CLASS).tolist()


def _without_small_classes(table: Table) -> Table:
    small = _small_classes(table)
    if not small:
        return table
    kept = ~np.isin(table.labels, small)
    names = [name for i, name in enumerate(table.class_names) if i not in set(small)]
    number = np.cumsum(~np.isin(np.arange(len(table.class_names)), small)) - 1
    facts = replace(
        table.facts,
        small_classes=tuple(table.class_names[i] for i in small),
        small_rows=int(np.count_nonzero(~kept)),
    )
    left = table.only(kept)
    return replace(left, labels=number[left.labels], class_names=tuple(names), facts=facts)


def fingerprint(table: Table) -> str:
    """SHA-256 of ``table``, whose texts are ``mended``."""
    digest = hashlib.sha256(json.dumps(table.class_names).encode())
    digest.update(table.labels.astype("<i8").tobytes())
    digest.update(np.array([len(text) for text in table.texts], dtype="<i8").tobytes())
    digest.update("".join(table.texts).encode())
    if table.validation is not None:
        digest.update(b"validation" + table.validation.tobytes())
    if table.groups is not None:
        digest.update(b"groups" + table.groups.astype("<i8").tobytes())
    return digest.hexdigest()


def is_path(source: str) -> bool:
    """Whether ``source`` is there, or can only be meant as a path."""
    is_name = HUB_NAME.fullmatch(source) and not source.lower().endswith(ENDINGS)
    return not is_name or Path(source).exists()
