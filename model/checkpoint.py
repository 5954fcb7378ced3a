"""A trained classifier on disk: ``weights.pt``, ``settings.json``, ``vocabulary.json``.

No class is pickled: the weights load with ``weights_only=True``, the rest is JSON. A checkpoint
needs neither the data it was trained on nor Optuna.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from data.tokens import tokenize
from data.vocabulary import EOS, PAD, Vocabulary
from model.classifier import RecurrentClassifier, build
from model.settings import ModelSettings


@dataclass(frozen=True)
class TextClassifier:
    """A net with all it needs to classify raw texts; methods as in scikit-learn.

    Attributes:
        net: the trained net.
        vocabulary: its words.
        classes_: (C,) class names.
    """

    net: RecurrentClassifier
    vocabulary: Vocabulary
    classes_: tuple[str, ...]

    def predict(self, texts: Sequence[str]) -> list[str]:
        """The most probable class name of each text."""
        return [self.classes_[i] for i in self.predict_proba(texts).argmax(axis=1)]

    def predict_proba(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(len(texts), C) probabilities, computed in float32.

        Raises:
            TypeError: ``texts`` is one string, not a sequence of them.
        """
        if isinstance(texts, str):
            raise TypeError("texts must be a sequence of strings, not one string")
        rows = [self._ids(text) for text in texts]
        probabilities = [self._probabilities(rows[i : i + 256]) for i in range(0, len(rows), 256)]
        return np.concatenate([np.empty((0, len(self.classes_)), np.float32), *probabilities])

    def _ids(self, text: str) -> list[int]:
        ids = self.vocabulary.encode(tokenize(text))
        longest = self.net.settings.max_length
        return ids if len(ids) <= longest else [*ids[: longest - 1], EOS]

    def _probabilities(self, rows: list[list[int]]) -> npt.NDArray[np.float32]:
        lengths = torch.tensor([len(row) for row in rows])  # (B,)
        longest = int(lengths.max())
        ids = torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])  # (B, T)
        with torch.inference_mode():
            logits = self.net.eval()(ids, lengths)  # (B, C)
        return np.asarray(logits.softmax(dim=1).numpy())


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
    net = build(
        ModelSettings(**stored["model"]),
        vocabulary_size=vocabulary.size(),
        classes=len(stored["classes"]),
        seed=0,
    )
    weights = torch.load(folder / "weights.pt", map_location="cpu", weights_only=True)
    net.load_state_dict(weights)
    return TextClassifier(net, vocabulary, tuple(stored["classes"]))


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
