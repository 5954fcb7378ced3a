"""The Hub: loaded over HTTP, then from the cache; what cannot be had is known quickly."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.corpus import DataError, load_corpus
from data.hub import hub_available
from tests.data.hub_server import serve

ROOT = Path(__file__).parents[2]
LOAD = (
    "from data.corpus import Reading, load_corpus\n"
    "from data.hub import hub_available\n"
    "assert hub_available('ag_news')\n"
    "corpus = load_corpus('ag_news')\n"
    "assert corpus.texts == [f'text {i}' for i in range(8)]\n"
    "assert corpus.class_names == ('World', 'Sports')\n"
    "assert corpus.validation is None\n"
    "own = load_corpus('ag_news', Reading(own_validation=True))\n"
    "assert own.texts == corpus.texts * 2\n"
    "assert own.validation.tolist() == [False] * 8 + [True] * 8\n"
    "assert own.facts.validation == \"the split 'validation' of ag_news\"\n"
)


@pytest.mark.slow
def test_a_data_set_is_loaded_from_the_hub_and_then_from_the_cache(tmp_path: Path) -> None:
    """In processes of their own: the Hub's libraries read their addresses when imported."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    environment |= {"HF_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with serve() as address:
        environment["HF_ENDPOINT"] = address
        subprocess.run([sys.executable, "-c", LOAD], check=True, env=environment, timeout=60)
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", LOAD], check=True, env=environment, timeout=60)
    assert time.monotonic() - start < 20, "the libraries' own retries take longer"


def test_a_hub_that_does_not_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        start = time.monotonic()
        assert not hub_available("ag_news", timeout=0.5)
        assert time.monotonic() - start < 3


@pytest.mark.parametrize("offline", ["1", ""])
def test_a_name_that_cannot_be_had_names_the_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offline: str
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", offline)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(DataError, match=r"^'ag_news' is no path, not cached.* --dataset PATH"):
        load_corpus("ag_news")
