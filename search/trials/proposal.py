"""The next trial's parameters, and its birth in the study in one step.

Optuna's own ``ask`` stores a trial first and its parameters one by one: killed in between, it
leaves half a trial, which goes on with other numbers than it began with. Here the sampler is
asked on a copy of the study in memory, and the trial is stored whole, in one transaction.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice
from typing import NamedTuple

import optuna
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.definition.domain import Value
from search.definition.space import draw, enqueued
from search.definition.tables import Definition
from search.storage.attributes import Stored
from search.storage.inside_optuna import study_in_memory
from search.storage.marks import begin, begin_waiting
from search.storage.own_trial import OwnTrial
from search.storage.owner import me
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.pruning import make_pruner
from search.trials.samplers import make_sampler

# Samplers whose model takes longer with every trial: of a larger study it sees the best trials and
# the latest ones. TPE learns what is good from 25 trials, whatever the study's size.
MODELS = ("tpe", "gp")
MOST, BEST = 150, 50


class Claimed(NamedTuple):
    """A trial that this process runs.

    Attributes:
        handle: it can be reported to, and told.
        record: of it, as it was when it was claimed; reading it again would cost a query.
    """

    handle: OwnTrial
    record: TrialRecord


def begin_trials(
    study: optuna.Study,
    record: StudyRecord,
    definition: Definition,
    fits: Callable[[dict[str, Value]], bool],
    *,
    most: int,
) -> list[Claimed]:
    """Store new running trials of ``study``, owned by this process, with all their parameters.

    They depend on the definition, the trial's number and the other trials, on nothing else.
    Where they equal an earlier trial's, this one is another seed of that configuration (training
    seeds differ by the trial's number) and marked so. Nothing is stored of parameters that do not
    fit the time that is left, nor of those behind them.

    Args:
        study: an open study.
        record: of it, as it is now.
        definition: of the study.
        fits: whether a trial of given parameters can end in time.
        most: how many are begun if they fit; fewer where one repeats another of them.
    """
    proposed: list[FrozenTrial] = []
    for trial in islice(proposals(record, definition), most):
        repeats = any(other.params == trial.params for other in proposed)
        if repeats or not fits(trial.params):
            break
        proposed.append(trial)
    if not proposed:
        return []
    born = [_repeating(record, each.params, Stored(owner=me())) for each in proposed]
    return [_claimed(record, handle) for handle in begin(study, proposed, born)]


def begin_queued(
    study: optuna.Study,
    record: StudyRecord,
    definition: Definition,
    fits: Callable[[dict[str, Value]], bool],
    waiting: TrialRecord,
) -> Claimed | None:
    """Run a trial that was queued, as ``begin_trials`` does with new ones.

    Its parameters are those that it waits with; the others are proposed.

    Returns:
        ``None``: it does not fit the time that is left, or another program was quicker.
    """
    proposed = propose(record, definition, waiting)
    if not fits(proposed.params):
        return None
    born = Stored(owner=me(), queued=True)
    if definition.search.seeds == "own":
        born = _repeating(record, proposed.params, born)
    else:  # whichever others there are
        known = waiting.stored
        born = replace(born, repetition=known.repetition, seed=known.seed, finishes=known.finishes)
    handle = begin_waiting(study, waiting, proposed, born)
    if handle is None:
        return None
    handle.beat()
    return _claimed(record, handle)


def _repeating(record: StudyRecord, params: dict[str, Value], born: Stored) -> Stored:
    """What is stored with a trial, and of which others it is another seed."""
    same = record.alike(params)
    if not same:
        return born
    return replace(born, repeat_of=same[0].number, repetition=len(same) + 1)


def _claimed(record: StudyRecord, handle: OwnTrial) -> Claimed:
    return Claimed(handle, TrialRecord(handle.frozen, objective=record.objective))


def propose(
    record: StudyRecord, definition: Definition, waiting: TrialRecord | None = None
) -> FrozenTrial:
    """The first of the ``proposals``."""
    return next(proposals(record, definition, waiting))


def proposals(
    record: StudyRecord, definition: Definition, waiting: TrialRecord | None = None
) -> Iterator[FrozenTrial]:
    """The parameters of new trials of the study, each as if those before it had begun.

    The study itself is left as it is.

    Args:
        record: of the study.
        definition: of it.
        waiting: a queued trial, whose own parameters the first one gets; ``None``: all are new.
    """
    memory = study_in_memory(
        record.name,  # Hyperband's brackets depend on it
        record.directions,
        _for_samplers(record, definition),
        pruner=make_pruner(definition),
    )
    first = waiting.number if waiting else len(record.trials)
    told = record.proposed_here(len(definition.enqueue))
    for place in count():
        memory.sampler = make_sampler(definition, first + place)
        # In memory "enqueue" only fixes what this one ask returns; nothing is left queued there.
        given = waiting.queued if waiting else enqueued(definition, told + place)
        if given is not None:
            memory.enqueue_trial(given)
        draw(memory.ask(), definition)
        yield memory.get_trials(deepcopy=False)[-1]


def _for_samplers(record: StudyRecord, definition: Definition) -> list[FrozenTrial]:
    """The trials as samplers may have them, by number.

    One that waits is none of theirs, since ``ask`` would take it, nor is another program's. A
    failed one in its place keeps the numbers of those behind it, which Hyperband's brackets hang
    on; for them alone one stands in the place of what a model need not see of a large study.
    """
    failed = create_trial(state=TrialState.FAIL)
    trials = record.trials
    unseen: set[int] = set()
    if definition.search.sampler in MODELS and len(trials) > MOST:
        shown = (*record.ranking[:BEST], *trials[BEST - MOST :])
        seen = {t.number: t for t in (*shown, *record.in_state(TrialState.RUNNING))}
        if definition.search.pruner == "hyperband":
            unseen = set(range(len(trials))) - set(seen)
        else:
            trials = tuple(seen[number] for number in sorted(seen))
    return [
        trial.in_space_of_now()
        if trial.number not in unseen
        and trial.state != TrialState.WAITING
        and not trial.is_of_others
        else failed
        for trial in trials
    ]
