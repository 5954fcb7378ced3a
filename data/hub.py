"""Data sets of the Hugging Face Hub, from its cache or the network; and saved ones.

The only place that knows ``datasets`` and ``huggingface_hub``. Both read the environment when
imported and cost 1.3 s and 0.1 s, so functions import them.
"""

import json
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from data.errors import DataError
from data.rows import Rows

if TYPE_CHECKING:
    from datasets import Dataset, DatasetBuilder

HUB_TIMEOUT = 5.0  # seconds
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
    return _cached(name) is not None or _hub_status(name, timeout) == 200


def hub_rows(name: str, split: str = "train") -> Rows:
    """The rows of a split of a data set of the Hub, from the cache without asking the network.

    Raises:
        DataError: it is not cached and cannot be had.
    """
    owned = OWNED_NAMES.get(name, name)
    cached = _cached(owned)
    if cached is not None:
        return _dataset_rows(name, lambda: cached.as_dataset(split=split))
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
    splits = hub_splits(name) or ()
    found = [split for split in names if split in splits]
    return (hub_rows(name, found[0]), found[0]) if found else (None, "")


def hub_splits(name: str) -> tuple[str, ...] | None:
    """The splits of a data set of the Hub; ``None``: it is not in the cache. None is opened."""
    cached = _cached(OWNED_NAMES.get(name, name))
    return None if cached is None else tuple(cached.info.splits or ())


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

    for module in (datasets, _huggingface_hub().utils):
        module.disable_progress_bars()
        module.logging.set_verbosity_error()
    return datasets


def _huggingface_hub() -> Any:
    """``huggingface_hub``; it reads the environment when it is imported, 0.1 s the first time."""
    import huggingface_hub.constants

    return huggingface_hub


def _cached(name: str) -> "DatasetBuilder | None":
    """What ``datasets`` itself loads of ``name`` offline; ``None``: nothing, or it would guess."""
    if not _may_be_cached(name):
        return None
    datasets = _datasets()
    # As HF_HUB_OFFLINE=1, which is read on import only and would bind whatever is loaded later.
    usual, datasets.config.HF_HUB_OFFLINE = datasets.config.HF_HUB_OFFLINE, True
    try:
        # With "hf://" a folder of that name in the working directory is not taken for it.
        builder: DatasetBuilder = datasets.load_dataset_builder(f"hf://datasets/{name}")
        # Of configurations loaded at two revisions `datasets` takes the later one without a word.
        infos = Path(builder.cache_dir).parents[2].glob("*/*/*/dataset_info.json")
        names = {json.loads(info.read_text(encoding="utf-8"))["config_name"] for info in infos}
    except Exception:  # not cached, or a copy is not whole: then the Hub is asked
        return None
    finally:
        datasets.config.HF_HUB_OFFLINE = usual
    return builder if len(names) == 1 and "train" in (builder.info.splits or {}) else None


def _may_be_cached(name: str) -> bool:
    """Whether anything of the same owner is cached; where not, ``datasets`` is not imported.

    ``datasets`` has no public way to ask, and its folders' names begin with the owner's.
    """
    home = _huggingface_hub().constants.HF_HOME
    cache = Path(os.environ.get("HF_DATASETS_CACHE", f"{home}/datasets"))
    owner = name.rpartition("/")[0]
    return any(path.name.startswith(owner) for path in cache.expanduser().glob("*"))


def _offline() -> bool:
    """Whether a documented variable says so now, also where the libraries are imported already."""
    yes = _huggingface_hub().constants.ENV_VARS_TRUE_VALUES
    names = ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE")
    return any(os.environ.get(name, "").upper() in yes for name in names)


def _hub_status(name: str, timeout: float) -> int | None:
    """The Hub's answer to "is there ``name``?"; ``None``: none within ``timeout`` seconds."""
    if _offline():
        return None
    # `HfApi.dataset_info` would first fetch a list of programs to name in its request: up to 3 s.
    hub = _huggingface_hub()
    url = f"{hub.constants.ENDPOINT}/api/datasets/{quote(name)}"
    answers: list[int] = []

    def ask() -> None:
        with suppress(Exception):  # whatever fails is no answer
            response = hub.get_session().get(url, timeout=timeout)
            if response.status_code == 200:
                response.json()  # a hotel's log-in page is no answer
            answers.append(response.status_code)

    # The client's timeout does not bound looking up the address: a thread's join does.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(timeout)
    return answers[0] if answers else None
