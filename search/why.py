"""Why a trial ended as it did, in a paragraph."""

import optuna
from optuna.trial import FrozenTrial, TrialState

from search.definition import StudyError
from search.overview import owner_text
from search.summary import parameters_text


def why(study: optuna.Study, number: int) -> str:
    """What happened to trial ``number`` of ``study``.

    Raises:
        StudyError: there is no such trial, or another program wrote the study.
    """
    trials = study.get_trials(deepcopy=False)
    if number >= len(trials):
        raise StudyError(
            f"--why {number}: the study {study.study_name} has {len(trials)} trials, from 0"
        )
    if "definition" not in study.user_attrs:
        raise StudyError(f"the study {study.study_name} was made by another program")
    trial = trials[number]
    told = {
        TrialState.COMPLETE: _complete,
        TrialState.PRUNED: _pruned,
        TrialState.FAIL: _failed,
        TrialState.RUNNING: _running,
        TrialState.WAITING: _running,
    }[trial.state](trial, trials)
    return f"Trial {number} ({parameters_text(trial)}) {told}{_remarks(trial)}"


def _complete(trial: FrozenTrial, trials: list[FrozenTrial]) -> str:
    complete = [t for t in trials if t.state == TrialState.COMPLETE]
    ranking = sorted(complete, key=_value)
    rank = ranking.index(trial)
    told = (
        f"with validation loss {_value(trial):.4f}, accuracy {trial.user_attrs['accuracy']:.4f} "
        f"after epoch {trial.user_attrs['best_epoch']}"
    )
    if rank:
        best = ranking[0]
        return (
            f"is complete, number {rank + 1} of {len(ranking)}: {told}; trial {best.number} "
            f"is best with {_value(best):.4f}."
        )
    if len(ranking) == 1:
        return f"won, {told}: no other trial is complete."
    second = ranking[1]
    lead = _value(second) - _value(trial)
    return (
        f"won, {told}. It leads trial {second.number} ({_value(second):.4f}) by {lead:.4f}; "
        "each was trained with one seed, so that another seed may turn a small lead around."
    )


def _pruned(trial: FrozenTrial, trials: list[FrozenTrial]) -> str:
    verdict = trial.user_attrs["pruned"]
    told = (
        f"was pruned after epoch {verdict['epoch']}: its lowest validation loss until then was "
        f"{verdict['value']:.4f}"
    )
    if "median" not in verdict:
        return f"{told}, and Hyperband went on with better trials only."
    return (
        f"{told}, above {verdict['median']:.4f}, the median at that epoch of the "
        f"{verdict['trials']} trials that were complete."
    )


def _failed(trial: FrozenTrial, trials: list[FrozenTrial]) -> str:
    failure = trial.user_attrs["failure"]
    memory = failure["memory"]
    peak = f", {memory / 2**20:,.0f} MiB of memory at its peak" if memory else ""
    told = (
        f"failed in epoch {failure['epoch']} on {failure['device']}{peak} "
        f"({failure['kind']}): {failure['message']}"
    )
    return "\n  ".join([told, *failure["traceback"]])


def _running(trial: FrozenTrial, trials: list[FrozenTrial]) -> str:
    owner = owner_text(trial.user_attrs.get("owner"))
    said = "was interrupted" if owner == "interrupted" else f"is {owner}"
    goes = "; the same search command goes on with it" if owner == "interrupted" else ""
    return f"{said} after {len(trial.user_attrs.get('curve', []))} epochs{goes}."


def _remarks(trial: FrozenTrial) -> str:
    attributes, remarks = trial.user_attrs, ""
    if "ended_by" in attributes:
        epochs = len(attributes["curve"])
        remarks += f" {attributes['ended_by']} ended it after {epochs} epochs."
    if "batch_parts" in attributes:
        parts = attributes["batch_parts"]
        remarks += f" Memory ran out: its batches were trained in {parts} parts."
    if "repeat_of" in attributes:
        remarks += (
            f" It repeats the configuration of trial {attributes['repeat_of']} with another seed."
        )
    return remarks


def _value(trial: FrozenTrial) -> float:
    assert trial.value is not None
    return trial.value
