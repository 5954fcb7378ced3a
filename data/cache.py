"""What is computed once per data set lies in the user's cache folder, under a checksum.

A file is named after what it was computed from and the SHA-256 of its content, so that one
rename puts both in place. Only files of the user's own cache folder are unpickled.
"""

import contextlib
import hashlib
import inspect
import os
import warnings
from collections.abc import Callable, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import joblib
import platformdirs

F = TypeVar("F", bound=Callable[..., Any])
DIGITS = 32  # hexadecimal digits of the checksum that a name holds


class CacheWarning(UserWarning):
    """A stored result was damaged, and is computed again."""


def cached(function: F, ignore: Sequence[str] = ()) -> F:
    """``function``, its results stored on disk under its arguments, but those in ``ignore``.

    Arrays of a result are mapped into memory, read-only: processes share their pages. A damaged
    file is made anew, with a ``CacheWarning`` of one line. Where the folder cannot be written,
    nothing is stored.
    """

    @wraps(function)
    def stored(*args: Any, **kwargs: Any) -> Any:
        folder = Path(platformdirs.user_cache_dir("recurrent-search"), function.__name__)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:  # a home that cannot be written: slower, not broken
            return function(*args, **kwargs)
        key = _key(function, args, kwargs, ignore)
        for path in sorted(folder.glob(f"{key}-*.pkl")):
            with contextlib.suppress(DamagedError):
                return _load(path)
        value = function(*args, **kwargs)
        try:
            return _load(_store(folder, key, value))
        except (OSError, DamagedError):  # a full disk
            return value

    return cast("F", stored)


class DamagedError(Exception):
    """A stored file is not what was written."""


def _key(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    ignore: Sequence[str],
) -> str:
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    kept = {name: value for name, value in bound.arguments.items() if name not in ignore}
    name = f"{function.__module__}.{function.__qualname__}"
    return str(joblib.hash((name, _code(), kept), coerce_mmap=True))


@cache
def _code() -> str:
    """A hash of this package's code: another version's results are not used."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _store(folder: Path, key: str, value: object) -> Path:
    """Write ``value``; a reader sees the whole file or none."""
    draft = folder / f".{key}-{os.getpid()}.draft"
    try:
        joblib.dump(value, draft)
        path = folder / f"{key}-{_checksum(draft)}.pkl"
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _load(path: Path) -> object:
    """The value in ``path``.

    Raises:
        DamagedError: it is not what was written; the file is gone then.
    """
    try:
        if _checksum(path) == path.stem.rpartition("-")[2]:
            return joblib.load(path, mmap_mode="r")
    except OSError:
        pass
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    # With a place of its own: the usual form repeats a line of this file.
    message = f"{path} was damaged: it is made anew"
    warnings.warn_explicit(message, CacheWarning, "recurrent-search", 0)
    raise DamagedError


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:DIGITS]
