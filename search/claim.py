"""Which trial to run now: one that was interrupted, under its own number, or a new one."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import optuna
from optuna.trial import FrozenTrial, TrialState

from search.definition import Definition
from search.domain import Value
from search.owner import is_gone, is_here, me
from search.proposal import begin_trial

Fits = Callable[[dict[str, Value], int], bool]
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class Limits:
    """How far a run goes.

    Attributes:
        trials: the study's total of finished trials, counting what earlier runs finished.
        timeout: seconds after which no trial is begun.
        failures: stop after so many failed trials in this run.
        take_over: running trials of other hosts are taken to be interrupted.
        fits: whether a trial of given parameters can still end in time, after so many epochs of
            it that are done.
    """

    trials: int
    timeout: float | None = None
    failures: int | None = None
    take_over: bool = False
    fits: Fits | None = None


def count_finished(study: optuna.Study) -> int:
    """Trials that count: complete and pruned ones."""
    return len(study.get_trials(deepcopy=False, states=FINISHED))


def claim(
    study: optuna.Study, definition: Definition, limits: Limits, *, mine: set[int]
) -> optuna.Trial | None:
    """A trial for this run, or ``None`` where those that run make up the total.

    Call it with the study's lock held.

    Args:
        study: an open study.
        definition: the study's.
        limits: of this run.
        mine: trials that this run is running.
    """
    trials = study.get_trials(deepcopy=False)
    running = [t for t in trials if t.state == TrialState.RUNNING]
    finished = sum(t.state in FINISHED for t in trials)
    orphans = [t for t in running if _is_orphan(t, limits, mine)]
    fits = limits.fits or (lambda _params, _done: True)
    if finished + len(running) - len(orphans) >= limits.trials:
        return None
    if orphans:
        if not fits(orphans[0].params, orphans[0].last_step or 0):
            return None
        trial = optuna.Trial(study, orphans[0]._trial_id)
        trial.set_user_attr("owner", me())
        return trial
    if not definition.space and len(trials) >= len(definition.enqueue):
        return None
    return begin_trial(study, definition, lambda params: fits(params, 0))


def others_here(study: optuna.Study, mine: set[int]) -> list[int]:
    """Trials that another run on this machine is running, or left behind just now."""
    running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    return [t.number for t in running if t.number not in mine and is_here(_owner(t))]


def running_now(study: optuna.Study) -> list[int]:
    """Trials whose owner may be alive."""
    running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    return [t.number for t in running if not is_gone(_owner(t))]


def others_elsewhere(study: optuna.Study) -> dict[str, int]:
    """How many running trials each other host has."""
    running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    owners = [t.user_attrs["owner"] for t in running if not is_here(_owner(t))]
    return Counter(str(owner["host"]) for owner in owners)


def clear_up(study: optuna.Study, folder: Path) -> None:
    """Remove states of trials that have ended: a kill may come just before that."""
    running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    needed = {str(t.number) for t in running}
    for path in folder.glob("*"):
        if path.stem not in needed:
            path.unlink(missing_ok=True)


def _is_orphan(trial: FrozenTrial, limits: Limits, mine: set[int]) -> bool:
    if trial.number in mine:
        return False
    owner = _owner(trial)
    return is_gone(owner) or owner == me() or (limits.take_over and not is_here(owner))


def _owner(trial: FrozenTrial) -> dict[str, str | int | float] | None:
    return trial.user_attrs.get("owner")
