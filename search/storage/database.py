"""Opening databases: what ``--storage`` may name, and their complaints as one message."""

import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.storages import RDBStorage
from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from search.errors import StudyError, UnavailableError
from search.storage.heartbeat import BEAT, GRACE
from search.storage.lock import study_lock
from search.storage.urls import DEFAULT_STORAGE, as_url, sqlite_file, without_password

WAIT = 60  # seconds to wait for another program's lock on an SQLite file


def storage_url(text: str) -> str:
    """``text`` as a database URL; a bare file name is an SQLite file.

    Raises:
        StudyError: it is no URL of a database that can be used here.
    """
    if "://" not in text and "?" in text:
        raise StudyError(f"--storage {text}: a database's name cannot hold '?'; rename it")
    url = as_url(text)
    choices = f"{DEFAULT_STORAGE} (the default), a file's name, postgresql+psycopg://..."
    try:
        create_engine(url)
    except (ArgumentError, NoSuchModuleError, ValueError):  # the last: a port that is none
        raise StudyError(
            f"--storage {without_password(text)}: not a database; choose {choices}"
        ) from None
    except ImportError as error:
        raise StudyError(
            f"--storage {without_password(text)}: its driver is missing ({error})"
        ) from None
    if (file := sqlite_file(url)) is not None:
        _check_sqlite_file(text, file)
    return url


@contextmanager
def storage_errors(url: str) -> Iterator[None]:
    """The complaints of the database and of the file system, as one message for the user.

    Raises:
        UnavailableError: instead of them.
    """
    try:
        yield
    except (SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
        file = sqlite_file(url)
        said = error.__cause__ or error
        cause = str(getattr(said, "orig", said)).strip().splitlines()[0]
        if file is not None and not file.exists():
            cause = f"the file {file} is gone"
        raise UnavailableError(
            f"the database {without_password(url)} cannot be used: {cause}"
        ) from error
    except OSError as error:
        name = error.filename or "a file"
        raise UnavailableError(f"{name}: {error.strerror or error}") from error


def open_database(url: str) -> RDBStorage:
    """The database at ``url``, which is there."""
    is_file = sqlite_file(url) is not None
    wait = is_file and "timeout=" not in url
    options = {"connect_args": {"timeout": WAIT}} if wait else {}
    # A file has one host's processes, which are known to be alive or not.
    beat, grace = (None, None) if is_file else (BEAT, GRACE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            return RDBStorage(
                url, engine_kwargs=options, heartbeat_interval=beat, grace_period=grace
            )
    except RuntimeError as error:  # made by another version of Optuna
        raise StudyError(f"--storage {without_password(url)}: {error}") from None


def make_database(url: str) -> RDBStorage:
    """The database, whose tables are made where there are none; two runs may begin at once."""
    if (file := sqlite_file(url)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with study_lock(url, "tables"):
        return open_database(url)


def is_missing(url: str) -> bool:
    """Whether there is surely no database: no file of that name."""
    file = sqlite_file(url)
    return file is not None and not file.exists()


def _check_sqlite_file(given: str, file: Path) -> None:
    """Refuse, before anything is written, a file that is no database or cannot be written."""
    if file.is_dir():
        raise StudyError(f"--storage {given}: is a folder; name a file in it")
    if not file.exists():
        parent = next(folder for folder in file.absolute().parents if folder.exists())
        try:
            tempfile.TemporaryFile(dir=parent).close()
        except OSError as error:
            raise StudyError(f"--storage {given}: cannot be written: {error.strerror}") from None
        return
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)
        with connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise StudyError(f"--storage {given}: cannot be written: {error}") from None
    except sqlite3.DatabaseError as error:
        raise StudyError(f"--storage {given}: not an SQLite database: {error}") from None
    else:
        if tables and "version_info" not in tables:
            raise StudyError(f"--storage {given}: an SQLite database, but not one of Optuna's")
