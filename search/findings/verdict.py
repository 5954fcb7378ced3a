"""What a study says, in sentences."""

from data.errors import several
from search.findings.text import objective_text, parameters_text, states_text
from search.storage.record import StudyRecord


def summary(record: StudyRecord, importance: dict[str, float]) -> list[str]:
    """What the study says; ``importance`` is what ``importances`` gave."""
    trials = len(record.trials)
    lines = [f"{several(trials, 'trial')}: {states_text(record)}." if trials else "No trials yet."]
    best = record.best
    if best is None:
        return [*lines, "No trial is complete, so there is no best one to show."]
    name, accuracy = objective_text(record.objective), best.stored.accuracy
    scored = "" if accuracy is None or name == "accuracy" else f", accuracy {accuracy:.4f}"
    lines.append(f"The best is trial {best.number}: {name} {best.value:.4f}{scored}.")
    lines.append(f"Its parameters: {parameters_text(best.params)}.")
    repeats = sum(trial.stored.repeat_of is not None for trial in record.trials)
    if repeats:
        repeat = several(repeats, "trial repeats", "trials repeat")
        lines.append(f"{repeat} an earlier configuration with another seed.")
    ranking = [f"{name} ({share:.0%})" for name, share in importance.items()]
    if ranking:
        lines.append(f"What mattered, by fANOVA over complete trials: {', '.join(ranking)}.")
    return lines
