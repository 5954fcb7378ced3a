"""Which trial to run now: one that was interrupted, under its own number, or a new one.

The decision is a function of the study's record, so that it can be looked at by itself; it is
made and carried out under the study's lock, so that two runs never take the same trial.
"""

from collections import Counter
from enum import Enum

import optuna
from optuna.trial import TrialState

from search.definition.tables import Definition
from search.storage.attributes import Stored
from search.storage.home import StudyHome
from search.storage.inside_optuna import running_trial
from search.storage.owner import me
from search.storage.record import StudyRecord, TrialRecord, store
from search.trials.limits import Limits
from search.trials.proposal import begin_trial


class Next(Enum):
    """What a run does where no interrupted trial waits for it."""

    NEW = "begin a new trial"
    NONE = "nothing: the trials that run make up the total, or there is no time"


def claim(
    study: optuna.Study,
    home: StudyHome,
    definition: Definition,
    limits: Limits,
    *,
    mine: set[int],
) -> optuna.Trial | None:
    """A trial for this run, which owns it from now on, or ``None`` where there is none.

    Args:
        study: an open study.
        home: of the study.
        definition: of the study.
        limits: of this run.
        mine: trials that this run is running.
    """
    with home.lock():
        record = StudyRecord.of(study)
        match decide(record, definition, limits, mine=mine):
            case Next.NONE:
                return None
            case Next.NEW:
                return begin_trial(study, record, definition, lambda p: limits.fits(p, 0))
            case TrialRecord() as orphan:
                trial = running_trial(study, orphan.frozen)
                store(trial, Stored(owner=me()))
                return trial


def decide(
    record: StudyRecord, definition: Definition, limits: Limits, *, mine: set[int]
) -> TrialRecord | Next:
    """The interrupted trial to go on with, or what to do without one."""
    running = record.in_state(TrialState.RUNNING)
    orphans = [t for t in running if t.number not in mine and _is_orphan(t, limits)]
    if len(record.finished) + len(running) - len(orphans) >= limits.trials:
        return Next.NONE
    if orphans:
        done = orphans[0].frozen.last_step or 0
        return orphans[0] if limits.fits(orphans[0].params, done) else Next.NONE
    none_left = not definition.space and len(record.trials) >= len(definition.enqueue)
    return Next.NONE if none_left else Next.NEW


def others_here(record: StudyRecord) -> list[int]:
    """Trials that another run on this machine is running, or left behind just now."""
    running = record.in_state(TrialState.RUNNING)
    return [t.number for t in running if t.stored.owner is None or t.stored.owner.is_here]


def others_elsewhere(record: StudyRecord) -> dict[str, int]:
    """How many running trials each other host has."""
    owners = [t.stored.owner for t in record.in_state(TrialState.RUNNING)]
    return Counter(owner.host for owner in owners if owner is not None and not owner.is_here)


def _is_orphan(trial: TrialRecord, limits: Limits) -> bool:
    owner = trial.stored.owner
    return owner is None or owner.has_left(take_over=limits.take_over)
