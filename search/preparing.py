"""From what is asked for to a job: the study is found, its texts are loaded, all is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from data.corpus import Corpus, load_corpus
from data.errors import DataError, several
from data.preparation import Prepared
from search.definition.criteria import is_maximized
from search.definition.domain import Value
from search.definition.fitting import draft
from search.definition.lookup import (
    AUDIT,
    FINAL,
    FITTED,
    FoundStudy,
    find_study,
    is_shipped_or_written,
)
from search.definition.reading import define, read_configuration
from search.definition.settling import settle_data, settle_tokens
from search.definition.starts import Files, find_files, known_names, renamed, with_names
from search.definition.study_file import as_toml
from search.definition.tables import DataTable, Definition
from search.errors import StudyError
from search.findings.standing import storage_option
from search.findings.text import objective_text
from search.interrupts import interruptible
from search.job import Job
from search.request import Request
from search.storage.binding import Binding
from search.storage.database import storage_url
from search.storage.home import StudyHome, shown
from search.storage.reading import stored_tables
from search.storage.record import StudyRecord
from search.storage.studies import open_study
from search.trials.data_card import data_card
from search.trials.objective import Objective, check_precision, make_objective, prepare_for
from search.workers.placement import Placement
from search.workers.places import place
from search.workers.server import process_context


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What is asked for, its texts read and nothing trained.

    Attributes:
        found: the study, a draft only where there is none yet.
        had_no_file: whether its own file has to be written.
        home: of it.
        definition: of it, settled.
        corpus: its texts.
        vectors: files of word vectors, by their names in ``definition``.
        names: of these files, by the names that they are asked for by.
        queue: configurations to try next.
    """

    found: FoundStudy
    had_no_file: bool
    home: StudyHome
    definition: Definition
    corpus: Corpus
    vectors: Files
    names: Mapping[str, str]
    queue: tuple[dict[str, Value], ...]


def prepare_job(request: Request, say: Callable[[str], None] = lambda line: None) -> Job:
    """Check all that can be checked, then load the texts.

    Args:
        request: what is asked for.
        say: is told what takes long, before it begins.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
        UnavailableError: the database cannot be used.
    """
    if request.has_processes:
        process_context()  # their server imports what they need while this process reads
    asked = _read(request)
    home, corpus, definition, queue = asked.home, asked.corpus, asked.definition, asked.queue
    prepared: Prepared | None = None
    why: list[str] = []
    if asked.found.is_draft:
        say(f"a study is being fitted to {definition.data.dataset} and this machine ...")
        definition, prepared, why = _fitted(request, asked)
        queue = _queue(request, definition)
    binding = _binding(asked, definition)
    study = open_study(home, binding, extend=request.extend_space, create=False)
    placement = _placement(request)
    check_precision(definition, placement.devices[0])
    with interruptible():
        prepared = prepared or prepare_for(definition, corpus, asked.vectors)
        objective = make_objective(
            corpus, prepared, definition, home, trial_timeout=request.trial_timeout
        )
        card = data_card(definition, corpus, prepared)
    return Job(
        request=request,
        home=home,
        binding=binding,
        before=None if study is None else StudyRecord.of(study),
        queue=tuple(renamed(configuration, asked.names) for configuration in queue),
        objective=objective,
        prepared=prepared,
        placement=placement,
        notes=(*_notes(asked.found, objective, prepared, placement), *why),
        card=card,
        corpus=corpus,
        vectors=asked.vectors,
        file=as_toml(definition, why, _command(home)) if asked.had_no_file else asked.found.file,
    )


def _placement(request: Request) -> Placement:
    asked = place(request.gpus, jobs=request.jobs, per_gpu=request.per_gpu, ray=request.ray)
    return replace(asked, in_process=request.in_process)


def _read(request: Request) -> _Asked:
    """Find the study and read its texts."""
    url = storage_url(request.storage)
    found = _stored(request) if request.as_stored else _find(request, url)
    home = StudyHome(name=found.name, url=url)
    stored = stored_tables(home)
    had_no_file = found.is_draft and not request.as_stored
    if found.is_draft and stored is not None:
        found = replace(found, definition=_restored(request, stored, home.name), is_draft=False)
    queue = () if found.is_draft else _queue(request, found.definition)
    with interruptible():
        files = find_files(found.definition)
    data = settle_data(found.definition.data, stored)
    with interruptible():
        corpus = _load(data, found)
    names = known_names(files, stored)
    asked = with_names(found.definition.model_copy(update={"data": data}), names)
    return _Asked(
        found=found,
        had_no_file=had_no_file,
        home=home,
        definition=settle_tokens(asked, stored, corpus),
        corpus=corpus,
        vectors={names[name]: file for name, file in files.items()},
        names=names,
        queue=queue,
    )


def _fitted(request: Request, asked: _Asked) -> tuple[Definition, Prepared, list[str]]:
    """The study that fits the texts, the texts made ready, and why it is as it is."""
    from search.trials.fitted import fitted  # imports PyTorch, which takes a second

    definition, prepared, why = fitted(asked.definition, asked.corpus, request)
    if stored := stored_tables(asked.home):  # another run of the same command was faster
        return _restored(request, stored, asked.home.name), prepared, []
    return definition, prepared, why


def _binding(asked: _Asked, definition: Definition) -> Binding:
    fingerprints = {name: file.fingerprint for name, file in asked.vectors.items()}
    return Binding.of(definition, asked.corpus.fingerprint, fingerprints)


def _load(data: DataTable, found: FoundStudy) -> Corpus:
    """The texts; where the study was found by their name, an error says so."""
    try:
        return load_corpus(data.dataset, data.reading())
    except DataError as error:
        if not found.note or not found.file:
            raise
        hint = "if these are other texts, give them a study of their own with --name"
        raise DataError(f"{error}\n{found.note}; {hint}") from None


def _find(request: Request, url: str) -> FoundStudy:
    return find_study(
        request.study,
        request.dataset,
        name=request.name,
        options=request.options,
        folder_of=lambda name: StudyHome(name=name, url=url).folder,
        is_stored=lambda name: stored_tables(StudyHome(name=name, url=url)) is not None,
    )


def _stored(request: Request) -> FoundStudy:
    """The study that the database has by that name, whose definition is read from there."""
    assert request.study is not None
    return FoundStudy(name=request.study, definition=draft({}), is_draft=True)


def _command(home: StudyHome) -> str:
    """What runs the study by its own file."""
    by_path = is_shipped_or_written(home.name)
    study = shown(home.folder / FITTED) if by_path else home.name
    return f"python -m search.run --study {study}{storage_option(home)}"


def _queue(request: Request, definition: Definition) -> tuple[dict[str, Value], ...]:
    return tuple(read_configuration(text, definition) for text in request.enqueue)


def _restored(request: Request, stored: Mapping[str, Any], name: str) -> Definition:
    """The definition of a study that is there and whose file is gone, or never was."""
    tables = {part: stored[part] for part in Definition.model_fields if part in stored}
    if name.endswith(FINAL) and tables["search"].get("seeds") == "shared":
        study = name.removesuffix(FINAL)
        raise StudyError(f"{name} holds confirmations: python -m search.final --study {study}")
    if name.endswith(AUDIT) and tables["search"].get("seeds") == "given":
        study = name.removesuffix(AUDIT)
        raise StudyError(
            f"{name} holds finished pruned trials of {study}: to finish more of them, "
            f"python -m search.run --study {study} --audit-pruning K"
        )
    tables["data"] = {k: v for k, v in tables["data"].items() if k != "fingerprint"}
    options = {"dataset": request.dataset, **request.options}
    return define(tables, options, where=f"study {name}")


def _notes(
    found: FoundStudy, objective: Objective, prepared: Prepared, placement: Placement
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
