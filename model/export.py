"""A classifier as files that need none of this program: a net in ONNX's format, and all beside it.

``model.onnx``, ``tokenizer.json`` (``data.rules`` and the vocabulary), ``labels.json`` and
``classify.py``, which classifies with them.
"""

import json
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch

from data.rules import export_rules
from data.vocabulary import PAD, SPECIALS
from model.checkpoint import replacing
from model.prediction import TextClassifier

FORMAT = "recurrent-search export 1"
TOKENIZER = "tokenizer.json"
FILES = ("model.onnx", TOKENIZER, "labels.json", "classify.py")
TOLERANCE = 1e-4  # of a probability
CHECKED = 256  # texts at most
# Made-up batches that are checked: how many texts, how many steps the longest has.
BATCHES = ((1, 1), (1, 2), (2, 1), (7, 33), (64, 16), (181, 5))
INSTALL = "pip install 'recurrent-search[onnx]'"


class CannotExportError(ValueError):
    """What is asked for cannot be exported, or not to there; the message is for the user."""


class UnlikeError(Exception):
    """The files that were written do not do what the classifier does; they are gone again."""


def check_output(folder: Path) -> None:
    """See that an export may be written to ``folder``.

    Raises:
        CannotExportError: it is, or holds, something else than an earlier export.
    """
    if folder.exists() and not folder.is_dir():
        raise CannotExportError(f"--output {folder}: a file is there; name a folder")
    held = {path.name for path in folder.iterdir()} if folder.exists() else set()
    others = sorted(held - {*FILES, "__pycache__"})
    if not others and held and not _is_export(folder):
        others = sorted(held)
    if others:
        raise CannotExportError(
            f"--output {folder}: it holds {others[0]!r}, which is of no export and would be lost; "
            "name a folder that is empty, not there, or an earlier export"
        )


def check_exportable(classifier: TextClassifier) -> None:
    """See that ``classifier`` can be exported here.

    Raises:
        CannotExportError: it cannot, or a package is missing.
    """
    if find_spec("onnx") is None:
        raise CannotExportError(f"ONNX files are written with a package of their own: {INSTALL}")
    from model.graph import LARGEST, weights_size  # onnx is an extra

    if (size := weights_size(classifier.net)) > LARGEST - 2**20:
        raise CannotExportError(
            f"the net's weights take {size / 2**30:.1f} GiB; an ONNX file holds less than 2 GiB"
        )
    if classifier.net.settings.tokens == "auto":
        raise CannotExportError("tokens = 'auto' was never settled for this classifier")


def write_export(folder: Path, classifier: TextClassifier, texts: Sequence[str] = ()) -> str:
    """Write all files to ``folder``, in the place of an earlier export, and check them.

    Args:
        folder: see ``check_output``.
        classifier: see ``check_exportable``.
        texts: to compare both with, beside what is made up; at most ``CHECKED`` are taken.

    Returns:
        What was checked, and how well it went, as a sentence.

    Raises:
        UnlikeError: what was written is not what the classifier is; nothing is left of it.
        OSError: it cannot be written; what was there stays.
    """
    from model.graph import graph_of  # onnx is an extra

    with replacing(folder.resolve()) as draft:
        (draft / "model.onnx").write_bytes(graph_of(classifier.net).SerializeToString())
        _write_json(draft / TOKENIZER, _tokenizer(classifier))
        _write_json(draft / "labels.json", list(classifier.classes_))
        shutil.copyfile(Path(__file__).with_name("classify.py"), draft / "classify.py")
        if find_spec("onnxruntime") is None:
            return f"not checked against the net, since onnxruntime is missing: {INSTALL}"
        return _check(draft, classifier, texts[:CHECKED])


def _tokenizer(classifier: TextClassifier) -> dict[str, Any]:
    settings = classifier.net.settings
    assert settings.tokens != "auto"
    return {
        "format": FORMAT,
        "kind": settings.tokens,
        **export_rules(settings.tokens),
        "special": {word: i for i, word in enumerate(SPECIALS)},
        "max_length": settings.max_length,
        "truncate": settings.truncate,
        "words": [*SPECIALS, *classifier.vocabulary.words],
    }


def _check(folder: Path, classifier: TextClassifier, texts: Sequence[str]) -> str:
    """Compare what the files say with what the classifier says; see ``write_export``."""
    from model.classify import Classifier  # onnxruntime is an extra

    exported = Classifier(folder)
    differences = [0.0]
    for ids, lengths in _made_up(classifier):
        feed = {"ids": ids.numpy(), "lengths": lengths.numpy()}
        said = exported.session.run(["probabilities"], feed)[0]
        with torch.inference_mode():
            logits = classifier.net.eval()(ids, lengths)
        differences.append(float(np.abs(said - logits.softmax(dim=1).numpy()).max()))
    for text in texts:
        if exported.ids(text) != classifier.ids(text):
            raise UnlikeError(f"the exported tokeniser reads {text[:80]!r} otherwise; report this")
    if texts:
        said = np.asarray(exported.predict_proba(list(texts)))
        differences.append(float(np.abs(said - classifier.predict_proba(texts)).max()))
    made_up = f"{sum(rows for rows, _ in BATCHES)} made-up texts"
    against = f"{len(texts)} texts and {made_up}" if texts else made_up
    largest = np.max(differences)  # unlike ``max`` it is no number where one is none
    outcome = f"the largest difference of a probability is {largest:.1e}"
    if not largest <= TOLERANCE:
        raise UnlikeError(
            f"on {against} {outcome}, above {TOLERANCE:.0e}; nothing was kept; report this"
        )
    return f"checked against the net on {against}: {outcome}"


def _made_up(classifier: TextClassifier) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Batches of ids (B, T), padded, and lengths (B,), of several sizes."""
    drawn = torch.Generator().manual_seed(0)
    batches = []
    for rows, longest in BATCHES:
        ids = torch.randint(classifier.vocabulary.size(), (rows, longest), generator=drawn)
        lengths = torch.randint(1, longest + 1, (rows,), generator=drawn)
        lengths[0] = longest
        batches.append((ids.where(torch.arange(longest) < lengths[:, None], PAD), lengths))
    return batches


def _is_export(folder: Path) -> bool:
    try:
        found = json.loads((folder / TOKENIZER).read_text("utf-8"))["format"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(found == FORMAT)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
