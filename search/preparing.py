"""From what is asked for to a job: the study is found, its texts are loaded, all is checked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data.corpus import load_corpus
from data.errors import several
from search.definition.criteria import is_maximized
from search.definition.domain import Value
from search.definition.fitting import as_toml
from search.definition.lookup import FoundStudy, find_study
from search.definition.reading import define, read_configuration
from search.definition.settling import settle_data, settle_tokens
from search.definition.starts import find_files, known_names, renamed, with_names
from search.definition.tables import Definition
from search.findings.text import objective_text
from search.interrupts import interruptible
from search.job import Job
from search.request import Request
from search.storage.binding import Binding
from search.storage.database import storage_url
from search.storage.home import StudyHome
from search.storage.record import StudyRecord
from search.storage.studies import open_study, stored_tables

if TYPE_CHECKING:  # these import torch, which takes a second: see ``prepare_job``
    from data.preparation import Prepared
    from search.trials.objective import Objective
    from search.workers.placement import Placement


def prepare_job(request: Request) -> Job:
    """Check all that can be checked, then load the texts.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
        UnavailableError: the database cannot be used.
    """
    url = storage_url(request.storage)
    found = _find(request, url)
    home = StudyHome(name=found.name, url=url)
    stored = stored_tables(home)
    had_no_file = found.is_draft
    if found.is_draft and stored is not None:
        found = replace(found, definition=_restored(request, stored, home.name), is_draft=False)
    queue = () if found.is_draft else _queue(request, found.definition)
    with interruptible():
        files = find_files(found.definition)
    data = settle_data(found.definition.data, stored)
    with interruptible():
        corpus = load_corpus(data.dataset, data.reading())
    names = known_names(files, stored)
    asked = with_names(found.definition.model_copy(update={"data": data}), names)
    definition = settle_tokens(asked, stored, corpus)
    prepared: Prepared | None = None
    why: list[str] = []
    if found.is_draft:
        from search.trials.fitted import fitted  # imports torch: see below

        definition, prepared, why = fitted(definition, corpus, request)
        queue = _queue(request, definition)
    vectors = {names[name]: file for name, file in files.items()}
    fingerprints = {name: file.fingerprint for name, file in vectors.items()}
    binding = Binding.of(definition, corpus.fingerprint, fingerprints)
    study = open_study(home, binding, extend=request.extend_space, create=False)

    # These import torch, which takes a second: what is wrong above is said before.
    from search.trials.data_card import data_card
    from search.trials.objective import check_precision, make_objective, prepare_for
    from search.workers.placement import place

    placement = place(request.gpus, jobs=request.jobs, per_gpu=request.per_gpu)
    check_precision(definition, placement.devices[0])
    with interruptible():
        prepared = prepared or prepare_for(definition, corpus, vectors)
        objective = make_objective(
            corpus, prepared, definition, home, trial_timeout=request.trial_timeout
        )
        card = data_card(definition, corpus, prepared)
    return Job(
        request=request,
        home=home,
        binding=binding,
        before=None if study is None else StudyRecord.of(study),
        queue=tuple(renamed(configuration, names) for configuration in queue),
        objective=objective,
        prepared=prepared,
        placement=placement,
        notes=(*_notes(found, objective, prepared, placement), *why),
        card=card,
        file=found.file or (as_toml(definition, why, home.name) if had_no_file else ""),
    )


def _find(request: Request, url: str) -> FoundStudy:
    return find_study(
        request.study,
        request.dataset,
        name=request.name,
        options=request.options,
        folder_of=lambda name: StudyHome(name=name, url=url).folder,
    )


def _queue(request: Request, definition: Definition) -> tuple[dict[str, Value], ...]:
    return tuple(read_configuration(text, definition) for text in request.enqueue)


def _restored(request: Request, stored: Mapping[str, Any], name: str) -> Definition:
    """The definition of a study that is there and whose file is gone, or never was."""
    tables = {part: stored[part] for part in Definition.model_fields}
    tables["data"] = {k: v for k, v in tables["data"].items() if k != "fingerprint"}
    options = {"dataset": request.dataset, **request.options}
    return define(tables, options, where=f"study {name}")


def _notes(
    found: FoundStudy, objective: "Objective", prepared: "Prepared", placement: "Placement"
) -> tuple[str, ...]:
    """How the study was found, where it trains, on what, and for what it is searched."""
    name = objective.definition.search.objective
    about = (
        f"study {found.name}: {len(prepared.train):,} training and "
        f"{several(len(prepared.validation), 'validation text')} of {len(prepared.class_names)} "
        f"classes, {several(prepared.vocabulary.size() - 4, 'word')}; {placement.name}"
    )
    aim = ""
    if is_maximized(name):
        aim = f"searched for the highest {objective_text(name)}"
    return tuple(note for note in (found.note, placement.note, about, aim) if note)
