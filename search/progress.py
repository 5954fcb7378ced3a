"""What a search shows while it runs: a live view, or plain lines where there is no terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import optuna
from optuna.trial import FrozenTrial, TrialState
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from model.training import Epoch
from search.summary import parameters_text

COLOURS = {TrialState.COMPLETE: "green", TrialState.PRUNED: "yellow", TrialState.FAIL: "red"}
BETWEEN_LINES = 10.0  # seconds between lines about a running trial, where there is no terminal


class Progress:
    """Tells of trials and epochs; a context, since the live view must be put away at the end."""

    def __init__(self, console: Console, study: optuna.Study, *, trials: int) -> None:
        """``trials`` is the total asked for; what the study already has counts."""
        self.console = console
        self.study = study
        self.trials = trials
        self.live = Live(console=console, refresh_per_second=4, transient=True)
        self.number: int | None = None
        self.epochs: list[Epoch] = []
        self.started = time.monotonic()
        self.last_line = self.started
        self.finished_here = 0

    def __enter__(self) -> Self:
        """Begin the live view, where there is a terminal and it is not quiet."""
        if self.console.is_terminal and not self.console.quiet:
            self.live.start()
            self._refresh()
        return self

    def __exit__(self, *_: object) -> None:
        """Put the live view away."""
        self.live.stop()

    @contextmanager
    def trial(self, number: int) -> Iterator[None]:
        """Trial ``number`` runs inside this context."""
        self.number, self.epochs = number, []
        self._refresh()
        try:
            yield
        finally:
            self.number = None

    def epoch(self, epoch: Epoch) -> None:
        """The running trial has finished ``epoch``."""
        self.epochs.append(epoch)
        self._refresh()
        if not self.live.is_started and time.monotonic() - self.last_line >= BETWEEN_LINES:
            self._line(Text(f"trial {self.number}: {_describe(epoch)}", "dim"))

    def finished(self, trial: FrozenTrial) -> None:
        """``trial`` has ended: one line that stays, above the live view."""
        self.finished_here += trial.state in (TrialState.COMPLETE, TrialState.PRUNED)
        state = trial.state.name.lower()
        text = Text.assemble(f"trial {trial.number:>3} ", (f"{state:<8} ", COLOURS[trial.state]))
        if trial.state == TrialState.FAIL:
            text.append(str(trial.user_attrs["failure"]["message"]).splitlines()[0])
        else:
            loss, accuracy = trial.user_attrs["best_loss"], trial.user_attrs["accuracy"]
            text.append(f"loss {loss:.4f}  accuracy {accuracy:.4f}  ")
            text.append(f"{len(trial.user_attrs['curve']):>2} epochs  ")
            text.append(f"{trial.user_attrs['seconds']:5.1f} s  ")
        text.append(parameters_text(trial), "dim")
        self._line(text)
        self._refresh()

    def _line(self, text: Text) -> None:
        self.last_line = time.monotonic()
        self.console.print(text, soft_wrap=not self.console.is_terminal)

    def _refresh(self) -> None:
        if self.live.is_started:
            self.live.update(Group(*self._running(), self._totals()))

    def _running(self) -> list[Table]:
        if self.number is None:
            return []
        table = Table(title=f"trial {self.number}", title_justify="left", box=None, pad_edge=False)
        for name in ("epoch", "train loss", "validation loss", "accuracy", "lr", "seconds"):
            table.add_column(name, justify="right", min_width=7)
        for e in self.epochs[-12:]:
            table.add_row(
                str(e.number), f"{e.train_loss:.4f}", f"{e.validation_loss:.4f}",
                f"{e.accuracy:.4f}", f"{e.lr:.2g}", f"{e.seconds:.1f}",
            )  # fmt: skip
        return [table]

    def _totals(self) -> Text:
        trials = self.study.get_trials(deepcopy=False)
        count = {s: sum(t.state == s for t in trials) for s in COLOURS}
        done = count[TrialState.COMPLETE] + count[TrialState.PRUNED]
        values = [
            t.value for t in trials if t.state == TrialState.COMPLETE and t.value is not None
        ]
        best = f"  best {min(values):.4f}" if values else ""
        parts = [(f"{count[s]} {s.name.lower()}  ", colour) for s, colour in COLOURS.items()]
        left = self._seconds_left(done)
        rest = "" if left is None else f"  about {duration(left)} left"
        return Text.assemble(f"{done} of {self.trials}  ", *parts, best, rest)

    def _seconds_left(self, done: int) -> float | None:
        if not self.finished_here:
            return None
        each = (time.monotonic() - self.started) / self.finished_here
        return each * max(self.trials - done, 0)


def duration(seconds: float) -> str:
    """``seconds`` for people: 42 s, 3 min, 1 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _describe(epoch: Epoch) -> str:
    return (
        f"epoch {epoch.number}  train loss {epoch.train_loss:.4f}  "
        f"validation loss {epoch.validation_loss:.4f}  accuracy {epoch.accuracy:.4f}"
    )
