"""Which trial to run now: one that was interrupted, one that was queued, or a new one.

The decision is a function of the study's record, so that it can be looked at by itself; it is
made and carried out under the study's lock, so that two runs never take the same trial.
"""

from collections import Counter
from enum import Enum

import optuna
from optuna.trial import TrialState

from search.definition.domain import Value
from search.definition.tables import Definition
from search.storage.attributes import Stored, to_attributes
from search.storage.inside_optuna import refuse_waiting, silent_trials
from search.storage.marks import store
from search.storage.own_trial import OwnTrial
from search.storage.owner import me
from search.storage.record import StudyRecord, TrialRecord
from search.trials.limits import Limits
from search.trials.proposal import Claimed, begin_trial
from search.trials.pruning import begun_together
from search.workers.events import Failure


class Next(Enum):
    """What a run does where no trial waits for it."""

    NEW = "begin a new trial"
    NONE = "nothing: the trials that run make up the total, or there is no time"


def claim(
    study: optuna.Study,
    record: StudyRecord,
    definition: Definition,
    limits: Limits,
    *,
    mine: set[int],
) -> Claimed | None:
    """A trial for this run, which owns it from now on, or ``None`` where there is none.

    Args:
        study: an open study, whose lock is held.
        record: of it, read under the lock.
        definition: of the study.
        limits: of this run.
        mine: trials that this run is running.
    """

    def fits(params: dict[str, Value]) -> bool:
        return limits.fits(params, 0)

    silent = silent_trials(study)
    match decide(record, definition, limits, mine=mine, silent=silent):
        case Next.NONE:
            return None
        case Next.NEW:
            return _alive(begin_trial(study, record, definition, fits))
        case TrialRecord(state=TrialState.WAITING) as queued:
            return _alive(begin_trial(study, record, definition, fits, waiting=queued))
        case TrialRecord() as orphan:
            trial = OwnTrial(study, orphan.frozen)
            trial.beat()  # before it is this run's, and while the lock is held
            store(trial, Stored(owner=me()))
            return Claimed(trial, orphan)


def _alive(claimed: Claimed | None) -> Claimed | None:
    """The trial, which has given a sign of life."""
    if claimed is not None:
        claimed.handle.beat()
    return claimed


def decide(
    record: StudyRecord,
    definition: Definition,
    limits: Limits,
    *,
    mine: set[int],
    silent: frozenset[int] = frozenset(),
) -> TrialRecord | Next:
    """The interrupted or queued trial to run, or what to do without one.

    Args:
        record: of the study.
        definition: of it.
        limits: of this run.
        mine: trials that this run is running.
        silent: running trials without a sign of life for long.
    """
    running = [t for t in record.in_state(TrialState.RUNNING) if t.stored.owner is not None]
    left = [t for t in running if t.number not in mine and _is_orphan(t, limits, silent)]
    # Trials at work are taken to finish: else two runs would together begin one too many.
    if len(record.finished) + len(running) - len(left) >= limits.trials:
        return Next.NONE
    found = _next(record, definition, limits, left)
    if not limits.ordered or len(running) == len(left) or found is Next.NONE:
        return found
    number = len(record.trials) if isinstance(found, Next) else found.number
    return found if number < begun_together(definition) else Next.NONE


def _next(
    record: StudyRecord, definition: Definition, limits: Limits, left: list[TrialRecord]
) -> TrialRecord | Next:
    # What was interrupted comes first, so that a study never holds more than one for each run,
    # and its results are the unbroken search's.
    if orphans := [trial for trial in left if limits.allow(trial.number)]:
        done = orphans[0].frozen.last_step or 0
        return orphans[0] if limits.fits(orphans[0].params, done) else Next.NONE
    # The first that was queued, in the order of numbers, as Optuna's own ``ask`` takes them.
    if waiting := [t for t in record.in_state(TrialState.WAITING) if limits.allow(t.number)]:
        return waiting[0]
    told = len(definition.enqueue)
    none_left = not definition.space and record.proposed_here(told) >= told
    return Next.NONE if none_left or limits.only is not None else Next.NEW


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
