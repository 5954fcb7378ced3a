"""Opening studies, and the one decision whether a study may be gone on with."""

import re
from enum import Enum
from typing import Literal, overload

import optuna
from optuna.distributions import CategoricalDistribution
from optuna.study import StudyDirection

from search.definition.criteria import is_maximized
from search.definition.space import distributions
from search.definition.widening import check_widening, has_new_choices
from search.errors import StudyError
from search.storage.binding import (
    NOT_SET,
    TEXTS,
    TRAINER,
    VECTORS,
    Binding,
    Difference,
    difference,
)
from search.storage.database import (
    is_missing,
    make_database,
    open_database,
    storage_errors,
)
from search.storage.home import StudyHome
from search.storage.inside_optuna import replace_choices
from search.storage.marks import store_binding
from search.storage.record import DEFINITION, StudyRecord
from search.storage.urls import without_password


class Match(Enum):
    """How a stored study stands to what is asked for, where it is not refused."""

    NEW = "nothing is stored with it yet"
    SAME = "it is what is asked for"
    WIDER = "what is asked for is wider, and may be"


@overload
def open_study(home: StudyHome, asked: Binding, *, extend: bool = ...) -> optuna.Study: ...
@overload
def open_study(
    home: StudyHome, asked: Binding, *, extend: bool = ..., create: Literal[False]
) -> optuna.Study | None: ...
def open_study(
    home: StudyHome, asked: Binding, *, extend: bool = False, create: bool = True
) -> optuna.Study | None:
    """Continue a study, or create it.

    Args:
        home: of the study.
        asked: what it must be bound to.
        extend: a wider space takes the place of the stored one.
        create: with ``False`` nothing is written to a study: it is returned as it is, and
            ``None`` where it is not there; what would be refused is refused all the same.

    Raises:
        StudyError: it was begun with another definition or other data, or by another program.
        UnavailableError: the database cannot be used.
    """
    if not create and is_missing(home.url):
        return None
    with storage_errors(home.url):
        database = make_database(home.url)
        if not create and home.name not in optuna.get_all_study_names(database):
            return None
        study = optuna.create_study(
            study_name=home.name,
            storage=database,
            load_if_exists=True,
            direction=direction(asked),
        )
        match = decide(StudyRecord.of(study), asked, extend=extend, url=home.url)
        if create and match == Match.NEW:
            store_binding(study, asked)
        elif create and match == Match.WIDER:
            _widen(study, home, asked)
            study = optuna.load_study(study_name=home.name, storage=open_database(home.url))
        return study


def direction(binding: Binding) -> StudyDirection:
    """Which values of a study are better."""
    more = is_maximized(binding.objective)
    return StudyDirection.MAXIMIZE if more else StudyDirection.MINIMIZE


def decide(record: StudyRecord, asked: Binding, *, extend: bool, url: str) -> Match:
    """Whether the study that is stored is the one that is asked for.

    Args:
        record: of the stored study.
        asked: what it must be bound to.
        extend: a wider space will do.
        url: of its database, for the message.

    Raises:
        StudyError: it is another one; the message lists the differences and the ways out.
    """
    if record.binding is None:
        if not record.frozen and record.directions == (direction(asked),):
            return Match.NEW
        raise StudyError(
            f"the study {record.name} in {without_password(url)} was made by another program; "
            f"give this one another name with --name, or another --storage"
        )
    differences = difference(record.binding, asked)
    if not differences:
        return Match.SAME
    if (older := next((d for d in differences if d.key == TRAINER), None)) is not None:
        raise StudyError(_other_trainer(record.name, older))
    for found in differences:
        if found.key.startswith(VECTORS) and NOT_SET not in found:
            raise StudyError(
                f"the word vectors of {found.key.removeprefix(VECTORS)} are not those that the "
                f"study {record.name} was begun with: the file changed\n"
                f"put it back, or begin another study: add --name {record.name}-2"
            )
    differences = [found for found in differences if not found.key.startswith(VECTORS)]
    if not record.frozen and all(found.key == "enqueue" for found in differences):
        return Match.NEW  # nothing was trained of what it listed before
    if extend and all(found.key.startswith(("space.", "fixed.")) for found in differences):
        if record.alive:
            number = record.alive[0].number
            raise StudyError(f"--extend-space: trial {number} is running; stop that run first")
        check_widening(record.binding.definition, asked.definition)
        return Match.WIDER
    if any(found.key == TEXTS for found in differences):
        raise StudyError(_other_texts(record.name, record.binding, asked))
    lines = [f"  {found.key}: {found.stored} -> {found.asked}" for found in differences]
    raise StudyError(
        f"the study {record.name} was begun with other settings (stored -> asked for):\n"
        + "\n".join(lines)
        + "\nrun it with the stored ones, begin another with --name, use another --storage,"
        + "\nor, where [space] only became wider, add --extend-space"
    )


def _other_texts(name: str, stored: Binding, asked: Binding) -> str:
    """That the study is of other texts, which ones, and what to add to the command."""
    before, now = (binding.table["data"]["dataset"] for binding in (stored, asked))
    if before == now:
        return (
            f"the texts of {now} are not those that the study {name} was begun with: they "
            f"changed, or are read otherwise\nto search these, add --name {name}-2"
        )
    parts = [part for part in re.split(r"[^A-Za-z0-9_-]+", str(now)) if part]
    usual = {"csv", "tsv", "json", "jsonl", "parquet", "txt", "gz", "train", "data", name}
    own = next((part for part in reversed(parts) if part.lower() not in usual), "2")
    return (
        f"the study {name} was begun with the texts of {before}, and those of {now} are others\n"
        f"to search these, add --name {name}-{own}"
    )


def _other_trainer(name: str, versions: Difference) -> str:
    """That the study's numbers and today's could not be compared."""
    return (
        f"the study {name} was begun by version {versions.stored} of the trainer, this is version "
        f"{versions.asked}: the same settings give other numbers now\n"
        f"it stays as it is, for search.status and search.report; to search anew, "
        f"add --name {name}-{versions.asked}"
    )


def _widen(study: optuna.Study, home: StudyHome, asked: Binding) -> None:
    """Put ``asked`` in the place of the stored binding; Optuna refuses new choices alone."""
    stored = StudyRecord.of(study).binding
    assert stored is not None
    if has_new_choices(stored.definition, asked.definition):
        of_now = distributions(asked.definition)
        kinds = {k: v for k, v in of_now.items() if isinstance(v, CategoricalDistribution)}
        replace_choices(home.url, home.name, kinds, attribute=(DEFINITION, asked.table))
    else:
        store_binding(study, asked)
