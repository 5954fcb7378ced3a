"""A checkpoint loads without pickled classes, and classifies as the net did."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model.checkpoint import load, replacing, save
from tests.model.untrained import CLASSES, WORDS, classifier

TEXTS = ["The market fell!", "", "team " * 400, "unknown words only"]


@pytest.mark.parametrize(
    "settings", [{}, {"cell": "gru", "bidirectional": True, "pooling": "max+last", "layers": 2}]
)
def test_what_is_loaded_classifies_as_what_was_saved(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    saved = classifier(0, **settings)
    save(tmp_path / "best", saved)
    loaded = load(tmp_path / "best")
    np.testing.assert_array_equal(loaded.predict_proba(TEXTS), saved.predict_proba(TEXTS))
    assert loaded.predict(TEXTS) == saved.predict(TEXTS)
    assert loaded.classes_ == CLASSES


def test_probabilities_do_not_depend_on_the_other_texts() -> None:
    made = classifier(bidirectional=True)
    together = made.predict_proba(TEXTS)
    alone = np.concatenate([made.predict_proba([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    assert made.predict([]) == []


def test_one_string_is_refused() -> None:
    with pytest.raises(TypeError, match="not one string"):
        classifier().predict("The market fell")


def test_files_are_weights_and_readable_json(tmp_path: Path) -> None:
    save(tmp_path / "best", classifier())
    files = sorted(path.name for path in (tmp_path / "best").iterdir())
    assert files == ["settings.json", "vocabulary.json", "weights.pt"]
    assert json.loads((tmp_path / "best/vocabulary.json").read_text())["words"] == list(WORDS)
    torch.load(tmp_path / "best/weights.pt", weights_only=True)


def test_saving_again_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for seed in range(3):
        save(tmp_path / "best", classifier(seed))
    (tmp_path / ".best-draft-1").mkdir()  # left by a process that was killed
    np.testing.assert_array_equal(
        load(tmp_path / "best").predict_proba(TEXTS), classifier(2).predict_proba(TEXTS)
    )
    assert [p.name for p in tmp_path.iterdir() if not p.name.endswith("draft-1")] == ["best"]
    assert not (tmp_path / "best").is_symlink()


def test_what_fails_leaves_the_earlier_folder_and_nothing_else(tmp_path: Path) -> None:
    save(tmp_path / "best", classifier())
    for name in ("best", "new/deep/best"):
        with pytest.raises(OSError, match="full"), replacing(tmp_path / name) as draft:
            (draft / "weights.pt").write_text("half")
            raise OSError("full")
    assert [path.name for path in tmp_path.iterdir()] == ["best"]
    assert load(tmp_path / "best").predict(TEXTS) == classifier().predict(TEXTS)


def test_a_last_rename_that_fails_brings_the_earlier_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "best", classifier())
    rename = Path.rename

    def fail_at_last(self: Path, target: Path) -> Path:
        if "-draft-" in self.name:
            raise OSError("gone")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_at_last)
    with pytest.raises(OSError, match="gone"):
        save(tmp_path / "best", classifier(1))
    assert [path.name for path in tmp_path.iterdir()] == ["best"]
    assert load(tmp_path / "best").predict(TEXTS) == classifier().predict(TEXTS)


def test_loading_needs_neither_optuna_nor_datasets(tmp_path: Path) -> None:
    save(tmp_path / "best", classifier())
    code = (
        "import sys\n"
        "from model.checkpoint import load\n"
        f"assert load({str(tmp_path / 'best')!r}).predict(['The market fell'])\n"
        "assert not {'optuna', 'datasets', 'search'} & set(sys.modules)\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(root)}
    )
