"""The Hub: a data set that is neither cached nor to be had is known quickly, and said."""

import socket
import time
from pathlib import Path

import pytest

from data.corpus import DataError, load_corpus
from data.hub import hub_available


@pytest.fixture
def silent_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A server that takes connections and never answers."""
    server = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setenv("HF_ENDPOINT", address)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr("tests.data.test_hub.keep", server, raising=False)
    return address


def test_a_hub_that_does_not_answer_is_given_up(silent_hub: str) -> None:
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
    with pytest.raises(DataError, match=r"'ag_news' is no path, not cached.* --dataset PATH"):
        load_corpus("ag_news")
