"""Times, sizes, scores and trials in a few words: the same in terminal, report and messages."""

from collections.abc import Mapping
from math import isnan

from optuna.trial import TrialState

from model.epoch import Epoch
from search.definition.domain import Value
from search.storage.owner import Owner
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

OBJECTIVES = {"loss": "validation loss", "accuracy": "accuracy", "macro_f1": "macro-F1"}


def objective_text(objective: str) -> str:
    """What a study is searched for, for people; "": another program knows."""
    class_name = objective.partition(":")[2]
    return f"F1 of {class_name!r}" if class_name else OBJECTIVES.get(objective, "value")


def scores(epoch: Epoch, objective: str) -> dict[str, float]:
    """The scores of ``epoch`` by their names for people, that of the ``objective`` first."""
    named = {
        "loss": epoch.validation_loss,
        "accuracy": epoch.accuracy,
        "macro_f1": epoch.macro_f1,
    }
    values = {objective: epoch.score, **named}
    return {objective_text(name): value for name, value in values.items()}


def scores_text(epoch: Epoch, objective: str, most: int = 4) -> str:
    """The first of these scores: "validation loss 0.2859, accuracy 0.9210"."""
    found = list(scores(epoch, objective).items())[:most]
    return ", ".join(f"{name} {value:.4f}" for name, value in found)


def value_text(value: float | None) -> str:
    """An objective's value: four decimals, or four digits where these would tell little.

    Another program's values may be of any size. "" of none.
    """
    if value is None or isnan(value):
        return ""
    return f"{value:.4f}" if 0.0005 <= abs(value) < 1000 or value == 0 else f"{value:.4g}"


def duration(seconds: float) -> str:
    """``seconds`` for people: 4.2 s, 42 s, 3 min, 1 h 20 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def hours_text(hours: float) -> str:
    """``hours`` for people: less than one are told in smaller units."""
    return f"{hours:.1f} h" if hours >= 0.995 else duration(hours * 3600)


def size(count: float) -> str:
    """``count`` bytes for people."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:,.1f} MiB"


def parameters_text(params: Mapping[str, Value]) -> str:
    """A trial's parameters in one line."""
    values = params.items()
    return " ".join(f"{k}={v:.4g}" if isinstance(v, float) else f"{k}={v}" for k, v in values)


def states_text(record: StudyRecord) -> str:
    """How many trials are in each state that there is: "31 complete, 19 pruned"."""
    return ", ".join(f"{count:,} {state_text(s)}" for s, count in record.counts().items())


def states_of(record: StudyRecord) -> dict[str, int]:
    """How many trials are what; a running one that nobody runs any more is interrupted."""
    counts = {state_text(state): count for state, count in record.counts().items()}
    owners = [trial.stored.owner for trial in record.in_state(TrialState.RUNNING)]
    gone = sum(owner is not None and owner.is_gone for owner in owners)
    if gone:
        counts |= {"running": len(owners) - gone, "interrupted": gone}
    return {word: count for word, count in counts.items() if count}


def state_text(state: TrialState) -> str:
    """What a trial is that is in it."""
    return "failed" if state == TrialState.FAIL else state.name.lower()


def owner_text(owner: Owner | None) -> str:
    """Who runs a trial, or that nobody does any more."""
    if owner is None:
        return "run by another program"
    if owner.is_gone:
        return "interrupted"
    where = "" if owner.is_here else f" on {owner.host}"
    return f"run by process {owner.pid}{where}"


def note(trial: TrialRecord) -> str:
    """What is remarkable about a trial: its owner, its failure, that it repeats another."""
    stored, notes = trial.stored, []
    if trial.state.name == "RUNNING" and trial.is_ours:
        notes.append(owner_text(stored.owner))
    if stored.failure:
        notes.append(f"{stored.failure.kind}: {stored.failure.message.splitlines()[0]}")
    if stored.repeat_of is not None:
        notes.append(f"seed {stored.repetition} of trial {stored.repeat_of}")
    if stored.finishes is not None:
        notes.append(f"finishes pruned trial {stored.finishes}")
    if stored.ended_by:
        notes.append(f"ended by {stored.ended_by}")
    if stored.batch_parts > 1:
        notes.append(f"batches in {stored.batch_parts} parts")
    if trial.filled_in:
        notes.append(f"older than {', '.join(trial.filled_in)}")
    return "; ".join(notes)
