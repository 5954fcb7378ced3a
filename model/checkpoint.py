"""A trained classifier on disk: ``weights.pt``, ``settings.json``, ``vocabulary.json``.

No class is pickled: the weights load with ``weights_only=True``, the rest is JSON. A checkpoint
needs neither the data it was trained on nor Optuna.
"""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import torch

from data.vocabulary import Vocabulary
from model.prediction import TextClassifier
from model.settings import ModelSettings


def save(folder: Path, classifier: TextClassifier) -> None:
    """Write ``classifier`` to ``folder``, which a reader sees whole, old or new, at any moment.

    ``folder`` becomes a link to a folder beside it: a link can be replaced in one step.
    """
    version = 1
    while (versioned := folder.with_name(f"{folder.name}-{version}")).exists():
        version += 1
    draft = folder.with_name(f".{folder.name}-draft-{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    _write(draft, classifier)
    draft.rename(versioned)
    draft.symlink_to(versioned.name, target_is_directory=True)
    draft.replace(folder)
    for old in folder.parent.glob(f"{folder.name}-*"):
        if old != versioned:
            shutil.rmtree(old)


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
    return TextClassifier.from_weights(weights, settings, vocabulary, stored["classes"])


def _write(folder: Path, classifier: TextClassifier) -> None:
    weights = {name: value.cpu() for name, value in classifier.net.state_dict().items()}
    torch.save(weights, folder / "weights.pt")
    stored = {
        "model": classifier.net.settings.model_dump(),
        "classes": classifier.classes_,
    }
    (folder / "settings.json").write_text(json.dumps(stored, indent=2), "utf-8")
    vocabulary = {
        "words": list(classifier.vocabulary.words),
        "counts": classifier.vocabulary.counts.tolist(),
    }
    text = json.dumps(vocabulary, ensure_ascii=False)
    (folder / "vocabulary.json").write_text(text, "utf-8")
