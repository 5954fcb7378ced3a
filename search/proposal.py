"""The next trial's parameters, and its birth in the study in one step.

Optuna's own ``ask`` stores a trial first and its parameters one by one: killed in between, it
leaves half a trial, which goes on with other numbers than it began with. Here the sampler is
asked on a copy of the study in memory, and the trial is stored whole, in one transaction.
"""

import optuna
from optuna.trial import TrialState, create_trial

from search.definition import Definition
from search.owner import me
from search.space import draw, enqueued
from search.strategy import make_pruner, make_sampler


def begin_trial(study: optuna.Study, definition: Definition) -> optuna.Trial:
    """Store a new running trial of ``study``, owned by this process, with all its parameters.

    They depend on the definition, the trial's number and the trials before it, on nothing else.
    """
    number = len(study.get_trials(deepcopy=False))
    proposed = _propose(study, definition, number)
    study.add_trial(
        create_trial(
            state=TrialState.RUNNING,
            params=proposed.params,
            distributions=proposed.distributions,
            user_attrs={"owner": me()},
            system_attrs=proposed.system_attrs,
        )
    )
    return optuna.Trial(study, study.get_trials(deepcopy=False)[number]._trial_id)


def _propose(study: optuna.Study, definition: Definition, number: int) -> optuna.trial.FrozenTrial:
    copy = optuna.create_study(
        study_name=study.study_name,  # Hyperband's brackets depend on it
        sampler=make_sampler(definition, number),
        pruner=make_pruner(definition),
    )
    copy.add_trials(study.get_trials(deepcopy=False))
    configuration = enqueued(definition, number)
    if configuration is not None:
        copy.enqueue_trial(configuration)
    trial = copy.ask()
    draw(trial, definition)
    return copy.get_trials(deepcopy=False)[trial.number]
