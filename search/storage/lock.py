"""One at a time: what several runs on one study must not do at once, such as taking a trial."""

import errno
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from search.errors import UnavailableError
from search.interrupts import check_interrupt, interruptible
from search.storage.urls import sqlite_file

if TYPE_CHECKING:
    from sqlalchemy import Engine

NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP)
POLL = 0.05  # seconds between two tries for a lock of PostgreSQL's
PATIENCE = 300  # seconds; the longest that a lock is held is a proposal, or a classifier's writing


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
    lock = Path(f"{beside}.{name}.lock")
    held = FileLock(lock, timeout=PATIENCE)
    try:
        with interruptible():
            held.acquire()
    except Timeout:
        message = f"{lock}: another program has held this lock for {PATIENCE} s"
        raise UnavailableError(message) from None
    except OSError as error:
        advice = "; name a --storage on a disk with locks" if error.errno in NO_LOCKS else ""
        raise UnavailableError(f"{lock}: {error.strerror}{advice}") from None
    try:
        yield
    finally:
        held.release()


@contextmanager
def _postgresql_lock(url: str, name: str) -> Iterator[None]:
    """An advisory lock: let go of at the end of the transaction, however that ends."""
    key = zlib.crc32(f"recurrent-search {name}".encode())
    take = f"SELECT pg_try_advisory_xact_lock({key})"
    with _connections(url).begin() as connected:
        # Asked again and again, since a Ctrl-C may come.
        while not connected.exec_driver_sql(take).scalar_one():
            check_interrupt()
            time.sleep(POLL)
        yield


@cache
def _connections(url: str) -> "Engine":
    """Those for locks, which are kept: to make one takes as long as a proposal."""
    from sqlalchemy import create_engine  # 0.2 s, for this database alone

    return create_engine(url, pool_pre_ping=True)
