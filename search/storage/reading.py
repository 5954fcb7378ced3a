"""Reading the studies that a database has; nothing is written."""

from typing import Any

import optuna

from search.definition.lookup import begun_last
from search.errors import StudyError
from search.storage.database import (
    is_missing,
    make_database,
    open_database,
    storage_errors,
    storage_url,
)
from search.storage.home import StudyHome
from search.storage.record import StudyRecord
from search.storage.urls import without_password


def stored_tables(home: StudyHome) -> dict[str, Any] | None:
    """What the study is bound to, if it is there and this program's; nothing is written.

    Raises:
        UnavailableError: the database cannot be used.
    """
    record = find_record(home)
    return None if record is None or record.binding is None else record.binding.table


def find_record(home: StudyHome) -> StudyRecord | None:
    """What the database has of a study, if it is there; nothing is written.

    Raises:
        UnavailableError: the database cannot be used.
    """
    if is_missing(home.url):
        return None
    with storage_errors(home.url):
        database = make_database(home.url)
        if home.name not in optuna.get_all_study_names(database):
            return None
        return StudyRecord.of(optuna.load_study(study_name=home.name, storage=database))


def load_studies(url: str) -> list[StudyRecord]:
    """All studies of a database, in the order they were begun.

    Raises:
        StudyError: there is none.
        UnavailableError: the database cannot be used.
    """
    url = storage_url(url)
    with storage_errors(url):
        database, names = _there(url)
        return [StudyRecord.of(optuna.load_study(study_name=n, storage=database)) for n in names]


def load_study(
    name: str | None, url: str, *, option: str = "--study"
) -> tuple[StudyHome, StudyRecord]:
    """A study that is there: ``name``, or without one the study begun last.

    Args:
        name: of the study.
        url: of its database.
        option: that named it, for the message.

    Raises:
        StudyError: there is no such study, or no study at all; the message lists what there is.
        UnavailableError: the database cannot be used.
    """
    url = storage_url(url)
    with storage_errors(url):
        database, names = _there(url)
        if name is not None and name not in names:
            raise StudyError(
                f"{option} {name}: no such study in {without_password(url)}; there are "
                f"{', '.join(names)}"
            )
        study = optuna.load_study(study_name=name or begun_last(names), storage=database)
        if len(study.directions) > 1:
            raise StudyError(f"the study {study.study_name} has several objectives; one is needed")
        return StudyHome(name=study.study_name, url=url), StudyRecord.of(study)


def _there(url: str) -> tuple[optuna.storages.RDBStorage, list[str]]:
    """A database that is there, and the names of its studies, of which there is one at least."""
    if is_missing(url):
        file = url.removeprefix("sqlite:///")
        raise StudyError(f"no studies yet: {file} does not exist; python -m search.run makes it")
    database = open_database(url)
    names = [study.study_name for study in database.get_all_studies()]
    if not names:
        raise StudyError(
            f"no studies yet in {without_password(url)}; python -m search.run begins one"
        )
    return database, names
