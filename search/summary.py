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
    repeats = sum("repeat_of" in t.user_attrs for t in study.get_trials(deepcopy=False))
    if repeats:
        lines.append(f"{repeats} of them repeat an earlier configuration with another seed")
    if not any(t.state == TrialState.COMPLETE for t in study.get_trials(deepcopy=False)):
        return [*lines, "no trial is complete yet, so there is no best one"]
    best = study.best_trial
    attributes = best.user_attrs
    if "definition" not in study.user_attrs:  # another program's: attributes may be anything
        return [*lines, f"best trial {best.number}: {best.value:.4f}", parameters_text(best)]
    return [
        *lines,
        f"best trial {best.number}: validation loss {best.value:.4f}, "
        f"accuracy {attributes['accuracy']:.4f}, macro-F1 {attributes['macro_f1']:.4f} "
        f"after epoch {attributes['best_epoch']}",
        f"  {parameters_text(best)}",
        f"  its classifier: {FOLDER / study.study_name / 'best'}",
    ]


def standing_lines(study: optuna.Study) -> list[str]:
    """The result so far, failures by class, and the time the missing trials will take."""
    lines = result_lines(study)
    trials = study.get_trials(deepcopy=False)
    kinds = Counter(t.user_attrs["failure"]["kind"] for t in trials if "failure" in t.user_attrs)
    if kinds:
        failures = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        lines.append(f"failures: {failures}")
    seconds = seconds_left(study)
    return lines if seconds is None else [*lines, f"about {duration(seconds)} left"]


def seconds_left(study: optuna.Study) -> float | None:
    """How long the trials that were asked for last will take, by what the finished ones took."""
    trials = study.get_trials(deepcopy=False)
    done = [
        t.user_attrs["seconds"]
        for t in trials
        if t.state in (TrialState.COMPLETE, TrialState.PRUNED) and "seconds" in t.user_attrs
    ]
    running = sum(t.state == TrialState.RUNNING for t in trials)
    missing = study.user_attrs.get("asked", 0) - len(done)
    if not done or missing <= 0:
        return None
    return float(missing * sum(done) / len(done) / max(running, 1))


def duration(seconds: float) -> str:
    """``seconds`` for people: 4.2 s, 42 s, 3 min, 1 h 20 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


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
