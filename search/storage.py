"""Opening and creating studies in a database; what does not belong together is refused."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.binding import is_same
from search.definition import PlaceError, StudyError

if TYPE_CHECKING:
    import optuna

DEFAULT_STORAGE = "sqlite:///studies/studies.db"
SQLITE = "sqlite:///"
WAIT = 60  # seconds to wait for another program's lock on an SQLite file


def storage_url(text: str) -> str:
    """``text`` as a database URL; a bare file name is an SQLite file.

    Raises:
        StudyError: it is no URL of a database that can be used here.
    """
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    url = text if "://" in text else SQLITE + text
    choices = f"{DEFAULT_STORAGE} (the default), a file's name, postgresql+psycopg://..."
    try:
        create_engine(url)
    except (ArgumentError, NoSuchModuleError):
        raise StudyError(f"--storage {text}: not a database; choose {choices}") from None
    except ImportError as error:
        raise StudyError(f"--storage {text}: its driver is missing ({error})") from None
    if sqlite_file(url):
        _check_sqlite_file(text, sqlite_file(url))
    return url


def sqlite_file(url: str) -> Path | None:
    """The file behind an SQLite URL."""
    return Path(url.removeprefix(SQLITE).split("?")[0]) if url.startswith(SQLITE) else None


def open_study(
    name: str, url: str, bound: dict[str, Any], *, extend: bool = False
) -> "optuna.Study":
    """Continue the study ``name``, or create it.

    Args:
        name: the study's.
        url: of its database.
        bound: what ``bind`` gives.
        extend: a wider space takes the place of the stored one.

    Raises:
        StudyError: it was begun with another definition or other data, or by another program,
            or the database cannot be used.
    """
    import optuna

    if (file := sqlite_file(url)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with storage_errors(url):
        storage = _make_storage(url)
        study = optuna.create_study(study_name=name, storage=storage, load_if_exists=True)
        stored = study.user_attrs.get("definition")
        if stored is None and not study.get_trials(deepcopy=False):
            study.set_user_attr("definition", bound)
            return study
    if stored is None:
        raise StudyError(
            f"the study {name} in {url} was made by another program; "
            f"give this one another name with --name, or another --storage"
        )
    if is_same(study, stored, bound, extend=extend):
        return study
    from search.extend import extend_study

    with storage_errors(url):
        extend_study(url, name, bound)
        return optuna.load_study(study_name=name, storage=_storage(url))


def check_study(
    name: str, url: str, bound: dict[str, Any], *, extend: bool = False
) -> "optuna.Study | None":
    """The study if it is there; raise what ``open_study`` would, without writing anything."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return None
    import optuna

    with storage_errors(url):
        storage = _make_storage(url)
        if name not in optuna.get_all_study_names(storage):
            return None
        study = optuna.load_study(study_name=name, storage=storage)
    stored = study.user_attrs.get("definition")
    if stored is not None:
        is_same(study, stored, bound, extend=extend)
    elif study.get_trials(deepcopy=False):
        open_study(name, url, bound)
    return study


def load_studies(url: str) -> "list[optuna.Study]":
    """All studies of a database, in the order they were begun.

    Raises:
        StudyError: there is none.
    """
    import optuna

    url = storage_url(url)
    with storage_errors(url):
        storage, names = _there(url)
        return [optuna.load_study(study_name=name, storage=storage) for name in names]


def load_study(name: str | None, url: str) -> "optuna.Study":
    """Open a study that is there: ``name``, or without one the study begun last.

    Raises:
        StudyError: there is no such study, or no study at all; the message lists what there is.
    """
    import optuna

    url = storage_url(url)
    with storage_errors(url):
        storage, names = _there(url)
        if name is not None and name not in names:
            raise StudyError(
                f"--study {name}: no such study in {url}; there are {', '.join(names)}"
            )
        study = optuna.load_study(study_name=name or names[-1], storage=storage)
        if len(study.directions) > 1:
            raise StudyError(f"the study {study.study_name} has several objectives; one is needed")
        return study


def _there(url: str) -> "tuple[optuna.storages.RDBStorage, list[str]]":
    """A database that is there, and the names of its studies, of which there is one at least."""
    if (file := sqlite_file(url)) is not None and not file.exists():
        raise StudyError(f"no studies yet: {file} does not exist; python -m search.run makes it")
    storage = _storage(url)
    names = [study.study_name for study in storage.get_all_studies()]
    if not names:
        raise StudyError(f"no studies yet in {url}; python -m search.run begins one")
    return storage, names


@contextmanager
def storage_errors(url: str) -> Iterator[None]:
    """The complaints of the database and of the file system, as one message for the user.

    Raises:
        PlaceError: instead of them.
    """
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
        file = sqlite_file(url)
        said = error.__cause__ or error
        cause = str(getattr(said, "orig", said)).strip().splitlines()[0]
        if file is not None and not file.exists():
            cause = f"the file {file} is gone"
        raise PlaceError(f"the database {url} cannot be used: {cause}") from error
    except OSError as error:
        raise PlaceError(f"{error.filename or 'a file'}: {error.strerror or error}") from error


def _make_storage(url: str) -> "optuna.storages.RDBStorage":
    """The database, whose tables are made where there are none; two runs may begin at once."""
    from search.lock import study_lock

    with study_lock(url, "tables"):
        return _storage(url)


def _storage(url: str) -> "optuna.storages.RDBStorage":
    import optuna

    wait = sqlite_file(url) is not None and "timeout=" not in url
    options = {"connect_args": {"timeout": WAIT}} if wait else {}
    try:
        return optuna.storages.RDBStorage(url, engine_kwargs=options)
    except RuntimeError as error:  # made by another version of Optuna
        raise StudyError(f"--storage {url}: {error}") from None


def _check_sqlite_file(given: str, file: Path | None) -> None:
    """Refuse, before anything is written, a file that is no database or cannot be written."""
    assert file is not None
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
