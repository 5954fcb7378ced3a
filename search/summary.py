"""What a search says at its end: the best trial, and what to type next."""

import shlex
from collections import Counter

import optuna
from optuna.trial import FrozenTrial, TrialState

from search.choice import FOLDER
from search.storage import DEFAULT_STORAGE


def result_lines(study: optuna.Study) -> list[str]:
    """The best trial, or that there is none."""
    lines = [f"study {study.study_name}: {states_text(study) or 'no trials'}"]
    if not any(t.state == TrialState.COMPLETE for t in study.get_trials(deepcopy=False)):
        return [*lines, "no trial is complete yet, so there is no best one"]
    best = study.best_trial
    attributes = best.user_attrs
    return [
        *lines,
        f"best trial {best.number}: validation loss {best.value:.4f}, "
        f"accuracy {attributes['accuracy']:.4f}, macro-F1 {attributes['macro_f1']:.4f} "
        f"after epoch {attributes['best_epoch']}",
        f"  {parameters_text(best)}",
        f"  its classifier: {FOLDER / study.study_name / 'best'}",
    ]


def states_text(study: optuna.Study) -> str:
    """How many trials are in each state that there is: "31 complete, 19 pruned"."""
    counts = Counter(trial.state for trial in study.get_trials(deepcopy=False))
    return ", ".join(f"{counts[s]} {s.name.lower()}" for s in TrialState if counts[s])


def next_commands(study: optuna.Study, url: str) -> list[str]:
    """Commands to go on with."""
    storage = "" if url == DEFAULT_STORAGE else f" --storage {shlex.quote(url)}"
    return [
        f"python -m search.report --study {study.study_name}{storage} --open",
        f"optuna-dashboard {shlex.quote(url)}",
    ]


def parameters_text(trial: FrozenTrial) -> str:
    """The trial's parameters in one line."""
    values = trial.params.items()
    return " ".join(f"{k}={v:.4g}" if isinstance(v, float) else f"{k}={v}" for k, v in values)
