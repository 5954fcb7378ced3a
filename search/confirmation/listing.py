"""The configurations that a study file lists, as steps that an ablation trains."""

from dataclasses import replace
from typing import NamedTuple

from search.confirmation.ends import ablation_definition, all_settings, completed
from search.definition.lookup import find_study, has_file
from search.definition.steps import AblationTable, Steps
from search.definition.tables import Definition
from search.errors import StudyError
from search.request import AblationRequest, Request
from search.storage.database import storage_url
from search.storage.home import StudyHome
from search.storage.reading import find_record


class Listing(NamedTuple):
    """A study whose listed configurations are meant.

    Attributes:
        request: that loads it.
        table: of its file; ``None``: there is no file, the study knows it.
    """

    request: Request
    table: AblationTable | None


def find_listing(asked: AblationRequest, latest: str | None) -> Listing | None:
    """The study whose listed configurations are meant; ``None``: a path is.

    Its file is enough: it need not have been run.

    Args:
        asked: what is asked for.
        latest: the study begun last, which is meant where none is named.

    Raises:
        StudyError: there is a file, which is wrong.
    """
    study = asked.study or latest
    if study is None or asked.start is not None or asked.goal is not None or asked.order:
        return None
    file = find_study(study) if has_file(study) else None
    home = StudyHome(name=file.name if file else study, url=storage_url(asked.storage))
    record = find_record(home)
    if record is not None and (record.binding is None or record.binding.definition.space):
        return None
    stored = record.binding.definition if record and record.binding else None
    if file is None:
        return Listing(asked.of_first(study), None) if stored else None
    if file.definition.space:
        return None
    # What options gave when the study was begun, a data set or epochs, is the study's.
    is_same = stored is not None and stored.enqueue == file.definition.enqueue
    request = asked.of_first(home.name if is_same else study)
    return Listing(replace(request, as_stored=is_same), file.definition.ablation)


def steps_of(
    definition: Definition, before: Definition | None, seeds: int
) -> tuple[Steps, Definition]:
    """The steps, and the definition of the study that trains them.

    Args:
        definition: of the study that lists them, settled.
        before: of the ablation's study, if it is there.
        seeds: of each configuration.

    Raises:
        StudyError: there is nothing to compare, or no training could tell what is claimed.
    """
    rows = completed([all_settings(row, definition) for row in definition.enqueue], before)
    if len(rows) < 2:
        raise StudyError("the study lists one configuration: there is no change to train")
    whole = Steps(rows=tuple(rows), seeds=seeds, table=definition.ablation)
    for row in range(1, len(rows)):
        if not whole.changes(row):
            raise StudyError(
                f"[[enqueue]] {row} and {whole.after(row)}, counted from 0, are the same "
                "configuration: there is no change to train"
            )
    try:
        whole.check_claims()
    except ValueError as error:
        raise StudyError(str(error)) from None
    made = ablation_definition(definition, whole.configurations, before)
    of_space = tuple({name: row[name] for name in made.space} for row in rows)
    return replace(whole, rows=of_space), made
