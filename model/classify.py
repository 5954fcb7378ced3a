"""Classifies texts with the files beside it: ``model.onnx``, ``tokenizer.json``, ``labels.json``.

    python classify.py "a text" "another text"
    python classify.py < texts, one a line

It needs numpy and onnxruntime, and nothing else. ``python -m search.export`` puts it there.
"""

import html
import json
import re
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

AT_ONCE = 256  # texts


class Classifier:
    """A net in ONNX's format with its tokeniser and its labels."""

    def __init__(self, folder: str | Path = Path(__file__).parent) -> None:
        folder = Path(folder)
        self.tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
        self.labels = json.loads((folder / "labels.json").read_text("utf-8"))
        self.words = {word: i for i, word in enumerate(self.tokenizer["words"])}
        file = str(folder / "model.onnx")
        self.session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])

    def predict(self, texts: Sequence[str]) -> list[Any]:
        """The most probable label of each text."""
        return [self.labels[i] for i in self.predict_proba(texts).argmax(axis=1)]

    def predict_proba(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """(texts, labels) probabilities, in the order of ``labels``."""
        if isinstance(texts, str) or hasattr(texts, "columns"):
            raise TypeError("texts must be a sequence of strings, not one string and no table")
        texts = list(texts)
        for i, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"texts[{i}] is {text!r}, not a string (the first is texts[0])")
        rows = [np.empty((0, len(self.labels)), np.float32)]
        for start in range(0, len(texts), AT_ONCE):
            ids = [self.ids(text) for text in texts[start : start + AT_ONCE]]
            lengths = np.array([len(row) for row in ids], np.int64)
            padded = np.full((len(ids), lengths.max()), self.tokenizer["special"]["<pad>"])
            for i, row in enumerate(ids):
                padded[i, : len(row)] = row
            feed = {"ids": padded.astype(np.int64), "lengths": lengths}
            rows += self.session.run(["probabilities"], feed)
        return np.concatenate(rows)

    def ids(self, text: str) -> list[int]:
        """What the net reads of ``text``."""
        special, longest = self.tokenizer["special"], self.tokenizer["max_length"]
        tokens = re.findall(self.tokenizer["token"], changed(text, self.tokenizer["steps"]))
        ids = [self.words.get(token, special["<unk>"]) for token in tokens]
        if len(ids) > longest - 2:  # the first and the last id are no words
            words = longest - 2
            of_end = {"head": 0, "tail": words, "both": words // 2}[self.tokenizer["truncate"]]
            ids = ids[: words - of_end] + ids[len(ids) - of_end :]
        return [special["<bos>"], *ids, special["<eos>"]]


def changed(text: str, steps: Sequence[dict[str, Any]]) -> str:
    """``text`` after the tokeniser's steps."""
    for step in steps:
        match step["do"]:
            case "lower":
                text = text.lower()
            case "unescape":
                text = html.unescape(text)
            case "normalize":
                text = unicodedata.normalize(step["form"], text)
            case "replace":
                text = re.sub(step["pattern"], step["with"], text)
            case "if":
                text = changed(text, step["steps"]) if re.search(step["pattern"], text) else text
    return text


if __name__ == "__main__":
    classifier = Classifier()
    for stream in (sys.stdin, sys.stdout):  # whatever the system's own encoding is
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    for text in sys.argv[1:] or map(str.rstrip, sys.stdin):
        probabilities = classifier.predict_proba([text])[0]
        best = probabilities.argmax()
        print(f"{classifier.labels[best]}\t{probabilities[best]:.4f}\t{text}")
