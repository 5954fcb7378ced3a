"""The search itself: trials one after another until the study has as many as were asked for."""

import time

import optuna
from optuna.trial import FrozenTrial, TrialState

from search.objective import Objective
from search.owner import is_gone, me
from search.progress import Progress
from search.proposal import begin_trial
from search.strategy import make_pruner

FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
MOST_FAILURES = 3  # of one kind, in a row


class SearchFailedError(RuntimeError):
    """The same failure again and again; the message says which."""


def run_search(
    study: optuna.Study,
    objective: Objective,
    *,
    trials: int,
    timeout: float | None,
    progress: Progress,
) -> None:
    """Run trials until ``trials`` of the study are finished (complete or pruned).

    Args:
        study: a study opened for the objective's definition.
        objective: runs a trial.
        trials: the study's total, counting what earlier calls finished.
        timeout: seconds after which no new trial starts; ``None``: no limit.
        progress: is told of every trial and epoch.

    Raises:
        SearchFailedError: three trials in a row failed in the same way.
    """
    study.pruner = make_pruner(objective.definition)
    study.sampler = optuna.samplers.RandomSampler()  # never asked: see search.proposal
    start = time.monotonic()
    failed_here: list[str] = []
    while count_finished(study) < trials:
        if timeout is not None and time.monotonic() - start >= timeout:
            return
        trial = next_trial(study, objective)
        with progress.trial(trial.number):
            objective.run(trial, progress.epoch)
        frozen = study.get_trials(deepcopy=False)[trial.number]
        progress.finished(frozen)
        failed_here = [*failed_here, _failure(frozen)] if frozen.state == TrialState.FAIL else []
        _stop_if_hopeless(failed_here, frozen)


def count_finished(study: optuna.Study) -> int:
    """Trials that count: complete and pruned ones."""
    return len(study.get_trials(deepcopy=False, states=FINISHED))


def next_trial(study: optuna.Study, objective: Objective) -> optuna.Trial:
    """The trial to run now: one whose owner is gone, under its own number, or a new one."""
    for frozen in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        if is_gone(frozen.user_attrs.get("owner")):
            trial = optuna.Trial(study, frozen._trial_id)
            trial.set_user_attr("owner", me())
            return trial
    return begin_trial(study, objective.definition)


def _failure(trial: FrozenTrial) -> str:
    return str(trial.user_attrs.get("failure", {}).get("kind"))


def _stop_if_hopeless(failures: list[str], last: FrozenTrial) -> None:
    latest = failures[-MOST_FAILURES:]
    if len(latest) == MOST_FAILURES and len(set(latest)) == 1:
        message = last.user_attrs["failure"]["message"]
        raise SearchFailedError(
            f"{MOST_FAILURES} trials in a row failed ({latest[0]}); the last one: {message}"
        )
