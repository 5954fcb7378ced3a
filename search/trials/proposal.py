"""The next trial's parameters, and its birth in the study in one step.

Optuna's own ``ask`` stores a trial first and its parameters one by one: killed in between, it
leaves half a trial, which goes on with other numbers than it began with. Here the sampler is
asked on a copy of the study in memory, and the trial is stored whole, in one transaction.
"""

from collections.abc import Callable
from copy import copy

import optuna
from optuna.trial import FrozenTrial

from search.definition.domain import Value
from search.definition.space import draw, enqueued
from search.definition.tables import Definition
from search.storage.attributes import Stored
from search.storage.inside_optuna import trial_numbered
from search.storage.owner import me
from search.storage.record import StudyRecord, new_trial
from search.trials.pruning import make_pruner
from search.trials.samplers import make_sampler


def begin_trial(
    study: optuna.Study,
    record: StudyRecord,
    definition: Definition,
    fits: Callable[[dict[str, Value]], bool],
) -> optuna.Trial | None:
    """Store a new running trial of ``study``, owned by this process, with all its parameters.

    They depend on the definition, the trial's number and the trials before it, on nothing else.
    Where they equal an earlier trial's, this one is another seed of that configuration (training
    seeds differ by the trial's number) and marked so. Nothing is stored of parameters that do not
    fit the time that is left: then there is no trial.

    Args:
        study: an open study.
        record: of it, as it is now.
        definition: of the study.
        fits: whether a trial of given parameters can end in time.
    """
    proposed = propose(record, definition)
    if not fits(proposed.params):
        return None
    same = [t for t in record.trials if t.params == proposed.params]
    born = Stored(owner=me())
    if same:
        born = Stored(owner=me(), repeat_of=same[0].number, repetition=len(same) + 1)
    study.add_trial(new_trial(proposed, proposed.distributions, born))
    return trial_numbered(study, len(record.trials))


def propose(record: StudyRecord, definition: Definition) -> FrozenTrial:
    """The next trial of the study of ``record``, which itself is left as it is."""
    number = len(record.trials)
    memory = optuna.create_study(
        study_name=record.name,  # Hyperband's brackets depend on it
        sampler=make_sampler(definition, number),
        pruner=make_pruner(definition),
    )
    memory.add_trials([_shared(trial.in_space_of_now()) for trial in record.trials])
    configuration = enqueued(definition, number)
    if configuration is not None:
        memory.enqueue_trial(configuration)
    trial = memory.ask()
    draw(trial, definition)
    return memory.get_trials(deepcopy=False)[trial.number]


class _Shared(FrozenTrial):
    """A trial that a storage in memory takes as it is: samplers read it and change nothing.

    Deep copies of a thousand trials took an eighth of a second for each proposal.
    """

    def __deepcopy__(self, _: dict[int, object]) -> FrozenTrial:
        return copy(self)


def _shared(trial: FrozenTrial) -> FrozenTrial:
    same = copy(trial)
    same.__class__ = _Shared
    return same
