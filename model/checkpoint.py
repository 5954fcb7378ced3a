"""Classifiers on disk, each in a folder: ``save`` and ``load``.

A net is ``weights.pt``, a linear classifier ``linear.npz``, both beside ``settings.json`` and
``vocabulary.json``; an ensemble is ``ensemble.json`` and a folder for each member. No class is
pickled: weights load with ``weights_only=True``, the rest is JSON and plain arrays. A folder
needs neither the data it was trained on nor Optuna.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from data.vocabulary import Vocabulary
from model.ensemble import Classifier, Ensemble
from model.linear import LinearClassifier
from model.prediction import TextClassifier
from model.settings import ModelSettings

ARRAYS = ("codes", "idf", "coefficients", "intercepts")  # of a linear classifier
PLAIN = ("tokens", "sharpness")


def save(folder: Path, classifier: Classifier, *, files: Mapping[str, str] | None = None) -> None:
    """Write ``classifier`` to ``folder``, in the place of what was there.

    Args:
        folder: of the classifier alone.
        classifier: to keep.
        files: texts to put beside it, by their names.
    """
    with replacing(folder) as draft:
        _write(draft, classifier)
        for name, text in (files or {}).items():
            (draft / name).write_text(text, "utf-8")


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A folder to write into; at the end it takes the place of ``folder``, if nothing is raised.

    A reader finds the old one whole or the new one whole; for the moment between two renames it
    finds none. A folder is moved, never linked to: copies, and disks without links, work too.

    Args:
        folder: a place that is this caller's alone.
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


def load(folder: str | Path) -> Classifier:
    """Read what ``save`` wrote, onto the CPU.

    Raises:
        FileNotFoundError: there is no classifier in ``folder``.
    """
    folder = Path(folder)
    if (folder / "ensemble.json").is_file():
        stored = json.loads((folder / "ensemble.json").read_text("utf-8"))
        members = [load(folder / name) for name in stored["members"]]
        return Ensemble(
            members=tuple(m for m in members if not isinstance(m, Ensemble)),
            weights=tuple(stored["weights"]),
            about=stored["about"],
        )
    stored = json.loads((folder / "settings.json").read_text("utf-8"))
    words = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    vocabulary = Vocabulary(words["words"], np.array(words["counts"], dtype=np.int64))
    if "linear" in stored:
        return _load_linear(folder, stored, vocabulary)
    weights = torch.load(folder / "weights.pt", map_location="cpu", weights_only=True)
    settings = ModelSettings(**stored["model"])
    loaded = TextClassifier.from_weights(weights, settings, vocabulary, stored["classes"])
    return replace(loaded, about=stored.get("about", {}))


def _load_linear(
    folder: Path, stored: Mapping[str, Any], vocabulary: Vocabulary
) -> LinearClassifier:
    with np.load(folder / "linear.npz") as arrays:
        return LinearClassifier(
            vocabulary=vocabulary,
            classes_=tuple(stored["classes"]),
            about=stored["about"],
            **stored["linear"],
            **{name: arrays[name] for name in ARRAYS},
        )


def _write(folder: Path, classifier: Classifier) -> None:
    if isinstance(classifier, Ensemble):
        names = [f"member-{i}" for i in range(1, len(classifier.members) + 1)]
        for name, member in zip(names, classifier.members, strict=True):
            (folder / name).mkdir()
            _write(folder / name, member)
        about = {"members": names, "weights": classifier.weights, "about": dict(classifier.about)}
        (folder / "ensemble.json").write_text(json.dumps(about, indent=2), "utf-8")
        return
    stored: dict[str, Any] = {
        "classes": classifier.classes_,
        "about": dict(classifier.about),
    }
    if isinstance(classifier, LinearClassifier):
        arrays = {name: getattr(classifier, name) for name in ARRAYS}
        np.savez_compressed(folder / "linear.npz", **arrays)
        stored = {"linear": {name: getattr(classifier, name) for name in PLAIN}, **stored}
    else:
        weights = {name: value.cpu() for name, value in classifier.net.state_dict().items()}
        with (folder / "weights.pt").open("wb") as file:  # else a full disk is a RuntimeError
            torch.save(weights, file)
        stored = {"model": classifier.net.settings.model_dump(), **stored}
    (folder / "settings.json").write_text(json.dumps(stored, indent=2), "utf-8")
    vocabulary = {
        "words": list(classifier.vocabulary.words),
        "counts": classifier.vocabulary.counts.tolist(),
    }
    text = json.dumps(vocabulary, ensure_ascii=False)
    (folder / "vocabulary.json").write_text(text, "utf-8")
