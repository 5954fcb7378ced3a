"""What is computed once per data set lies in the user's cache folder."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import joblib
import platformdirs

F = TypeVar("F", bound=Callable[..., Any])


def cached(function: F, ignore: Sequence[str] = ()) -> F:
    """``function``, its results stored on disk under its arguments, but those in ``ignore``."""
    folder = Path(platformdirs.user_cache_dir("recurrent-search"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a home that cannot be written: slower, not broken
        return function
    memory = joblib.Memory(folder, mmap_mode="r", verbose=0)
    stored: F = memory.cache(function, ignore=list(ignore))
    return stored
