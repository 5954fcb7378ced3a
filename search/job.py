"""From what is asked for to a search that can run: definition, texts, home, places to train."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.corpus import Corpus, load_corpus
from data.errors import several
from search.definition.criteria import is_maximized
from search.definition.domain import Value
from search.definition.lookup import FoundStudy, find_study
from search.definition.reading import Options, read_configuration
from search.definition.settling import settle_data, settle_tokens
from search.definition.starts import find_files, known_names, renamed, with_names
from search.definition.tables import Definition
from search.findings.text import objective_text
from search.interrupts import interruptible
from search.request import Request
from search.storage.attributes import DataCard
from search.storage.binding import Binding
from search.storage.database import storage_url
from search.storage.home import StudyHome
from search.storage.marks import identify, store_card
from search.storage.record import StudyRecord, TrialRecord
from search.storage.studies import open_study, stored_tables
from search.trials.limits import Limits

if TYPE_CHECKING:  # these import torch, which takes a second: see ``prepare_job``
    import optuna

    from data.preparation import Prepared
    from model.epoch import Epoch
    from search.trials.objective import Objective
    from search.trials.plan import Plan
    from search.trials.watcher import Watcher
    from search.workers.placement import Placement

DEFAULT_TRIALS = 50


@dataclass(frozen=True, kw_only=True)
class Job:
    """All that a search needs, checked and loaded; nothing is written yet.

    Attributes:
        request: what was asked for.
        home: of the study.
        binding: what the study is bound to.
        before: the study as it was found, if it was there.
        queue: configurations to try next.
        objective: what all trials have in common.
        prepared: the texts.
        placement: where trials train.
        notes: lines to tell the user first.
        card: what was read.
    """

    request: Request
    home: StudyHome
    binding: Binding
    before: StudyRecord | None
    queue: tuple[dict[str, Value], ...]
    objective: "Objective"
    prepared: "Prepared"
    placement: "Placement"
    notes: tuple[str, ...]
    card: DataCard

    def open(self) -> "tuple[optuna.Study, str]":
        """The study, created or widened where that is asked for, and a note for the user."""
        with self.home.lock():
            study = open_study(self.home, self.binding, extend=self.request.extend_space)
            for configuration in self.queue:
                study.enqueue_trial(configuration, skip_if_exists=True)
            store_card(study, self.card)
            return study, self.home.move_in(identify(study))

    def plan(self) -> "Plan":
        """What the search will cost, measured here."""
        from search.trials.plan import make_plan  # imports torch: see ``prepare_job``

        device = self.placement.devices[0]
        with interruptible(), self.placement.threads_of_one():
            return make_plan(self.objective.definition, self.prepared.to(device), device)

    def limits(self, plan: "Plan | None", *, since: float) -> Limits:
        """How far the search goes.

        Args:
            plan: what it costs, where hours are asked for.
            since: when the hours began, on the monotonic clock.

        Raises:
            StudyError: not even one trial fits the hours.
        """
        asked, definition = self.request, self.objective.definition
        total = asked.trials or (DEFAULT_TRIALS if asked.hours is None else sys.maxsize)
        limits = Limits(
            trials=definition.limit(total),
            timeout=asked.timeout,
            failures=asked.max_failures,
            take_over=asked.take_over,
        )
        if plan is None or asked.hours is None:
            return limits
        return plan.within(
            limits, hours=asked.hours, since=since, jobs=self.placement.jobs, done=self.finished
        )

    def lost_best(self, study: "optuna.Study") -> TrialRecord | None:
        """The best trial, if there is one and its classifier is not where it should be."""
        record = StudyRecord.of(study)
        return None if self.home.has_best(record.identity) else record.best

    def rebuild_best(self, best: TrialRecord) -> "Epoch":
        """Train the best trial again, from its own seed, and keep its classifier."""
        from search.trials.rebuilding import rebuild_best  # imports torch: see ``prepare_job``

        device = self.placement.devices[0]
        with self.placement.threads_of_one():
            return rebuild_best(self.objective, self.prepared.to(device), best)

    @property
    def finished(self) -> int:
        """Trials that were finished before this run."""
        return len(self.before.finished) if self.before else 0

    def run(self, study: "optuna.Study", limits: Limits, watcher: "Watcher") -> None:
        """Search until the study has its total of finished trials.

        Raises:
            SearchFailedError: trials fail again and again.
            UnavailableError: a disk or the database cannot be used.
        """
        from search.trials.loop import Search  # imports torch: see ``prepare_job``

        search = Search(study, self.objective, limits=limits, watcher=watcher)
        with self.placement.workers(self.prepared, self.objective.snapshots) as workers:
            search.run(workers)


def prepare_job(request: Request) -> Job:
    """Check all that can be checked, then load the texts.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
        UnavailableError: the database cannot be used.
    """
    found = find_study(request.study, request.dataset, name=request.name, options=request.options)
    queued = [read_configuration(text, found.definition) for text in request.enqueue]
    with interruptible():
        files = find_files(found.definition)
    home = StudyHome(name=found.name, url=storage_url(request.storage))
    stored = stored_tables(home)
    data = settle_data(found.definition.data, stored)
    with interruptible():
        corpus = load_corpus(data.dataset, data.reading())
    names = known_names(files, stored)
    asked = with_names(found.definition.model_copy(update={"data": data}), names)
    definition = settle_tokens(asked, stored, corpus)
    vectors = {names[name]: file for name, file in files.items()}
    fingerprints = {name: file.fingerprint for name, file in vectors.items()}
    binding = Binding.of(definition, corpus.fingerprint, fingerprints)
    study = open_study(home, binding, extend=request.extend_space, create=False)

    # These import torch, which takes a second: what is wrong above is said before.
    from search.trials.data_card import data_card
    from search.trials.objective import make_objective
    from search.workers.placement import place

    placement = place(request.gpus, jobs=request.jobs, per_gpu=request.per_gpu)
    with interruptible():
        objective, prepared = make_objective(
            corpus, definition, home, vectors=vectors, trial_timeout=request.trial_timeout
        )
        card = data_card(definition, corpus, prepared)
    return Job(
        request=request,
        home=home,
        binding=binding,
        before=None if study is None else StudyRecord.of(study),
        queue=tuple(renamed(configuration, names) for configuration in queued),
        objective=objective,
        prepared=prepared,
        placement=placement,
        notes=_notes(found, objective, prepared, placement),
        card=card,
    )


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


def read_texts(
    study: str | None, dataset: str | None, options: Options
) -> "tuple[Definition, Corpus, Prepared]":
    """The texts as a new study would have them, and its settled definition.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
    """
    from search.trials.objective import prepare_for  # imports torch: see ``prepare_job``

    found = find_study(study, dataset, options=options).definition
    data = settle_data(found.data, None)
    corpus = load_corpus(data.dataset, data.reading())
    definition = settle_tokens(found.model_copy(update={"data": data}), None, corpus)
    return definition, corpus, prepare_for(definition, corpus)
