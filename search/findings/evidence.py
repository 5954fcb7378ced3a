"""What a report works from: the study's record, and the files that its trials left."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from search.findings.intervals import Floats, Numbers
from search.storage.home import StudyHome
from search.storage.record import StudyRecord, TrialRecord


class Rows(NamedTuple):
    """Validation rows, in the order of the probabilities.

    Attributes:
        labels: (N,) int64.
        class_names: by number.
        texts: N of them.
    """

    labels: Numbers
    class_names: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A study as it was when it was read.

    Attributes:
        record: of the study.
        home: where its files are; ``None``: it has none here.
        final: the record of its confirmation, NAME-final, if there is one.
    """

    record: StudyRecord
    home: StudyHome | None = None
    final: StudyRecord | None = None

    @property
    def rows(self) -> "Rows | None":
        """The validation rows, if they were kept."""
        return None

    def probabilities(self, trial: TrialRecord) -> Floats | None:
        """(N, C) what the trial's net said of the validation texts, if it was kept."""
        if self.home is None:
            return None
        try:
            return np.asarray(np.load(self.home.probabilities(trial.number)), np.float32)
        except (OSError, ValueError):
            return None
