"""The trainings of an ablation, and what they score: differences between its configurations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from optuna.trial import TrialState

from search.definition.criteria import LOSS, is_maximized
from search.definition.domain import Value
from search.definition.route import Run
from search.definition.steps import Asked, Steps
from search.findings.contrasts import Estimate, Layout
from search.findings.evidence import Evidence
from search.findings.intervals import Floats, Numbers, log_losses
from search.findings.path import walk
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

ACCURACY = "accuracy"


@dataclass(frozen=True, kw_only=True)
class Trained:
    """The trainings of an ablation's study, by configuration and seed."""

    record: StudyRecord
    asked: Asked

    @cached_property
    def _by_run(self) -> dict[tuple[str, int], TrialRecord]:
        ended = self.record.in_state(TrialState.FAIL, TrialState.COMPLETE)
        ended = tuple(t for t in ended if t.state == TrialState.COMPLETE or _has_diverged(t))
        return {(_key(t.params), t.stored.repetition): t for t in ended}

    def trial(self, configuration: dict[str, Value], seed: int) -> TrialRecord | None:
        """A complete training, or one that diverged."""
        return self._by_run.get((_key(configuration), seed))

    def value(self, configuration: dict[str, Value], seed: int) -> float | None:
        """What it ended with, less is better; infinite if it diverged."""
        trial = self.trial(configuration, seed)
        if trial is None:
            return None
        if trial.value is None:
            return float("inf")
        return -trial.value if is_maximized(self.record.objective) else trial.value

    def diverged(self, configuration: dict[str, Value]) -> bool:
        """Whether one of its trainings did."""
        found = [self.value(*run) for run in self.asked.all_seeds(configuration)]
        return float("inf") in found

    def wanted(self) -> list[Run]:
        """What has to be trained next."""
        if isinstance(self.asked, Steps):
            return self.asked.wanted(self.value)
        return list(walk(self.asked, self.value).wanted)

    def complete(self, configuration: dict[str, Value]) -> list[TrialRecord]:
        """The trainings with all seeds; [] if one is missing or diverged."""
        runs = self.asked.all_seeds(configuration)
        found = [trial for run in runs if (trial := self.trial(*run)) and trial.value is not None]
        return found if len(found) == len(runs) else []


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What the trainings score, and the files that they left."""

    evidence: Evidence
    trained: Trained

    @property
    def objective(self) -> str:
        """Of the study."""
        return self.trained.record.objective

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where each configuration that has all its seeds stands in the layouts."""
        found = [key for key, trials in self._trainings.items() if trials]
        return {key: place for place, key in enumerate(found)}

    @cached_property
    def _trainings(self) -> dict[str, list[TrialRecord]]:
        """Of what is asked; trainings of other questions have a spread of their own."""
        asked = [t.params for t in self.trained.record.in_state(TrialState.COMPLETE)]
        mine = [params for params in asked if self.trained.asked.has(params)]
        return {_key(params): self.trained.complete(params) for params in mine}

    @cached_property
    def _layouts(self) -> dict[str, Layout]:
        """By measure; the accuracy and the loss only if all trainings have them."""
        objective = self.trained.record.objective
        stored: dict[str, Callable[[TrialRecord], float | None]] = {
            objective: lambda trial: trial.value,
            LOSS: lambda trial: trial.stored.best_loss,
            ACCURACY: lambda trial: trial.stored.accuracy,
        }
        found = {}
        for name, of in stored.items():
            rows = [[of(t) for t in each] for each in self._trainings.values() if each]
            if rows and all(value is not None for row in rows for value in row):
                values = np.array(rows, float)
                found[name] = Layout(values=values, rows=self._rows_of(name))
        return found

    def _rows_of(self, measure: str) -> Floats | None:
        """(C, S, N) what each training scores on each text."""
        rows = self.evidence.rows
        if rows is None or measure not in (LOSS, ACCURACY):
            return None
        found: list[list[Floats]] = []
        for trials in filter(None, self._trainings.values()):
            said = [self.evidence.probabilities(trial) for trial in trials]
            kept = [each for each in said if each is not None]
            if len(kept) < len(trials):
                return None
            found.append([_scored(each, rows.labels, measure) for each in kept])
        return np.array(found, np.float32)

    def estimate(
        self, measure: str, weighted: Sequence[tuple[dict[str, Value], float]]
    ) -> Estimate | None:
        """A weighted sum of configurations' scores; ``None`` if one of them is not known."""
        layout = self._layouts.get(measure)
        weights: dict[int, float] = {}
        for configuration, weight in weighted:
            place = self._places.get(_key(configuration))
            if place is None or layout is None:
                return None
            weights[place] = weights.get(place, 0.0) + weight
        assert layout is not None
        return layout.estimate(weights)

    def beyond(self, configuration: dict[str, Value], said: Numbers) -> Estimate | None:
        """By how much its accuracy is above that of another classifier, which has no seeds.

        Args:
            configuration: which has all its seeds.
            said: (N,) the class that the other one says of each of the evidence's ``rows``.

        Returns:
            ``None`` where what the trainings said of the rows is not kept.
        """
        layout, place = self._layouts.get(ACCURACY), self._places.get(_key(configuration))
        rows = self.evidence.rows
        if rows is None or layout is None or layout.rows is None or place is None:
            return None
        own = layout.rows[place]
        both = np.stack([own, np.broadcast_to(said == rows.labels, own.shape)])
        return Layout(values=both.mean(axis=2), rows=both).estimate({0: 1.0, 1: -1.0})


def _key(configuration: dict[str, Value]) -> str:
    return repr(sorted(configuration.items()))


def _has_diverged(trial: TrialRecord) -> bool:
    failure = trial.stored.failure
    return failure is not None and failure.kind == "not finite"


def _scored(said: Floats, labels: np.ndarray, measure: str) -> Floats:
    if measure == LOSS:
        return log_losses(said, labels)
    return np.asarray(said.argmax(axis=1) == labels, float)
