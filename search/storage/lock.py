"""One at a time: what several runs on one study must not do at once, such as taking a trial."""

import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from search.storage.urls import sqlite_file


@contextmanager
def study_lock(url: str, name: str) -> Iterator[None]:
    """Hold the lock of the study ``name`` in ``url``; a killed holder lets go of it.

    PostgreSQL has locks of its own, which hold between machines too. SQLite gets a file beside
    the database, and any other database one for this machine.
    """
    if url.startswith("postgresql"):
        with _postgresql_lock(url, name):
            yield
        return
    file = sqlite_file(url)
    beside = file.absolute() if file else Path(tempfile.gettempdir(), "recurrent-search")
    with FileLock(f"{beside}.{name}.lock"):
        yield


@contextmanager
def _postgresql_lock(url: str, name: str) -> Iterator[None]:
    """``pg_advisory_xact_lock``: let go of at the end of the transaction, however it ends."""
    from sqlalchemy import NullPool, create_engine, text  # 0.2 s, for this database alone

    key = zlib.crc32(f"recurrent-search {name}".encode())
    with create_engine(url, poolclass=NullPool).begin() as connected:
        connected.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
        yield
