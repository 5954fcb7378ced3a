"""Whether the epochs were enough: trials that were still getting better when they ended."""

from search.definition.criteria import is_maximized
from search.storage.record import StudyRecord, TrialRecord

GAIN = 0.01  # of the loss, or of what is missing to a perfect score: less is noise
LONGER = 2  # times the epochs that are then worth a try


def still_improving(trial: TrialRecord) -> bool:
    """Whether the trial's last epoch was clearly better than all before."""
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
    among = ", the best one among them," if best in improving and len(improving) > 1 else ""
    one = "the best of" if improving == [best] else f"{len(improving)} of"
    verb = "was" if len(improving) == 1 else "were"
    epochs = max(len(trial.stored.curve) for trial in improving)
    way = (
        f"--epochs {LONGER * epochs}" if "epochs" not in best.params else "more epochs in [space]"
    )
    return [
        f"{one} {len(record.ranking)} complete trials{among} {verb} still improving in the last "
        f"epoch: {way} and another --name may find better ones"
    ]
