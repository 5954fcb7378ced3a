"""Why a trial ended as it did, in a paragraph."""

from typing import assert_never

from optuna.trial import TrialState

from data.errors import several
from search.definition.criteria import is_maximized
from search.errors import StudyError
from search.findings.text import objective_text, owner_text, parameters_text, scores_text
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord


def why(record: StudyRecord, number: int) -> str:
    """What happened to trial ``number`` of the study.

    Raises:
        StudyError: there is no such trial, or another program wrote the study.
    """
    if number >= len(record.trials):
        raise StudyError(
            f"--why {number}: the study {record.name} has "
            f"{several(len(record.trials), 'trial')}, from 0"
        )
    if not record.is_ours:
        raise StudyError(f"the study {record.name} was made by another program")
    trial = record.trials[number]
    told = f"{_ended(trial, record, _ranks(record))}{_remarks(trial)}"
    return f"Trial {number} ({parameters_text(trial.params)}) {told}"


def why_each(record: StudyRecord) -> list[str]:
    """What happened to each trial, without its parameters; nothing of another program's study."""
    if not record.is_ours:
        return [""] * len(record.trials)
    ranks = _ranks(record)
    return [f"Trial {t.number} {_ended(t, record, ranks)}{_remarks(t)}" for t in record.trials]


def _ranks(record: StudyRecord) -> dict[int, int]:
    """The place of each complete trial, from 0, by its number."""
    return {trial.number: rank for rank, trial in enumerate(record.ranking)}


def _ended(trial: TrialRecord, record: StudyRecord, ranks: dict[int, int]) -> str:
    match trial.state:
        case TrialState.COMPLETE:
            return _complete(trial, record, ranks.get(trial.number))
        case TrialState.PRUNED:
            return _pruned(trial)
        case TrialState.FAIL:
            return _failed(trial)
        case TrialState.RUNNING:
            return _running(trial)
        case TrialState.WAITING:
            return "was queued and waits: the next run begins with it."
        case _:
            assert_never(trial.state)


def _complete(trial: TrialRecord, record: StudyRecord, rank: int | None) -> str:
    ranking, best = record.ranking, trial.best_epoch
    told = f"with {objective_text(record.objective)} {trial.value:.4f}"
    if best:
        told = f"with {scores_text(best, record.objective, most=2)} after epoch {best.number}"
    if rank is None:
        return f"is complete, {told}; another program ran it, so that it has no place here."
    if rank:
        first = ranking[0]
        return (
            f"is complete, number {rank + 1} of {len(ranking)}: {told}; trial {first.number} "
            f"is best with {first.value:.4f}."
        )
    if len(ranking) == 1:
        return f"won, {told}: no other trial is complete."
    second = ranking[1]
    lead = abs((second.value or 0.0) - (trial.value or 0.0))
    return (
        f"won, {told}. It leads trial {second.number} ({second.value:.4f}) by {lead:.4f}; "
        "each was trained with one seed, so that another seed may turn a small lead around."
    )


def _pruned(trial: TrialRecord) -> str:
    pruning = trial.stored.pruning
    if pruning is None:
        return "was pruned; what was compared is not stored."
    extreme, side = ("highest", "below") if is_maximized(trial.objective) else ("lowest", "above")
    told = (
        f"was pruned after epoch {pruning.epoch}: its {extreme} {objective_text(trial.objective)} "
        f"until then was {pruning.value:.4f}"
    )
    if pruning.median is None:
        return f"{told}, and Hyperband went on with better trials only."
    return (
        f"{told}, {side} {pruning.median:.4f}, the median at that epoch of the "
        f"{several(pruning.trials or 0, 'trial that was', 'trials that were')} complete."
    )


def _failed(trial: TrialRecord) -> str:
    failure = trial.stored.failure
    if failure is None:
        return "failed; the reason is not stored."
    memory = failure.memory
    peak = f", {memory / 2**20:,.0f} MiB of memory at its peak" if memory else ""
    told = (
        f"failed in epoch {failure.epoch} on {failure.device}{peak} "
        f"({failure.kind}): {failure.message}"
    )
    return "\n  ".join([told, *failure.traceback])


def _running(trial: TrialRecord) -> str:
    owner = owner_text(trial.stored.owner)
    said = "was interrupted" if owner == "interrupted" else f"is {owner}"
    goes = "; the same search command goes on with it" if owner == "interrupted" else ""
    return f"{said} after {several(len(trial.stored.curve), 'epoch')}{goes}."


def _remarks(trial: TrialRecord) -> str:
    stored, remarks = trial.stored, ""
    if stored.ended_by:
        epochs = several(len(stored.curve), "epoch")
        remarks += f" {stored.ended_by} ended it after {epochs}."
    if stored.batch_parts > 1:
        remarks += f" Memory ran out: its batches were trained in {stored.batch_parts} parts."
    if stored.repeat_of is not None:
        remarks += f" It repeats the configuration of trial {stored.repeat_of} with another seed."
    if trial.filled_in:
        younger = ", ".join(trial.filled_in)
        remarks += f" It is older than {younger} in the space, for which defaults stand here."
    return remarks
