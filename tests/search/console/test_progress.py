"""What a terminal shows while trials run: epochs, counts, the best, the time left."""

import io

import optuna
import pytest
from optuna.trial import TrialState, create_trial
from rich.console import Console

from model.epoch import Epoch
from search.console.progress import Progress
from search.findings.text import duration
from search.storage.record import StudyRecord
from search.trials.limits import Limits


def epoch(number: int) -> Epoch:
    return Epoch(number, 1.5, 1.25 - number / 8, 0.625, 0.5, 1e-3, 2.0, 1.25 - number / 8)


def own_study() -> optuna.Study:
    study = optuna.create_study()
    study.set_user_attr("definition", {})
    return study


def finish(study: optuna.Study, progress: Progress, loss: float) -> None:
    curve = [epoch(1)._asdict(), epoch(2)._asdict()]
    stored = {"best_loss": loss, "accuracy": 0.625, "curve": curve, "seconds": 4.0}
    study.add_trial(create_trial(value=loss, user_attrs=stored, state=TrialState.COMPLETE))
    progress.trial_ended(StudyRecord.of(study).trials[-1])


def test_the_live_view_shows_epochs_counts_best_and_time_left() -> None:
    study, screen = own_study(), io.StringIO()
    console = Console(file=screen, force_terminal=True, width=110)
    with Progress(console, study, Limits(trials=4)) as progress:
        finish(study, progress, 1.0)
        progress.trial_claimed(1)
        progress.epoch_ended(1, epoch(1))
        progress.epoch_ended(1, epoch(2))
        progress.live.refresh()
    shown = screen.getvalue()
    for text in ("trial   0", "validation loss", "1.1250", "1.0000", "0.6250",
                 "1 of 4", "1 complete", "0 pruned", "0 fail", "best 1.0000", "left"):  # fmt: skip
        assert text in shown, text


def test_without_a_terminal_there_are_plain_lines_only() -> None:
    study, screen = own_study(), io.StringIO()
    with Progress(
        Console(file=screen, width=60, soft_wrap=True), study, Limits(trials=4)
    ) as progress:
        progress.trial_claimed(0)
        progress.epoch_ended(0, epoch(1))
        finish(study, progress, 1.0)
    lines = screen.getvalue().splitlines()
    assert len(lines) == 1, "an epoch of a quick trial is not worth a line"
    assert lines[0].startswith("trial   0 complete loss 1.0000  accuracy 0.6250")
    assert "\x1b" not in screen.getvalue()


def test_a_slow_trial_tells_of_its_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.console.progress.BETWEEN_LINES", 0.0)
    screen = io.StringIO()
    console = Console(file=screen, width=110)
    progress = Progress(console, optuna.create_study(), Limits(trials=1))
    with progress:
        progress.trial_claimed(0)
        progress.epoch_ended(0, epoch(1))
    assert "trial 0: epoch 1  train loss 1.5000  validation loss 1.1250" in screen.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"), [(42, "42 s"), (89.6, "90 s"), (180, "3 min"), (4800, "1 h 20 min")]
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text
