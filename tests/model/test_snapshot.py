"""A training that goes on from a file is the training that never stopped, bit for bit."""

from pathlib import Path

import pytest
import torch

from model.epoch import Epoch
from model.snapshot import VERSION, SnapshotError, read_snapshot, write_snapshot
from tests.model.texts import NEEDS_BF16, NOISY, TRAIN, VALIDATION, net, trainer, training

NOISE = {"dropout": 0.5, "layers": 2}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    one = trainer(net(), training())
    write_snapshot(tmp_path / "7.pt", {"seed": 1}, one, [one.run_epoch(TRAIN, VALIDATION)])
    return tmp_path / "7.pt"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": "adamw", "weight_decay": 0.1, "clip_norm": 1.0},
        {"schedule": "plateau"},
        {"ema": 0.99},
        pytest.param({"adversarial": 1.0, "ema": 0.99, "precision": "bf16"}, marks=NEEDS_BF16),
        {"schedule": "linear", "warmup_ratio": 0.3},
        {"patience": 2, "adversarial": 1.0, "ema": 0.99, "clip_norm": 1.0},
        {"class_weights": "sqrt"},
    ],
    ids=str,
)
def test_going_on_from_a_file_changes_no_bit(tmp_path: Path, settings: dict[str, object]) -> None:
    path = tmp_path / "state.pt"
    wanted = training(epochs=9, lr=5e-2, **settings)
    unbroken = trainer(net(**NOISE), wanted)
    expected = []
    while not unbroken.done:
        expected.append(unbroken.run_epoch(*NOISY))
    curve: list[Epoch] = []
    while True:  # each epoch by a trainer that knows the file alone
        one = trainer(net(cell="lstm", **NOISE), wanted, seed=99)
        if curve:
            state, curve = read_snapshot(path, "same")
            one.load_state_dict(state)
        else:
            one = trainer(net(**NOISE), wanted)
        if one.done:
            break
        curve.append(one.run_epoch(*NOISY))
        write_snapshot(path, "same", one, curve)
    assert [e._replace(seconds=0) for e in curve] == [e._replace(seconds=0) for e in expected]
    assert (one.best_epoch, one.best_loss) == (unbroken.best_epoch, unbroken.best_loss)
    unbroken.restore_best()
    for name, value in unbroken.model.state_dict().items():
        assert torch.equal(one.best_weights[name], value)


@pytest.mark.parametrize("place", [0.0, 0.02, 0.3, 0.5, 0.9, 0.999])
def test_a_damaged_file_is_refused(written: Path, place: float) -> None:
    whole = bytearray(written.read_bytes())
    for i in range(64):  # a block, as disks lose them
        whole[min(int(place * len(whole)) + i, len(whole) - 1)] ^= 0xFF
    written.write_bytes(whole)
    with pytest.raises(SnapshotError, match="damaged"):
        read_snapshot(written, {"seed": 1})


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_half_a_file_is_refused(written: Path, share: float) -> None:
    whole = written.read_bytes()
    written.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(SnapshotError, match="damaged"):
        read_snapshot(written, {"seed": 1})


def test_another_version_or_training_is_refused(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SnapshotError, match="another training"):
        read_snapshot(written, {"seed": 2})
    monkeypatch.setattr("model.snapshot.VERSION", [VERSION[0] + 1, VERSION[1]])
    with pytest.raises(SnapshotError, match="version"):
        read_snapshot(written, {"seed": 1})
    with pytest.raises(FileNotFoundError):
        read_snapshot(written.with_name("8.pt"), {"seed": 1})


def test_a_write_that_fails_leaves_the_old_state(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written.read_bytes()

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_snapshot(written, {"seed": 1}, trainer(net(), training()), [])
    assert written.read_bytes() == before
