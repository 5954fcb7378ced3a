"""The configurations that a study file lists, as steps that an ablation trains."""

from dataclasses import replace

from data.errors import listed
from search.confirmation.ends import ablation_definition, all_settings, completed
from search.definition.lookup import find_study, has_file
from search.definition.steps import Steps
from search.definition.tables import Definition
from search.errors import StudyError
from search.request import AblationRequest, Request
from search.storage.database import storage_url
from search.storage.home import StudyHome
from search.storage.reading import find_record


def request_of_listed(asked: AblationRequest, name: str | None) -> Request | None:
    """What loads the study whose listed configurations are meant; ``None``: a path is.

    Its file is enough: it need not have been run.

    Args:
        asked: what is asked for.
        name: of the study begun last, which is meant where none is named.
    """
    study = asked.study or name
    if study is None or asked.start is not None or asked.goal is not None or asked.order:
        return None
    record = None
    if not study.endswith(".toml"):
        record = find_record(StudyHome(name=study, url=storage_url(asked.storage)))
    if record is not None and (record.binding is None or record.binding.definition.space):
        return None
    if has_file(study):
        has_space = bool(find_study(study).definition.space)
        return None if has_space else replace(asked.of_first(study), as_stored=False)
    return asked.of_first(study) if record is not None else None


def steps_of(
    definition: Definition, before: Definition | None, seeds: int
) -> tuple[Steps, Definition]:
    """The steps, and the definition of the study that trains them.

    Args:
        definition: of the study that lists them, settled.
        before: of the ablation's study, if it is there.
        seeds: of each configuration.

    Raises:
        StudyError: there is nothing to compare, or a claim is about what does not change.
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
    changed = {name for row in range(1, len(rows)) for name in whole.changes(row)}
    for claim in definition.ablation.claims:
        for name in (claim.of, claim.most, claim.no_gain):
            if name is not None and name not in changed:
                raise StudyError(
                    f"[ablation] claim {claim.says!r}: {name}: what changes is "
                    f"{listed(sorted(changed))}"
                )
    made = ablation_definition(definition, whole.configurations, before)
    of_space = tuple({name: row[name] for name in made.space} for row in rows)
    return replace(whole, rows=of_space), made
