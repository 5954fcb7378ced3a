"""Studies and trials as lines and tables of a terminal; they may be running meanwhile."""

from collections.abc import Sequence

from optuna.trial import TrialState
from rich import box
from rich.table import Table
from rich.text import Text

from model.epoch import Epoch
from search.definition.criteria import LOSS
from search.findings.text import (
    note,
    objective_text,
    parameters_text,
    scores,
    states_text,
    value_text,
)
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

COLOURS = {TrialState.COMPLETE: "green", TrialState.PRUNED: "yellow", TrialState.FAIL: "red"}


def studies_table(records: Sequence[StudyRecord]) -> Table:
    """A line for each study: its trials, its best, when it was last written to."""
    one = all(record.objective == LOSS for record in records)
    table = _table(
        "study", "trials", "best loss" if one else "best", "macro-F1", "best trial", "last begun"
    )
    for record in records:
        best, named = record.best, f"{objective_text(record.objective)} "
        epoch = best.best_epoch if best else None
        begun = [t.frozen.datetime_start for t in record.trials if t.frozen.datetime_start]
        table.add_row(
            Text(record.name),
            states_text(record) or "none",
            Text(f"{'' if one else named}{value_text(best.value)}" if best else ""),
            f"{epoch.macro_f1:.4f}" if epoch else "",
            str(best.number) if best else "",
            f"{max(begun):%Y-%m-%d %H:%M}" if begun else "",
        )
    return table


def trial_line(trial: TrialRecord) -> Text:
    """A trial in one line: state, best epoch's scores, time, parameters, what is remarkable."""
    state = trial.state.name.lower()
    text = Text.assemble(
        f"trial {trial.number:>3} ", (f"{state:<8} ", COLOURS.get(trial.state, ""))
    )
    curve, best = trial.stored.curve, trial.best_epoch
    if best and trial.state != TrialState.FAIL:
        seconds = sum(epoch.seconds for epoch in curve)
        text.append(_scores(best, trial.objective))
        epochs = "epoch" if len(curve) == 1 else "epochs"
        text.append(f"{len(curve):>2} {epochs:<6}  {seconds:5.1f} s  ")
    elif trial.value is not None:
        name = objective_text(trial.objective)
        text.append(f"{name.removeprefix('validation ')} {value_text(trial.value)}  ")
    remarks, parameters = note(trial), parameters_text(trial.params)
    if trial.state == TrialState.FAIL:
        return text.append(f"{remarks}  ").append(parameters, "dim")
    text.append(parameters, "dim")
    return text.append(f"  ({remarks})", "dim") if remarks else text


def _scores(epoch: Epoch, objective: str) -> str:
    """The objective's, the loss, the accuracy, macro-F1."""
    shown = {objective_text(name): "" for name in (objective, "loss", "accuracy", "macro_f1")}
    values = scores(epoch, objective)
    told = "".join(f"{name} {values[name]:.4f}  " for name in shown)
    return told.replace("validation loss", "loss")


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table
