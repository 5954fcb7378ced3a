"""Classifies texts with the files beside it: ``model.onnx``, ``tokenizer.json``, ``labels.json``.

    python classify.py "a text" "another text"
    python classify.py < texts, one a line

It prints each text's label, its probability and the text, parted by tabs. It needs onnxruntime and
nothing else. ``python -m search.export`` puts it there.
"""

import html
import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

from onnxruntime import InferenceSession

CHANGES: dict[str, Any] = {  # what the tokeniser's steps do to a text
    "lower": lambda text, step: text.lower(),
    "unescape": lambda text, step: html.unescape(text),
    "normalize": lambda text, step: unicodedata.normalize(step["form"], text),
    "replace": lambda text, step: re.sub(step["pattern"], step["with"], text),
    "if": lambda text, step: changed(text, step["steps"] * bool(re.search(step["pattern"], text))),
}


def changed(text: str, steps: list[dict[str, Any]]) -> str:
    """``text`` after the tokeniser's steps."""
    for step in steps:
        text = CHANGES[step["do"]](text, step)
    return text


class Classifier:
    """A net in ONNX's format with its tokeniser and its labels."""

    def __init__(self, folder: Path = Path(__file__).parent) -> None:
        self.tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
        self.labels = json.loads((folder / "labels.json").read_text("utf-8"))
        self.ids_of = {word: i for i, word in enumerate(self.tokenizer["words"])}
        self.session = InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])

    def predict_proba(self, texts: list[str]) -> list[list[float]]:
        """The probabilities of each text, in the order of ``labels``; one text at a time."""
        feeds = ({"ids": [ids], "lengths": [len(ids)]} for ids in map(self.ids, texts))
        return [self.session.run(["probabilities"], feed)[0][0].tolist() for feed in feeds]

    def ids(self, text: str) -> list[int]:
        """What the net reads of ``text``: ``<bos>``, its tokens, ``<eos>``, cut if long."""
        tokens = re.findall(self.tokenizer["token"], changed(text, self.tokenizer["steps"]))
        special, room = self.tokenizer["special"], self.tokenizer["max_length"] - 2
        ids = [self.ids_of.get(token, special["<unk>"]) for token in tokens]
        of_end = {"head": 0, "tail": room, "both": room // 2}[self.tokenizer["truncate"]]
        ids = ids if len(ids) <= room else ids[: room - of_end] + ids[len(ids) - of_end :]
        return [special["<bos>"], *ids, special["<eos>"]]


if __name__ == "__main__":
    classifier = Classifier()
    lines = (line.decode(errors="replace").rstrip() for line in sys.stdin.buffer)
    for text in sys.argv[1:] or lines:
        best, label = max(zip(classifier.predict_proba([text])[0], classifier.labels, strict=True))
        sys.stdout.buffer.write(f"{label}\t{best:.4f}\t{text}\n".encode())
