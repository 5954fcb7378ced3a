"""How a study stands: the best trial, what failed, how long the rest takes, what to type next."""

import shlex
from collections import Counter

from optuna.trial import TrialState

from data.errors import several
from search.findings.text import duration, parameters_text, scores_text, states_text, value_text
from search.storage.home import StudyHome, shown
from search.storage.record import StudyRecord
from search.storage.urls import DEFAULT_STORAGE, without_password


def result_lines(record: StudyRecord, home: StudyHome) -> list[str]:
    """The best trial, or that there is none."""
    lines = [f"study {record.name}: {states_text(record) or 'no trials'}"]
    repeats = sum(trial.stored.repeat_of is not None for trial in record.trials)
    if repeats:
        repeat = several(repeats, "of them repeats", "of them repeat")
        lines.append(f"{repeat} an earlier configuration with another seed")
    best = record.best
    if best is None:
        return [*lines, "no trial is complete yet, so there is no best one"]
    epoch = best.best_epoch
    if epoch is None:  # another program's
        told = [
            f"best trial {best.number}: {value_text(best.value)}",
            parameters_text(best.params),
        ]
        return [*lines, *told]
    return [
        *lines,
        f"best trial {best.number}: {scores_text(epoch, record.objective)} "
        f"after epoch {epoch.number}",
        f"  {parameters_text(best.params)}",
        f"  {_classifier_text(record, home)}",
        *_baseline_lines(record),
    ]


def _baseline_lines(record: StudyRecord) -> list[str]:
    """What a linear classifier has of the same validation texts, once it is known."""
    found = record.baseline
    if found is None:
        return []
    scores = f"accuracy {found.accuracy:.4f}, macro-F1 {found.macro_f1:.4f}"
    return [f"linear baseline (TF-IDF of one and two tokens, SVM): {scores}"]


def standing_lines(record: StudyRecord, home: StudyHome) -> list[str]:
    """The result so far, failures by class, and the time the missing trials will take."""
    lines = result_lines(record, home)
    failures = [t.stored.failure for t in record.in_state(TrialState.FAIL) if t.stored.failure]
    kinds = Counter(failure.kind for failure in failures)
    if kinds:
        counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        lines.append(f"failures: {counted}")
    seconds = seconds_left(record)
    return lines if seconds is None else [*lines, f"about {duration(seconds)} left"]


def _classifier_text(record: StudyRecord, home: StudyHome) -> str:
    if home.has_best(record.identity):
        return f"its classifier: {shown(home.best)}"
    return f"its classifier is not in {shown(home.best)}: the next run trains it again"


def seconds_left(record: StudyRecord) -> float | None:
    """How long the trials that were asked for last will take, by what the finished ones took."""
    taken = [t.stored.seconds for t in record.finished if t.stored.seconds is not None]
    missing = record.asked - len(record.finished)
    if not taken or missing <= 0:
        return None
    return missing * sum(taken) / len(taken) / max(len(record.alive), 1)


def storage_option(home: StudyHome) -> str:
    """The option that names the study's database, where it is not the usual one."""
    if home.url == DEFAULT_STORAGE:
        return ""
    return f" --storage {shlex.quote(without_password(home.url))}"


def next_commands(home: StudyHome) -> list[str]:
    """Commands to go on with."""
    return [
        f"python -m search.report --study {home.name}{storage_option(home)} --open",
        f"optuna-dashboard {shlex.quote(without_password(home.url))}",
    ]
