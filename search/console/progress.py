"""What a search shows while it runs: a live view, or plain lines where there is no terminal."""

import time
from typing import Self

import optuna
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from model.epoch import Epoch
from search.console.tables import COLOURS, trial_line
from search.findings.text import duration, objective_text, state_text
from search.storage.record import StudyRecord
from search.storage.trial_record import FINISHED, TrialRecord
from search.trials.limits import Limits
from search.workers.events import Begun

BETWEEN_LINES = 10.0  # seconds between lines about a running trial, where there is no terminal
BETWEEN_COUNTS = 1.0  # seconds between two while trials only train: to count reads the study


class Progress:
    """A ``Watcher`` at a terminal; a context, since its live view must be put away at the end."""

    def __init__(self, console: Console, study: optuna.Study, limits: Limits) -> None:
        """``limits`` are the run's; of its total what the study already has counts."""
        self.console = console
        self.study = study
        self.limits = limits
        self.objective = StudyRecord.of(study).objective
        self.live = Live(console=console, refresh_per_second=4, transient=True)
        self.epochs: dict[int, list[Epoch]] = {}  # of the trials that run
        self.started = time.monotonic()
        self.last_line = self.started
        self.finished_here = 0
        self.totals, self.counted = Text(), 0.0

    def __enter__(self) -> Self:
        """Begin the live view, where there is a terminal and it is not quiet."""
        if self.console.is_terminal and not self.console.quiet:
            self.live.start()
            self._refresh(count=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Put the live view away."""
        self.live.stop()

    def trial_claimed(self, number: int) -> None:
        """See ``Watcher``."""
        self.epochs[number] = []
        self._refresh(count=True)

    def training_begun(self, number: int, known: int, begun: Begun) -> None:
        """See ``Watcher``."""
        self.epochs[number] = []
        if begun.note or begun.done < known:
            why = begun.note or "its state file is gone"
            self._line(Text(f"trial {number}: {why}; it starts again from epoch 1", "yellow"))
        elif begun.done:
            self._line(Text(f"trial {number} goes on after epoch {begun.done}", "dim"))

    def epoch_ended(self, number: int, epoch: Epoch) -> None:
        """See ``Watcher``."""
        self.epochs[number].append(epoch)
        self._refresh(count=False)
        if not self.live.is_started and time.monotonic() - self.last_line >= BETWEEN_LINES:
            self._line(Text(f"trial {number}: {_describe(epoch)}{self._more(epoch)}", "dim"))

    def trial_ended(self, trial: TrialRecord) -> None:
        """See ``Watcher``: one line that stays, above the live view."""
        self.epochs.pop(trial.number, None)
        self.finished_here += trial.state in FINISHED
        self._line(trial_line(trial))
        self._refresh(count=True)

    def _line(self, text: Text) -> None:
        self.last_line = time.monotonic()
        self.console.print(text, soft_wrap=not self.console.is_terminal)

    def _refresh(self, *, count: bool) -> None:
        if not self.live.is_started:
            return
        if count or time.monotonic() - self.counted >= BETWEEN_COUNTS:
            self.totals = self._totals()
            self.counted = time.monotonic()
        self.live.update(Group(self._running(), self.totals))

    def _running(self) -> Table:
        """The epochs of the one trial that runs, or the last epoch of each of several."""
        shown = 12 if len(self.epochs) == 1 else 1
        table = Table(box=None, pad_edge=False)
        extra = [objective_text(self.objective)] if self._is_extra else []
        scored = ("train loss", "validation loss", "accuracy", *extra)
        for name in ("trial", "epoch", *scored, "lr", "s"):
            table.add_column(name, justify="right", min_width=5)
        for number, epochs in self.epochs.items():
            for e in epochs[-shown:]:
                table.add_row(
                    str(number), str(e.number), f"{e.train_loss:.4f}",
                    f"{e.validation_loss:.4f}", f"{e.accuracy:.4f}",
                    *([f"{e.score:.4f}"] if extra else []), f"{e.lr:.2g}", f"{e.seconds:.1f}",
                )  # fmt: skip
            if not epochs:
                table.add_row(str(number), "1", "...")
        return table

    @property
    def _is_extra(self) -> bool:
        """Whether the objective is neither the loss nor the accuracy, which are always shown."""
        return self.objective not in ("", "loss", "accuracy")

    def _more(self, epoch: Epoch) -> str:
        return f"  {objective_text(self.objective)} {epoch.score:.4f}" if self._is_extra else ""

    def _totals(self) -> Text:
        record = StudyRecord.of(self.study)
        done = len(record.finished)
        best = f"  best {record.best.value:.4f}" if record.best else ""
        counts = record.counts()
        parts = [(f"{counts.get(s, 0)} {state_text(s)}  ", c) for s, c in COLOURS.items()]
        left = self._seconds_left(done)
        rest = "" if left is None else f"  about {duration(left)} left"
        of = f" of {self.limits.total}" if self.limits.total else ""
        return Text.assemble(f"{done}{of}  ", *parts, best, rest)

    def _seconds_left(self, done: int) -> float | None:
        """Until all trials that were asked for are finished, or until the hours are over."""
        ends, now = self.limits.ends, time.monotonic()
        left = [] if ends is None else [max(ends - now, 0)]
        if self.finished_here and self.limits.total:
            each = (now - self.started) / self.finished_here
            left.append(each * max(self.limits.total - done, 0))
        return min(left, default=None)


def _describe(epoch: Epoch) -> str:
    return (
        f"epoch {epoch.number}  train loss {epoch.train_loss:.4f}  "
        f"validation loss {epoch.validation_loss:.4f}  accuracy {epoch.accuracy:.4f}"
    )
