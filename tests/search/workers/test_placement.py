"""Where trials train: devices from options, and what cannot be."""

from pathlib import Path

import pytest
import torch

from search.errors import StudyError
from search.workers.places import place as place_trials
from tests.search.commands import search


@pytest.mark.parametrize(
    ("jobs", "per_gpu", "says"),
    [(None, 2, "--per-gpu 2: say which GPUs"), (3, 1, "--per-gpu 1: say which GPUs")],
)
def test_placements_that_cannot_be(jobs: int | None, per_gpu: int, says: str) -> None:
    with pytest.raises(StudyError, match=says):
        place_trials((), jobs=jobs, per_gpu=per_gpu)


def test_gpus_share_the_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    names = [str(device) for device in place_trials((0, 2), per_gpu=2).devices]
    assert names == ["cuda:0", "cuda:2", "cuda:0", "cuda:2"]
    assert [str(d) for d in place_trials((1, 2), jobs=1).devices] == ["cuda:1"]
    with pytest.raises(StudyError, match="--jobs 3: 2 GPUs take 2 trials at once"):
        place_trials((0, 1), jobs=3)


@pytest.mark.parametrize("given", ["x", "0,", "-1", "0;1"])
def test_gpu_is_a_list_of_numbers(place: Path, given: str) -> None:
    output = search("--gpu", given, expect=2).output
    assert "is not a list of device numbers" in " ".join(output.replace("│", " ").split())
