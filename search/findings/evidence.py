"""What a report works from: the study's record, and the files that its trials left."""

from dataclasses import dataclass
from functools import cached_property

from search.findings.intervals import Floats, Numbers
from search.storage.home import StudyHome
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.storage.validation import ValidationRows, read_probabilities, read_rows, read_said


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A study as it was when it was read.

    Attributes:
        record: of the study.
        home: where its files are; ``None``: it has none here.
        final: the record of its confirmation, NAME-final, if there is one.
        audit: of the study that finishes some of its pruned trials, NAME-audit, likewise.
        ablation: of the study that trains one change at a time, NAME-ablation, likewise.
    """

    record: StudyRecord
    home: StudyHome | None = None
    final: StudyRecord | None = None
    audit: StudyRecord | None = None
    ablation: StudyRecord | None = None

    @cached_property
    def of_final(self) -> "Evidence | None":
        """What there is of the confirmation."""
        return self._beside(self.final)

    @cached_property
    def of_ablation(self) -> "Evidence | None":
        """What there is of the ablation."""
        return self._beside(self.ablation)

    @property
    def of_trainings(self) -> "Evidence":
        """The study's own, or its ablation's where that alone was trained."""
        if self.record.trials or self.of_ablation is None:
            return self
        return self.of_ablation

    def _beside(self, record: StudyRecord | None) -> "Evidence | None":
        if record is None:
            return None
        home = self.home and StudyHome(name=record.name, url=self.home.url)
        return Evidence(record=record, home=home)

    @cached_property
    def rows(self) -> ValidationRows | None:
        """The validation texts and their classes; ``why_no_rows`` says why there are none."""
        return read_rows(self._own.validation) if self._own else None

    @property
    def why_no_rows(self) -> str:
        """Why there are no ``rows``, or nothing."""
        if self.rows is not None:
            return ""
        if self.home is None or not self.home.folder.is_dir():
            return "the folder of the study's files is not here"
        if self._own is None:
            return "the folder of the study's name holds the files of another study"
        if not self._own.validation.exists():
            return "the validation rows are not kept yet: the next run of the search keeps them"
        name = self._own.validation.name
        return f"{name} in the study's folder is damaged: remove it, and the next run writes it"

    @cached_property
    def baseline_said(self) -> Numbers | None:
        """(N,) the class that the linear baseline says of each of the ``rows``."""
        if self._own is None or self.rows is None:
            return None
        return read_said(self._own.baseline, self.rows)

    def probabilities(self, trial: TrialRecord) -> Floats | None:
        """(N, C) what the trial's net said of the validation texts.

        ``None`` where it was not kept, is damaged, or does not fit the ``rows``.
        """
        if self._own is None:
            return None
        said = read_probabilities(self._own.probabilities(trial.number))
        if said is None or self.rows is None:
            return said
        shape = (len(self.rows.labels), len(self.rows.class_names))
        return said if said.shape == shape else None

    @cached_property
    def _own(self) -> StudyHome | None:
        """The home, if its folder is this study's."""
        is_own = self.home is not None and self.home.belongs_to(self.record.identity)
        return self.home if is_own else None
