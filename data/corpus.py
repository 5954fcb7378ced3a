"""A data set becomes a ``Corpus``: the training rows' texts, numbered labels and a fingerprint.

It comes from the built-in demo, local files or the Hugging Face Hub. Test rows stay closed.
"""

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import numpy as np
import numpy.typing as npt

from data.files import (
    FORMATS,
    INTEGER,
    DataError,
    Rows,
    choose_columns,
    read_file,
    training_file,
)

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["Corpus", "DataError", "hub_available", "load_corpus"]

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?", re.ASCII)
FRACTION = re.compile(r"-?\d*\.\d+")
SMALLEST_CLASS = 2  # rows: one to train on and one to validate with
HUB_TIMEOUT = 5.0  # seconds
TRUE = {"1", "ON", "YES", "TRUE"}  # what the Hub's libraries read as true in the environment
WAYS_OUT = "ways out: a network, a local copy with --dataset PATH, or --dataset demo"


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
        rows = _local_rows(source) if _is_path(source) else _hub_rows(source)
        columns, label_column = choose_columns(rows, text=text, label=label)
        texts = _texts(rows, columns)
        labels, names = _labels(rows, label_column)
    except OSError as error:
        raise DataError(f"{source} cannot be read: {error.strerror or error}") from None
    return _corpus(source, texts, labels, names)


def hub_available(name: str, *, timeout: float = HUB_TIMEOUT) -> bool:
    """Whether ``name`` is in the local cache of ``datasets``, or the Hub has it and answers.

    Args:
        name: data set, "name" or "user/name".
        timeout: seconds that the Hub has to answer, looking up its address included.
    """
    return _cached_folder(name) is not None or _hub_status(name, timeout) == 200


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
                is_null = cell is None or cell != cell
                found = "null (an empty text is allowed)" if is_null else f"{cell!r}, not text"
                raise DataError(f"{rows.source}, row {number}: column {column!r} is {found}")
    joined = cast("list[Sequence[str]]", values)
    if len(joined) == 1:
        return list(joined[0])
    return [" ".join(parts).strip() for parts in zip(*joined, strict=True)]


def _labels(rows: Rows, column: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Number the labels: as the column's own class names, by value, or alphabetically."""
    values = rows.read(column)
    keys = _label_keys(rows, column, values)
    named = rows.class_names.get(column)
    whole = all(INTEGER.fullmatch(str(key)) for key in keys.values())
    order = sorted({int(float(k)) for k in keys.values()} if whole else set(keys.values()))
    names = [named[int(key)] for key in order] if named else [str(key) for key in order]
    number = {key: i for i, key in enumerate(order)}
    of_value = {v: number[int(float(k)) if whole else k] for v, k in keys.items()}
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
        if value is None or value != value or not key:
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
        return _dataset_rows(source, lambda: _datasets().load_from_disk(str(saved)))
    if in_parts:
        parts = ", ".join(sorted(part.name for part in path.iterdir() if part.is_dir()))
        raise DataError(f"{source} is a saved DatasetDict without 'train'; it has {parts}")
    return read_file(training_file(path))


def _hub_rows(name: str) -> Rows:
    """From the cache without a question to the network, else from the Hub."""
    folder = _cached_folder(name)
    if folder is not None:
        return _dataset_rows(name, lambda: _load_cached(name, folder))
    status = _hub_status(name, HUB_TIMEOUT)
    if status is None or status >= 500:  # asking `datasets` would take 24 s of retries
        why = "the Hub does not answer" if status is None else f"the Hub answers {status}"
        if _offline():
            why = "the environment says offline"
        raise DataError(f"{name!r} is no path, not cached, and {why}; {WAYS_OUT}")
    return _dataset_rows(name, lambda: _datasets().load_dataset(name, split="train"))


def _dataset_rows(source: str, load: Callable[[], "Dataset"]) -> Rows:
    """The rows of what ``load`` returns, whose many kinds of errors become one."""
    try:
        dataset = load()
    except Exception as error:
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise DataError(f"{source!r} cannot be loaded: {reason}; {WAYS_OUT}") from error
    names = {
        name: feature.names
        for name, feature in dataset.features.items()
        if isinstance(feature, _datasets().ClassLabel)
    }
    table = dataset.with_format("arrow")
    return Rows(
        source,
        dataset.column_names,
        lambda name: table.select_columns([name])[:].column(0).to_pylist(),
        names,
    )


def _datasets() -> ModuleType:
    """``datasets``, without progress bars and warnings; 1.3 s the first time."""
    import datasets
    import huggingface_hub.utils as hub

    for module in (datasets, hub):
        module.disable_progress_bars()
        module.logging.set_verbosity_error()
    return datasets


def _load_cached(name: str, folder: Path) -> "Dataset":
    """What ``load_dataset`` loads offline, without its retries before."""
    _datasets()
    from datasets.packaged_modules.cache.cache import Cache

    *_, configuration, version, revision = folder.parts
    builder = Cache(
        cache_dir=str(_cache()),
        repo_id=name,
        dataset_name=name.rsplit("/", maxsplit=1)[-1],
        config_name=configuration,
        version=version,
        hash=revision,
    )
    return builder.as_dataset(split="train")


def _cache() -> Path:
    """Where ``datasets`` keeps prepared data sets."""
    user = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = os.environ.get("HF_HOME", f"{user}/huggingface")
    return Path(os.environ.get("HF_DATASETS_CACHE", f"{home}/datasets")).expanduser()


def _cached_folder(name: str) -> Path | None:
    """The latest complete copy of ``name``; ``None`` where its configuration is ambiguous."""
    *owner, last = name.split("/")
    last = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", last)  # as `datasets` names its folders
    last = re.sub(r"([a-z\d])([A-Z])", r"\1_\2", last).lower()
    infos = (_cache() / "___".join([*owner, last])).glob("*/*/*/dataset_info.json")
    folders = [info.parent for info in infos if _is_complete(info)]
    if len({folder.parts[-3] for folder in folders}) != 1:
        return None
    return max(folders, key=lambda folder: folder.stat().st_mtime)


def _is_complete(info: Path) -> bool:
    try:
        stored = json.loads(info.read_text(encoding="utf-8"))
        matches = bool(stored["config_name"] == info.parts[-4] and "train" in stored["splits"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return matches and info.parent.suffix != ".incomplete"


def _offline() -> bool:
    names = ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE")
    return any(os.environ.get(name, "").upper() in TRUE for name in names)


def _hub_status(name: str, timeout: float) -> int | None:
    """The Hub's answer to "is there ``name``?"; ``None``: none within ``timeout`` seconds."""
    if _offline():
        return None
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    answers: list[int] = []

    def ask() -> None:
        try:
            with urlopen(f"{endpoint}/api/datasets/{quote(name)}", timeout=timeout) as response:
                json.load(response)  # a hotel's log-in page is no answer
                answers.append(response.status)
        except HTTPError as error:
            answers.append(error.code)
        except (OSError, ValueError, HTTPException):
            pass

    # The socket's timeout does not bound looking up the address: a thread's join does.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(timeout)
    return answers[0] if answers else None
