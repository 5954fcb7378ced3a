"""Tests keep their hands off the user's caches, and off the network."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

# Two tests run at a time: with two threads each, PyTorch's would wait for each other.
os.environ["OMP_NUM_THREADS"] = "1"

# SQLite waits for the disk some hundred times in a trial. Where there is memory for them, the
# tests' folders lie in it; what a process leaves there when it is killed is the same.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session", autouse=True)
def own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("hf")))
        yield
