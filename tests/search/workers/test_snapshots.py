"""A trial goes on from its state on disk, and begins again where that is of no use."""

from pathlib import Path

import pytest
import torch
from optuna.trial import TrialState

from model.epoch import Epoch
from search.console.progress import Progress
from tests.search.commands import equals_unbroken, search, trials


@pytest.fixture
def interrupted(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state of trial 2, which Ctrl-C stopped after its second epoch of three."""
    tell = Progress.epoch_ended

    def stop(self: Progress, number: int, epoch: Epoch) -> None:
        tell(self, number, epoch)
        if (number, epoch.number) == (2, 2):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "epoch_ended", stop)
        search("--trials", "4", expect=130)
    assert trials()[2].state == TrialState.RUNNING
    return place / "studies/small/running/2.pt"


def test_an_interrupted_trial_goes_on_after_its_last_epoch(interrupted: Path) -> None:
    assert "trial 2 goes on after epoch 2" in search("--trials", "4").output
    assert equals_unbroken(4)
    assert not list(interrupted.parent.iterdir())


@pytest.mark.parametrize("harm", ["damaged", "of version", "of another training", "gone"])
def test_without_its_state_a_trial_starts_again(interrupted: Path, harm: str) -> None:
    stored = torch.load(interrupted, weights_only=True)
    if harm == "damaged":
        interrupted.write_bytes(interrupted.read_bytes()[:-100])
    elif harm == "gone":
        interrupted.unlink()
    else:
        key, value = ("version", [0, 0]) if harm == "of version" else ("identity", {})
        torch.save({**stored, key: value}, interrupted)
    output = search("--trials", "4").output
    assert "trial 2: its state file" in output
    assert f"{harm}" in output
    assert "it starts again from epoch 1" in output
    assert equals_unbroken(4)


def test_states_of_ended_trials_are_cleared_up(interrupted: Path) -> None:
    """A kill may come between a trial's end and the removal of its state."""
    (interrupted.parent / "0.pt").write_bytes(b"left behind")
    (interrupted.parent / "0.draft").write_bytes(b"left behind")
    search("--trials", "4")
    assert not list(interrupted.parent.iterdir())
