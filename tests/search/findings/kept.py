"""Made-up studies whose nets' answers are kept in a folder, as a search keeps them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from optuna.study import StudyDirection
from sklearn.metrics import f1_score

from search.findings.evidence import Evidence
from search.storage.attributes import Stored
from search.storage.home import StudyHome
from search.storage.validation import keep_rows
from tests.search.records import definition, record, trial

Said = npt.NDArray[np.floating[Any]]
NAMES = ("sport", "world", "money")


def net(labels: npt.NDArray[np.int64], skill: float, seed: int, classes: int = 3) -> Said:
    """(N, C) probabilities of a net that is right the more often the larger its skill is."""
    logits = np.random.default_rng(seed).normal(size=(len(labels), classes))
    logits[np.arange(len(labels)), labels] += skill
    powers = np.exp(logits)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True)).astype(np.float16)


def loss(said: Said, labels: npt.NDArray[np.int64]) -> float:
    return float(-np.log(said[np.arange(len(labels)), labels].astype(np.float64)).mean())


def kept(
    folder: Path,
    labels: npt.NDArray[np.int64],
    nets: Sequence[Said],
    *,
    objective: str = "loss",
    more: Sequence[Stored] = (),
) -> Evidence:
    """A study with a complete trial for each of ``nets``, ``more`` stored with it."""
    home = StudyHome(name="made", url=f"sqlite:///{folder}/made.db")
    classes = nets[0].shape[1]
    names = NAMES if classes == len(NAMES) else tuple(f"class {i}" for i in range(classes))
    keep_rows(home.validation, labels, names, texts=[f"text {i}" for i in range(len(labels))])
    home.probabilities(0).parent.mkdir(parents=True)
    trials = []
    for number, said in enumerate(nets):
        np.save(home.probabilities(number), said)
        right = said.argmax(axis=1) == labels
        scores = {
            "loss": loss(said, labels),
            "accuracy": float(right.mean()),
            "macro_f1": float(f1_score(labels, said.argmax(axis=1), average="macro")),
        }
        given = more[number] if more else Stored()
        stored = Stored(
            best_loss=scores["loss"],
            accuracy=scores["accuracy"],
            macro_f1=scores["macro_f1"],
            weight_count=given.weight_count or 1000,
            seconds=given.seconds or 10.0,
            repeat_of=given.repeat_of,
            repetition=given.repetition,
        )
        trials.append(trial(losses=[scores[objective]], stored=stored))
    of = definition(search={"epochs": 5, "seed": 7, "objective": objective})
    direction = StudyDirection.MINIMIZE if objective == "loss" else StudyDirection.MAXIMIZE
    return Evidence(record=record(*trials, of=of, direction=direction), home=home)
