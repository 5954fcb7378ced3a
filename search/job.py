"""A search that can run: its definition, texts, home, and places to train."""

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import optuna

from data.corpus import Corpus
from data.preparation import Prepared
from model.epoch import Epoch
from search.definition.domain import Value
from search.definition.starts import Files
from search.definition.tables import Definition
from search.request import DEFAULT_TRIALS, Request
from search.storage.attributes import Baseline, DataCard
from search.storage.binding import Binding
from search.storage.home import StudyHome
from search.storage.marks import identify, store_baseline, store_card
from search.storage.reading import find_record
from search.storage.record import StudyRecord
from search.storage.studies import open_study
from search.storage.trial_record import TrialRecord
from search.storage.validation import keep_rows, keep_said
from search.trials import baseline, loop
from search.trials.limits import ANY_NUMBER, Limits
from search.trials.objective import Objective
from search.trials.watcher import Watcher
from search.workers.placement import Placement

if TYPE_CHECKING:  # it imports PyTorch, which takes a second
    from model.baseline import LinearBaseline
    from search.trials.plan import Plan


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
        file: the text of the study's file, where it has to be written.
        corpus: the texts as they were loaded.
        vectors: files of word vectors that trials start from, by their names in the definition.
    """

    request: Request
    home: StudyHome
    binding: Binding
    before: StudyRecord | None
    queue: tuple[dict[str, Value], ...]
    objective: Objective
    prepared: Prepared
    placement: Placement
    notes: tuple[str, ...]
    card: DataCard
    corpus: Corpus
    vectors: Files
    file: str = ""

    def open(self) -> tuple[optuna.Study, str]:
        """The study, created or widened where that is asked for, and a note for the user."""
        with self.home.lock():
            study = open_study(self.home, self.binding, extend=self.request.extend_space)
            for configuration in self.queue:
                study.enqueue_trial(configuration, skip_if_exists=True)
            store_card(study, self.card)
            note = self.home.move_in(identify(study))
            self._keep_rows()
            if self.file:
                self.home.keep_definition(self.file)
            return study, note

    def _keep_rows(self) -> None:
        """Keep what a report needs of the validation texts, once; hold the study's lock."""
        path, held_out = self.home.validation, self.prepared.held_out
        if path.exists():
            return
        texts = [self.corpus.texts[row] for row in held_out.tolist()]
        labels = self.corpus.labels[held_out]
        keep_rows(path, labels, self.corpus.class_names, texts=texts)

    def beside(self, suffix: str, definition: Definition, *, keeps_nets: bool = False) -> "Job":
        """The job of a second study, of the same texts and in the same storage.

        Args:
            suffix: ends its name, which begins with this one's.
            definition: of it.
            keeps_nets: each complete trial's classifier is kept.
        """
        home = StudyHome(name=self.home.name + suffix, url=self.home.url)
        vectors = self.binding.table.get("vectors")
        objective = replace(
            self.objective,
            definition=definition,
            home=home,
            snapshots=replace(self.objective.snapshots, folder=home.running),
            keeps_nets=keeps_nets,
        )
        return replace(
            self,
            request=replace(self.request, extend_space=True),
            home=home,
            binding=Binding.of(definition, objective.fingerprint, vectors),
            before=find_record(home),
            objective=objective,
            queue=(),
            file="",
        )

    def take_baseline(self, study: optuna.Study, source: StudyRecord) -> None:
        """Take the baseline of another study of the same texts: it need not be fitted again."""
        said = StudyHome(name=source.name, url=self.home.url).baseline
        if source.baseline is not None and said.is_file():
            shutil.copyfile(said, self.home.baseline)
            store_baseline(study, source.baseline)

    def plan(self) -> "Plan":
        """What the search will cost, measured here."""
        from search.trials.plan import make_plan  # imports PyTorch

        return make_plan(self.objective.definition, self.prepared, self.placement)

    def limits(self, plan: "Plan | None", *, since: float) -> Limits:
        """How far the search goes.

        Args:
            plan: what it costs, where hours are asked for.
            since: when the hours began, on the monotonic clock.

        Raises:
            StudyError: not even one trial fits the hours.
        """
        asked, definition = self.request, self.objective.definition
        total = asked.trials or (DEFAULT_TRIALS if asked.hours is None else ANY_NUMBER)
        limits = Limits(
            trials=definition.limit(total),
            timeout=asked.timeout,
            failures=asked.max_failures,
            take_over=asked.take_over,
            ordered=asked.ordered,
        )
        if plan is None or asked.hours is None:
            return limits
        return plan.within(limits, hours=asked.hours, since=since)

    def lost_best(self, study: optuna.Study) -> TrialRecord | None:
        """The best trial, if there is one and its classifier is not where it should be."""
        record = StudyRecord.of(study)
        return None if self.home.has_best(record.identity) else record.best

    def rebuild_best(self, best: TrialRecord) -> Epoch:
        """Train the best trial again, from its own seed, and keep its classifier."""
        from search.trials.rebuilding import rebuild_best  # imports PyTorch

        return rebuild_best(self.objective, self.prepared, self.placement, best)

    @property
    def finished(self) -> int:
        """Trials that were finished before this run."""
        return len(self.before.finished) if self.before else 0

    def run(self, study: optuna.Study, limits: Limits, watcher: Watcher) -> str:
        """Search until the study has its total of finished trials, and its baseline.

        Returns:
            Why the study has no baseline, or nothing.

        Raises:
            SearchFailedError: trials fail again and again.
            UnavailableError: a disk or the database cannot be used.
        """

        def keep(fitted: "LinearBaseline") -> None:
            keep_said(self.home.baseline, fitted.said)
            store_baseline(study, Baseline(accuracy=fitted.accuracy, macro_f1=fitted.macro_f1))

        background = baseline.Background(self.prepared, keep)
        is_known = StudyRecord.of(study).baseline is not None and self.home.baseline.is_file()
        beside = (lambda: None) if is_known else background.look
        search = loop.Search(study, self.objective, limits=limits, watcher=watcher, beside=beside)
        with self.placement.workers(self.prepared, self.objective.snapshots) as workers:
            search.run(workers)
        if not is_known:
            background.wait()
        return background.error
