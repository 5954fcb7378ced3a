"""Studies and trials as lines and tables of a terminal; they may be running meanwhile."""

from collections.abc import Sequence

from optuna.trial import TrialState
from rich import box
from rich.table import Table
from rich.text import Text

from search.findings.text import note, parameters_text, states_text
from search.storage.record import StudyRecord, TrialRecord

COLOURS = {TrialState.COMPLETE: "green", TrialState.PRUNED: "yellow", TrialState.FAIL: "red"}


def studies_table(records: Sequence[StudyRecord]) -> Table:
    """A line for each study: its trials, its best, when it was last written to."""
    table = _table("study", "trials", "best loss", "best trial", "last begun")
    for record in records:
        best = record.best
        begun = [t.frozen.datetime_start for t in record.trials if t.frozen.datetime_start]
        table.add_row(
            Text(record.name),
            states_text(record) or "none",
            f"{best.value:.4f}" if best else "",
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
        text.append(f"loss {best.validation_loss:.4f}  accuracy {best.accuracy:.4f}  ")
        epochs = "epoch" if len(curve) == 1 else "epochs"
        text.append(f"{len(curve):>2} {epochs:<6}  {seconds:5.1f} s  ")
    elif trial.value is not None:
        text.append(f"loss {trial.value:.4f}  ")
    remarks, parameters = note(trial), parameters_text(trial.params)
    if trial.state == TrialState.FAIL:
        return text.append(f"{remarks}  ").append(parameters, "dim")
    text.append(parameters, "dim")
    return text.append(f"  ({remarks})", "dim") if remarks else text


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table
