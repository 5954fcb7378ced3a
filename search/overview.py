"""Studies and trials as tables for a terminal; they may be running meanwhile."""

from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState
from rich import box
from rich.table import Table
from rich.text import Text

from search.owner import is_gone, is_here
from search.summary import parameters_text, states_text

COLOURS = {TrialState.COMPLETE: "green", TrialState.PRUNED: "yellow", TrialState.FAIL: "red"}


def studies_table(studies: list[optuna.Study]) -> Table:
    """A line for each study: its trials, its best, when it was last written to."""
    table = _table("study", "trials", "best loss", "best trial", "last begun")
    for study in studies:
        trials = study.get_trials(deepcopy=False)
        single = len(study.directions) == 1  # another program's may have several objectives
        complete = [t for t in trials if single and t.state == TrialState.COMPLETE]
        best = min(complete, key=lambda t: t.value or 0.0, default=None)
        begun = [t.datetime_start for t in trials if t.datetime_start]
        table.add_row(
            Text(study.study_name),
            states_text(study) or "none",
            f"{best.value:.4f}" if best else "",
            str(best.number) if best else "",
            f"{max(begun):%Y-%m-%d %H:%M}" if begun else "",
        )
    return table


def trial_line(trial: FrozenTrial, *, ours: bool = True) -> Text:
    """A trial in one line: state, best epoch's scores, time, parameters, what is remarkable.

    Args:
        trial: in any state.
        ours: its attributes are this program's; else they may be anything.
    """
    attributes = trial.user_attrs if ours else {}
    state = trial.state.name.lower()
    text = Text.assemble(
        f"trial {trial.number:>3} ", (f"{state:<8} ", COLOURS.get(trial.state, ""))
    )
    curve = attributes.get("curve", [])
    if curve and trial.state != TrialState.FAIL:
        best = min(curve, key=lambda row: row["validation_loss"])
        seconds = sum(row["seconds"] for row in curve)
        text.append(f"loss {best['validation_loss']:.4f}  accuracy {best['accuracy']:.4f}  ")
        text.append(f"{len(curve):>2} epochs  {seconds:5.1f} s  ")
    elif trial.value is not None:
        text.append(f"loss {trial.value:.4f}  ")
    if trial.state == TrialState.FAIL:
        text.append(f"{note(trial, attributes)}  ")
    text.append(parameters_text(trial), "dim")
    if trial.state != TrialState.FAIL and (remarks := note(trial, attributes)):
        text.append(f"  ({remarks})", "dim")
    return text


def note(trial: FrozenTrial, attributes: dict[str, Any]) -> str:
    """What is remarkable about a trial: its owner, its failure, that it repeats another."""
    notes = []
    if trial.state == TrialState.RUNNING and attributes:
        notes.append(owner_text(attributes.get("owner")))
    if trial.state == TrialState.FAIL and "failure" in attributes:
        failure = attributes["failure"]
        notes.append(f"{failure['kind']}: {failure['message'].splitlines()[0]}")
    if "repeat_of" in attributes:
        notes.append(f"seed {attributes['repetition']} of trial {attributes['repeat_of']}")
    if "ended_by" in attributes:
        notes.append(f"ended by {attributes['ended_by']}")
    if "batch_parts" in attributes:
        notes.append(f"batches in {attributes['batch_parts']} parts")
    return "; ".join(notes)


def owner_text(owner: dict[str, str | int | float] | None) -> str:
    """Who runs a trial, or that nobody does any more."""
    if owner is None or is_gone(owner):
        return "interrupted"
    where = "" if is_here(owner) else f" on {owner['host']}"
    return f"run by process {owner['pid']}{where}"


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table
