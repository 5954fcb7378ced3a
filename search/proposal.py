"""The next trial's parameters, and its birth in the study in one step.

Optuna's own ``ask`` stores a trial first and its parameters one by one: killed in between, it
leaves half a trial, which goes on with other numbers than it began with. Here the sampler is
asked on a copy of the study in memory, and the trial is stored whole, in one transaction.
"""

from collections.abc import Callable
from copy import copy

import optuna
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.definition import Definition
from search.domain import Value
from search.owner import me
from search.space import draw, enqueued
from search.strategy import make_pruner, make_sampler


def begin_trial(
    study: optuna.Study, definition: Definition, fits: Callable[[dict[str, Value]], bool]
) -> optuna.Trial | None:
    """Store a new running trial of ``study``, owned by this process, with all its parameters.

    They depend on the definition, the trial's number and the trials before it, on nothing else.
    Where they equal an earlier trial's, this one is another seed of that configuration (training
    seeds differ by the trial's number) and marked so: "repeat_of", "repetition". Nothing is stored
    of parameters that do not fit the time that is left.
    """
    trials = study.get_trials(deepcopy=False)
    proposed = _propose(study, definition, trials)
    if not fits(proposed.params):
        return None
    same = [t for t in trials if t.params == proposed.params]
    repeats = {"repeat_of": same[0].number, "repetition": len(same) + 1} if same else {}
    study.add_trial(
        create_trial(
            state=TrialState.RUNNING,
            params=proposed.params,
            distributions=proposed.distributions,
            user_attrs={"owner": me(), **repeats},
            system_attrs=proposed.system_attrs,
        )
    )
    storage = study._storage  # it is asked for one trial, not for all of them
    trial_id = storage.get_trial_id_from_study_id_trial_number(study._study_id, len(trials))
    return optuna.Trial(study, trial_id)


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


def _propose(
    study: optuna.Study, definition: Definition, trials: list[FrozenTrial]
) -> FrozenTrial:
    number = len(trials)
    memory = optuna.create_study(
        study_name=study.study_name,  # Hyperband's brackets depend on it
        sampler=make_sampler(definition, number),
        pruner=make_pruner(definition),
    )
    memory.add_trials([_shared(trial) for trial in trials])
    configuration = enqueued(definition, number)
    if configuration is not None:
        memory.enqueue_trial(configuration)
    trial = memory.ask()
    draw(trial, definition)
    return memory.get_trials(deepcopy=False)[trial.number]
