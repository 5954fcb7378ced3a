"""What a study's confirmation says: its best configurations, each trained with fresh seeds."""

import shlex
from dataclasses import dataclass

import numpy as np
from optuna.trial import TrialState
from scipy.stats import ttest_1samp

from search.definition.domain import Value
from search.findings.card import NotYet
from search.findings.evidence import Evidence
from search.findings.intervals import ALPHA, Interval, holm, proportion
from search.findings.lineup import Line, Lineup, run_of
from search.findings.standing import storage_option
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord


@dataclass(frozen=True, kw_only=True)
class ConfirmedConfiguration:
    """A configuration before and after.

    Attributes:
        trial: the best of the search that has it.
        params: its parameters.
        place: in the order of the search, from 1.
        searched: the value that the search had.
        mean: over the seeds, with Student's interval; NaN ends: one seed.
        values: of each seed.
        accuracy: mean over the seeds, with Wilson's interval over rows; ``None``: not stored.
        weight_count: of its net.
    """

    trial: int
    params: dict[str, Value]
    place: int
    searched: float
    mean: Interval
    values: tuple[float, ...]
    accuracy: Interval | None
    weight_count: int | None


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """The confirmed configurations.

    Attributes:
        objective: of the study.
        configurations: the best mean first; those with fewer seeds last.
        seeds: that each is to be trained with.
        missing: trainings that are not complete.
        shrinkage: how much the search's best value promised too much, in the objective's unit;
            below 0: too little; ``None``: its configuration has no complete training.
        order_held: whether the seeds rank the configurations as the search did.
        tied: configurations behind the first that its seeds do not tell from it: by paired t tests
            over the seeds that they share, corrected by Holm.
    """

    objective: str
    configurations: tuple[ConfirmedConfiguration, ...]
    seeds: int
    missing: int
    shrinkage: Interval | None
    order_held: bool
    tied: int

    @property
    def is_complete(self) -> bool:
        """Whether all trainings that were asked for are complete."""
        return not self.missing


def confirmed_of(evidence: Evidence) -> Confirmed | NotYet:
    """What the seeds of NAME-final say of the configurations that the search chose."""
    record, final = evidence.record, evidence.final
    if not record.is_ours:
        return NotYet("another program made the study")
    if final is None or not final.is_ours:
        option = storage_option(evidence.home) if evidence.home else ""
        command = f"python -m search.final --study {shlex.quote(record.name)}{option}"
        return NotYet(f"no configuration was trained again with fresh seeds: {command} does it")
    chosen = _chosen(record, final)
    wanted = {_key(trial): trial for trial in final.trials}
    complete = final.in_state(TrialState.COMPLETE)
    if not any(trial.params == each.params for trial in complete for each in chosen):
        return NotYet("no training of the confirmation is complete yet")
    seeds = max(run_of(trial)[1] for trial in final.trials)
    lineup = Lineup.of(chosen, final, seeds)
    first = lineup.lines[0]
    rows = len(evidence.rows.labels) if evidence.rows else 0
    return Confirmed(
        objective=record.objective,
        configurations=tuple(_configuration(line, rows) for line in lineup.ranked),
        seeds=seeds,
        missing=len(wanted.keys() - {_key(trial) for trial in complete}),
        shrinkage=first.shrinkage if first.place == 1 else None,
        order_held=lineup.order_held,
        tied=_tied(lineup),
    )


def _tied(lineup: Lineup) -> int:
    """How many configurations cannot be told from the first; fewer than two seeds tell nothing."""
    first = _by_seed(lineup.best)
    p = []
    for line in lineup.ranked[1:]:
        own = _by_seed(line)
        seeds = sorted(first.keys() & own.keys())
        differences = [own[seed] - first[seed] for seed in seeds]
        found = float(ttest_1samp(differences, 0).pvalue) if seeds[1:] else 1.0
        p.append(1.0 if np.isnan(found) else found)
    return int((holm(np.array(p)) > ALPHA).sum())


def _by_seed(line: Line) -> dict[int, float]:
    return {t.stored.repetition: t.value for t in line.confirmed if t.value is not None}


def _key(trial: TrialRecord) -> str:
    params, seed = run_of(trial)
    return repr((sorted(params.items()), seed))


def _chosen(record: StudyRecord, final: StudyRecord) -> list[TrialRecord]:
    """The best trial of each configuration that the final study has, best first."""
    confirmed = [run_of(trial)[0] for trial in final.trials]
    chosen: list[TrialRecord] = []
    for trial in record.ranking:
        if trial.params in confirmed and all(trial.params != each.params for each in chosen):
            chosen.append(trial)
    return chosen


def _configuration(line: Line, rows: int) -> ConfirmedConfiguration:
    shares = [trial.stored.accuracy for trial in line.confirmed]
    known = [share for share in shares if share is not None]
    searched = line.searched
    return ConfirmedConfiguration(
        trial=searched.number,
        params=searched.params,
        place=line.place,
        searched=float(searched.value if searched.value is not None else "nan"),
        mean=line.mean,
        values=tuple(line.values),
        accuracy=proportion(sum(known) / len(known), rows) if known else None,
        weight_count=searched.stored.weight_count,
    )
