"""An example that classifies texts with the files beside it, and needs onnxruntime alone.

    python classify.py "a text" "another text"
    python classify.py < texts, one a line

``python -m search.export`` puts it there. For many texts, pass some hundred of them at once.
"""

import html
import json
import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

CHANGES: dict[str, Any] = {  # what the tokeniser's steps do to a text
    "lower": lambda text, step: text.lower(),
    "unescape": lambda text, step: html.unescape(text),
    "normalize": lambda text, step: unicodedata.normalize(step["form"], text),
    "replace": lambda text, step: re.sub(step["pattern"], step["with"], text),
    "if": lambda text, step: changed(
        text, step["steps"] if re.search(step["pattern"], text) else ()
    ),
}


def changed(text: str, steps: Sequence[dict[str, Any]]) -> str:
    """``text`` after the ``steps``."""
    return reduce(lambda text, step: CHANGES[step["do"]](text, step), steps, text)


class Classifier:
    """A net in ONNX's format with its tokeniser and its labels."""

    def __init__(self, folder: str | Path = Path(__file__).parent) -> None:
        self.rules, self.labels = (
            json.loads(Path(folder, name).read_text("utf-8"))
            for name in ("tokenizer.json", "labels.json")
        )
        self.words = {word: i for i, word in enumerate(self.rules["words"])}
        self.session = onnxruntime.InferenceSession(str(Path(folder, "model.onnx")))

    def ids(self, text: str) -> list[int]:
        """What the net reads of ``text``."""
        special, room = self.rules["special"], self.rules["max_length"] - 2
        tokens = re.findall(self.rules["token"], changed(text, self.rules["steps"]))
        of_end = {"head": 0, "tail": room, "both": room // 2}[self.rules["truncate"]]
        if len(tokens) > room:
            tokens = tokens[: room - of_end] + tokens[len(tokens) - of_end :]
        words = [self.words.get(token, special["<unk>"]) for token in tokens]
        return [special["<bos>"], *words, special["<eos>"]]

    def predict_proba(self, texts: Sequence[str]) -> Any:
        """(texts, labels) probabilities, in the order of ``labels``."""
        ids = [self.ids(text) for text in texts]
        lengths = np.array([len(row) for row in ids], np.int64)
        padded = np.full((len(ids), lengths.max()), self.rules["special"]["<pad>"], np.int64)
        for row, its_ids in zip(padded, ids, strict=True):
            row[: len(its_ids)] = its_ids
        return self.session.run(["probabilities"], {"ids": padded, "lengths": lengths})[0]

    def predict(self, texts: Sequence[str]) -> list[Any]:
        """The most probable label of each text."""
        return [self.labels[i] for i in self.predict_proba(texts).argmax(axis=1)]


if __name__ == "__main__":
    classifier = Classifier()
    for stream in (sys.stdin, sys.stdout):  # whatever the system's own encoding is
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    for text in sys.argv[1:] or map(str.rstrip, sys.stdin):
        probabilities = classifier.predict_proba([text])[0]
        best = probabilities.argmax()
        print(f"{classifier.labels[best]}\t{probabilities[best]:.4f}\t{text}")
