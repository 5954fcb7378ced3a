"""Data sets of the Hugging Face Hub, from its cache or the network; and saved ones.

The only place that knows ``datasets``.
"""

import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

from data.errors import DataError
from data.rows import Rows

if TYPE_CHECKING:
    from datasets import Dataset

HUB_TIMEOUT = 5.0  # seconds
TRUE = {"1", "ON", "YES", "TRUE"}  # what the Hub's libraries read as true in the environment
# The Hub moved its unowned data sets to owners, and its library takes no name without one.
OWNED_NAMES = {"ag_news": "fancyzhx/ag_news"}
WAYS_OUT = "ways out: a network, a local copy with --dataset PATH, or --dataset demo"


def hub_available(name: str, *, timeout: float = HUB_TIMEOUT) -> bool:
    """Whether ``name`` is in the local cache of ``datasets``, or the Hub has it and answers.

    Args:
        name: data set, "name" or "user/name".
        timeout: seconds that the Hub has to answer, looking up its address included.
    """
    name = OWNED_NAMES.get(name, name)
    return _cached_folder(name) is not None or _hub_status(name, timeout) == 200


def hub_rows(name: str, split: str = "train") -> Rows:
    """The rows of a split of a data set of the Hub, from the cache without asking the network.

    Raises:
        DataError: it is not cached and cannot be had.
    """
    owned = OWNED_NAMES.get(name, name)
    folder = _cached_folder(owned)
    if folder is not None:
        return _dataset_rows(name, lambda: _load_cached(owned, folder, split))
    status = _hub_status(owned, HUB_TIMEOUT)
    if status is None or status >= 500:  # asking `datasets` would take 24 s of retries
        why = "the Hub does not answer" if status is None else f"the Hub answers {status}"
        if _offline():
            why = "the environment says offline"
        raise DataError(f"{name!r} is no path, not cached, and {why}; {WAYS_OUT}")
    return _dataset_rows(name, lambda: _datasets().load_dataset(owned, split=split))


def hub_validation(name: str, names: Sequence[str]) -> tuple[Rows | None, str]:
    """The rows of the split with one of ``names``, and which one it is; ``None``: there is none.

    To be asked after the training rows: the data set is in the cache then.

    Raises:
        DataError: it cannot be loaded.
    """
    folder = _cached_folder(OWNED_NAMES.get(name, name))
    if folder is None:
        return None, ""
    stored = json.loads((folder / "dataset_info.json").read_text(encoding="utf-8"))
    found = [split for split in names if split in stored["splits"]]
    return (hub_rows(name, found[0]), found[0]) if found else (None, "")


def saved_rows(source: str, folder: Path) -> Rows:
    """The rows of a ``save_to_disk`` folder of one data set; ``source`` is what it is called.

    Raises:
        DataError: it cannot be loaded.
    """
    return _dataset_rows(source, lambda: _datasets().load_from_disk(str(folder)))


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


def _datasets() -> Any:
    """``datasets``, without progress bars and warnings; 1.3 s the first time."""
    import datasets
    import huggingface_hub.utils as hub

    for module in (datasets, hub):
        module.disable_progress_bars()
        module.logging.set_verbosity_error()
    return datasets


def _load_cached(name: str, folder: Path, split: str) -> "Dataset":
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
    return builder.as_dataset(split=split)


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
