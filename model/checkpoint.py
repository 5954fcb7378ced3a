"""A trained classifier on disk: ``weights.pt``, ``settings.json``, ``vocabulary.json``.

No class is pickled: the weights load with ``weights_only=True``, the rest is JSON. A checkpoint
needs neither the data it was trained on nor Optuna.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from data.vocabulary import Vocabulary
from model.prediction import TextClassifier
from model.settings import ModelSettings


def save(folder: Path, classifier: TextClassifier) -> None:
    """Write ``classifier`` to ``folder``, in the place of what was there."""
    with replacing(folder) as draft:
        _write(draft, classifier)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A folder to write into; at the end it takes the place of ``folder``, if nothing is raised.

    A reader finds the old one whole or the new one whole; for the moment between two renames it
    finds none. A folder is moved, never linked to: copies, and disks without links, work too.
    """
    draft = folder.with_name(f".{folder.name}-draft-{os.getpid()}")
    old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    for left_behind in (draft, old):
        shutil.rmtree(left_behind, ignore_errors=True)
    missing = [parent for parent in folder.parents if not parent.exists()]
    try:
        draft.mkdir(parents=True)
        yield draft
        if folder.is_symlink():  # an earlier version linked to a folder beside it
            target = folder.resolve()
            folder.unlink()
            shutil.rmtree(target, ignore_errors=True)
        elif folder.exists():
            folder.rename(old)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
        for parent in missing:
            with suppress(OSError):  # something is in it
                parent.rmdir()


def load(folder: str | Path) -> TextClassifier:
    """Read what ``save`` wrote, onto the CPU.

    Raises:
        FileNotFoundError: there is no checkpoint in ``folder``.
    """
    folder = Path(folder)
    stored = json.loads((folder / "settings.json").read_text("utf-8"))
    words = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    vocabulary = Vocabulary(words["words"], np.array(words["counts"], dtype=np.int64))
    weights = torch.load(folder / "weights.pt", map_location="cpu", weights_only=True)
    settings = ModelSettings(**stored["model"])
    loaded = TextClassifier.from_weights(weights, settings, vocabulary, stored["classes"])
    return replace(loaded, about=stored.get("about", {}))


def _write(folder: Path, classifier: TextClassifier) -> None:
    weights = {name: value.cpu() for name, value in classifier.net.state_dict().items()}
    torch.save(weights, folder / "weights.pt")
    stored = {
        "model": classifier.net.settings.model_dump(),
        "classes": classifier.classes_,
        "about": dict(classifier.about),
    }
    (folder / "settings.json").write_text(json.dumps(stored, indent=2), "utf-8")
    vocabulary = {
        "words": list(classifier.vocabulary.words),
        "counts": classifier.vocabulary.counts.tolist(),
    }
    text = json.dumps(vocabulary, ensure_ascii=False)
    (folder / "vocabulary.json").write_text(text, "utf-8")
