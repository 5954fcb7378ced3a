"""Whether the epochs were enough: trials that were still getting better when they ended."""

from search.definition.criteria import is_maximized
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

GAIN = 0.01  # of the loss, or of what is missing to a perfect score: less is noise
LONGER = 2  # times the epochs that are then worth a try


def still_improving(trial: TrialRecord) -> bool:
    """Whether the trial's last epoch was clearly better than all before; no option ended it."""
    if trial.stored.ended_by:
        return False
    scores = [epoch.score for epoch in trial.stored.curve]
    if is_maximized(trial.objective):
        scores = [1 - score for score in scores]
    return len(scores) > 1 and scores[-1] < min(scores[:-1]) * (1 - GAIN)


def budget_lines(record: StudyRecord) -> list[str]:
    """That more epochs may help, where the best trial or most of the complete ones say so."""
    best = record.best
    improving = [trial for trial in record.ranking if still_improving(trial)]
    if best is None or not (best in improving or len(improving) * 2 > len(record.ranking)):
        return []
    others = len(improving) - (best in improving)
    who = f"{len(improving)} of {len(record.ranking)} complete trials"
    if not others:
        who = "the best trial"
    elif best in improving:
        who += ", the best one among them,"
    epochs = max(len(trial.stored.curve) for trial in improving)
    way = (
        f"--epochs {LONGER * epochs}" if "epochs" not in best.params else "more epochs in [space]"
    )
    return [
        f"{who} {'were' if len(improving) > 1 else 'was'} still improving in the last epoch: "
        f"{way} and another --name may find better ones"
    ]
