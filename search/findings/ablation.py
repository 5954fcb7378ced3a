"""Which change helped: the trained path from one configuration to another, and each taken back."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from optuna.trial import TrialState

from search.definition.criteria import LOSS, is_maximized
from search.definition.domain import Value
from search.definition.route import Route
from search.definition.steps import Steps
from search.findings.card import NotYet
from search.findings.contrasts import Estimate, words
from search.findings.evidence import Evidence
from search.findings.intervals import (
    ALPHA,
    Interval,
    holm,
    mean_of_seeds,
)
from search.findings.listed import Listed, listed_of
from search.findings.path import walk
from search.findings.standing import storage_option
from search.findings.trained import ACCURACY, Scores, Trained
from search.storage.trial_record import TrialRecord


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change, made or taken back.

    Attributes:
        name: of the parameter.
        before: its value.
        after: likewise.
        score: by how much the objective differs afterwards.
        loss: by how much the validation loss does, in nats; ``None``: not stored.
        accuracy: likewise.
        word: what the change does, ``HELPS``, ``HURTS`` or ``NOTHING``; "": it diverged.
        tried: seeds of each change that was tried at this step; {}: none was beside it.
    """

    name: str
    before: Value
    after: Value
    score: Estimate | None
    loss: Estimate | None
    accuracy: Estimate | None
    word: str
    tried: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """A change that gains other than taking it back costs.

    Attributes:
        name: of the parameter.
        more: by how much its effect on the objective is larger in the goal's surroundings than on
            the path.
    """

    name: str
    more: Estimate


@dataclass(frozen=True, kw_only=True)
class Ablation:
    """What the trainings say.

    Attributes:
        objective: of the study.
        start: the values that change, before.
        goal: and after.
        ordered: whether the order was given.
        seeds: of each configuration.
        scores: of the objective, at the start and after each step, means over the seeds.
        path: the steps that are decided.
        back: the goal with each change taken back, the one that costs most first.
        interactions: those that stand out from chance.
        smallest: difference of the objective that would be seen in 80 of 100 such ablations.
        trainings: that are complete.
        reused: of them, those that another study had.
        missing: that have to come next; more may follow.
    """

    objective: str
    start: dict[str, Value]
    goal: dict[str, Value]
    ordered: bool
    seeds: int
    scores: tuple[Interval, ...]
    path: tuple[Step, ...]
    back: tuple[Step, ...]
    interactions: tuple[Interaction, ...]
    smallest: float
    trainings: int
    reused: int
    missing: int


def ablation_of(evidence: Evidence) -> Ablation | Listed | NotYet:
    """What there is of the ablation of a study."""
    beside = evidence.of_ablation
    if beside is None or beside.record.ablation is None:
        if evidence.record.binding is None:
            return NotYet("another program made the study")
        option = storage_option(evidence.home) if evidence.home else ""
        command = f"python -m search.ablate --study {shlex.quote(evidence.record.name)}{option}"
        return NotYet(f"no change was trained alone: {command} does it")
    asked = beside.record.ablation
    trained = Trained(record=beside.record, asked=asked)
    scores = Scores(evidence=beside, trained=trained)
    if isinstance(asked, Steps):
        return listed_of(asked, scores)
    return _Reading(route=asked, trained=trained, scores=scores).ablation()


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """An ablation being read."""

    route: Route
    trained: Trained
    scores: Scores

    def ablation(self) -> Ablation | NotYet:
        route, record = self.route, self.trained.record
        path = walk(route, self.trained.value)
        chosen = [stage.chosen for stage in path.stages]
        on_path = [route.at(chosen[:count]) for count in range(len(chosen) + 1)]
        steps = [
            self._step(name, on_path[i], on_path[i + 1], path.stages[i].tried)
            for i, name in enumerate(chosen)
        ]
        back = [self._step(name, route.goal, route.without(name), {}) for name in route.changes]
        if not any(step.score for step in (*steps, *back)):
            left = len(path.wanted)
            return NotYet(f"no change is trained with all its seeds yet ({left} to come next)")
        steps, back = self._worded(steps, gained=True), self._worded(back, gained=False)
        known = [step.score for step in steps if step.score]
        complete = [self.trained.complete(each) for each in on_path]
        return Ablation(
            objective=record.objective,
            start={name: route.start[name] for name in route.changes},
            goal={name: route.goal[name] for name in route.changes},
            ordered=bool(route.order),
            seeds=route.seeds,
            scores=tuple(_mean(trials) for trials in complete),
            path=tuple(steps),
            back=tuple(sorted(back, key=self._cost)),
            interactions=self._interactions(chosen),
            smallest=max((each.smallest(len(known)) for each in known), default=float("nan")),
            trainings=len(record.in_state(TrialState.COMPLETE)),
            reused=sum(bool(t.stored.reused) for t in record.in_state(TrialState.COMPLETE)),
            missing=len(path.wanted),
        )

    def _step(
        self, name: str, before: dict[str, Value], after: dict[str, Value], tried: dict[str, int]
    ) -> Step:
        pair = ((after, 1.0), (before, -1.0))
        return Step(
            name=name,
            before=before[name],
            after=after[name],
            score=self.scores.estimate(self.trained.record.objective, pair),
            loss=self.scores.estimate(LOSS, pair),
            accuracy=self.scores.estimate(ACCURACY, pair),
            word="",
            tried=tried,
        )

    def _interactions(self, chosen: Sequence[str]) -> tuple[Interaction, ...]:
        """Changes whose gain on the path is not what taking them back costs, after Holm."""
        route, found = self.route, []
        for i, name in enumerate(chosen[:-1]):  # the last one's cost is its gain
            weighted = (
                (route.goal, 1.0), (route.without(name), -1.0),
                (route.at(chosen[: i + 1]), -1.0), (route.at(chosen[:i]), 1.0),
            )  # fmt: skip
            if (more := self.scores.estimate(self.trained.record.objective, weighted)) is not None:
                found.append(Interaction(name=name, more=more))
        p = holm(np.array([each.more.p for each in found]))
        return tuple(each for each, own in zip(found, p, strict=True) if own < ALPHA)

    def _worded(self, steps: list[Step], *, gained: bool) -> list[Step]:
        """``steps`` with their words, corrected for their number."""
        more = is_maximized(self.trained.record.objective) == gained
        found = words([step.score for step in steps], more_is_better=more)
        return [replace(step, word=word) for step, word in zip(steps, found, strict=True)]

    def _cost(self, step: Step) -> float:
        if step.score is None:
            return 0.0
        value = step.score.interval.value
        return value if is_maximized(self.trained.record.objective) else -value


def _mean(trials: Sequence[TrialRecord]) -> Interval:
    values = [trial.value for trial in trials if trial.value is not None]
    return mean_of_seeds(values) if values else Interval(float("nan"), float("nan"), float("nan"))
