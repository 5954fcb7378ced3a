"""Which trial to run now: one that was interrupted, one that was queued, or a new one.

The decision is a function of the study's record, so that it can be looked at by itself; it is
made and carried out under the study's lock, so that two runs never take the same trial.
"""

from collections import Counter
from typing import NamedTuple

import optuna
from optuna.trial import TrialState

from search.definition.domain import Value
from search.definition.tables import Definition
from search.storage.attributes import Stored, to_attributes
from search.storage.inside_optuna import refuse_waiting, silent_trials
from search.storage.marks import store
from search.storage.own_trial import OwnTrial
from search.storage.owner import me
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.limits import ANY_NUMBER, Limits
from search.trials.proposal import Claimed, begin_queued, begin_trials
from search.trials.pruning import begun_together
from search.workers.events import Failure


class New(NamedTuple):
    """What a run does where no trial waits for it.

    Attributes:
        most: so many new trials may begin; none where those that run make up the total, or where
            there is no time.
    """

    most: int


def claim(
    study: optuna.Study,
    record: StudyRecord,
    definition: Definition,
    limits: Limits,
    *,
    mine: set[int],
    most: int = 1,
) -> list[Claimed]:
    """Trials for this run, which owns them from now on; none where there is none to be run.

    Args:
        study: an open study, whose lock is held.
        record: of it, read under the lock.
        definition: of the study.
        limits: of this run.
        mine: trials that this run is running.
        most: new trials are begun together, but no more than these.
    """

    def fits(params: dict[str, Value]) -> bool:
        return limits.fits(params, 0)

    running = {trial.number for trial in record.in_state(TrialState.RUNNING)}
    silent = silent_trials(study) if running - mine else frozenset()
    match decide(record, definition, limits, mine=mine, silent=silent):
        case New() as new:
            return begin_trials(study, record, definition, fits, most=min(new.most, most))
        case TrialRecord(state=TrialState.WAITING) as queued:
            claimed = begin_queued(study, record, definition, fits, queued)
            return [] if claimed is None else [claimed]
        case TrialRecord() as orphan:
            trial = OwnTrial(study, orphan.frozen)
            trial.beat()  # before it is this run's, and while the lock is held
            store(trial, Stored(owner=me()))
            return [Claimed(trial, orphan)]


def decide(
    record: StudyRecord,
    definition: Definition,
    limits: Limits,
    *,
    mine: set[int],
    silent: frozenset[int] = frozenset(),
) -> TrialRecord | New:
    """The interrupted or queued trial to run, or what to do without one.

    Args:
        record: of the study.
        definition: of it.
        limits: of this run.
        mine: trials that this run is running.
        silent: running trials without a sign of life for long.
    """
    running = record.in_state(TrialState.RUNNING)
    others = [t for t in running if t.number not in mine and t.stored.owner is not None]
    left = [t for t in others if _is_orphan(t, limits, silent)]
    # Trials at work are taken to finish: else two runs would together begin one too many.
    at_work = sum(t.number in mine for t in running) + len(others) - len(left)
    missing = max(limits.trials - len(record.finished) - at_work, 0)
    found = _next(record, definition, limits, left) if missing else New(0)
    if isinstance(found, TrialRecord):
        waits = limits.ordered and at_work and found.number >= begun_together(definition)
        return New(0) if waits else found
    most = min(found.most, missing)
    if limits.ordered:
        together = begun_together(definition) - len(record.trials)
        most = min(most, max(together, 0 if at_work else 1))
    return New(most)


def _next(
    record: StudyRecord, definition: Definition, limits: Limits, left: list[TrialRecord]
) -> TrialRecord | New:
    # What was interrupted comes first, so that a study never holds more than one for each run,
    # and its results are the unbroken search's.
    if orphans := [trial for trial in left if limits.allow(trial.number)]:
        done = orphans[0].frozen.last_step or 0
        return orphans[0] if limits.fits(orphans[0].params, done) else New(0)
    # The first that was queued, in the order of numbers, as Optuna's own ``ask`` takes them.
    if waiting := [t for t in record.in_state(TrialState.WAITING) if limits.allow(t.number)]:
        return waiting[0]
    if limits.only is not None:
        return New(0)
    told = len(definition.enqueue)
    return New(ANY_NUMBER if definition.space else told - record.proposed_here(told))


def refuse_illegal(
    study: optuna.Study, record: StudyRecord, definition: Definition
) -> list[TrialRecord]:
    """End the queued trials whose parameters the space does not have; those that were ended.

    Sampled again they would be another configuration under the number of what was asked for.

    Args:
        study: an open study, whose lock is held.
        record: of it, read under the lock.
        definition: of the study.
    """
    refused = []
    for trial in record.in_state(TrialState.WAITING):
        try:
            definition.check_queued("its parameters:", trial.queued or {})
        except ValueError as error:
            failure = Failure(kind="queued", message=str(error), device="none")
            why_not = to_attributes(Stored(queued=True, failure=failure))
            refuse_waiting(study, trial.frozen, why_not)
            refused.append(trial.number)
    if not refused:
        return []
    record = StudyRecord.of(study)
    return [record.trials[number] for number in refused]


def others_here(record: StudyRecord) -> list[int]:
    """Trials that another run on this machine is running, or left behind just now."""
    owned = [(t.number, t.stored.owner) for t in record.in_state(TrialState.RUNNING)]
    return [number for number, owner in owned if owner is not None and owner.is_here]


def others_elsewhere(record: StudyRecord) -> dict[str, int]:
    """How many running trials each other host has."""
    owners = [t.stored.owner for t in record.in_state(TrialState.RUNNING)]
    return Counter(owner.host for owner in owners if owner is not None and not owner.is_here)


def _is_orphan(trial: TrialRecord, limits: Limits, silent: frozenset[int]) -> bool:
    owner, is_silent = trial.stored.owner, trial.number in silent
    return owner is not None and owner.has_left(take_over=limits.take_over or is_silent)
