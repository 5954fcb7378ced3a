"""The study that fits texts: a fixed rule with its numbers; nothing in it is learnt.

The numbers come from single changes with paired seeds on news, questions, reviews and articles
(studies/RESULTS.md), and lie between the sizes that were measured.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.definition.reading import Options, define
from search.definition.tables import Definition

if TYPE_CHECKING:  # it imports torch, which takes a second
    from data.inspection import Inspection

MANY = 50_000  # training texts from which on a constant rate is better than a falling one
# Each by the number of training texts, below the first number of a pair.
BATCHES = ((500, 16), (10_000, 32), (MANY, 64), (math.inf, 128))  # 256 costs 1 to 2 points
EPOCHS = ((2_000, 16), (20_000, 12), (MANY, 8), (math.inf, 5))
WIDEST = ((2_000, 128), (20_000, 256), (math.inf, 512))  # units
THRESHOLDS = ((500, 2), (20_000, 5), (MANY, 10), (math.inf, 20))  # 10 costs small sets 2 points
RARE = 150  # texts a class: with fewer the nets need more epochs
SLOWER = 1.25  # times the epochs then
PATIENCE = 4  # epochs; the best epoch came after the third to the twelfth
LONGER = 1.5  # times the length that 95% of the texts do not exceed
LENGTHS = (32, 512)  # steps
ROUND = 32  # steps
DOMINANT = 0.6  # share of the training texts that the largest class has
UNITS = (32, 64, 128, 256, 512)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large the nets of a study may be.

    Attributes:
        hidden_dim: the most units.
        layers: the most.
        bidirectional: whether both directions are tried.
    """

    hidden_dim: int
    layers: int
    bidirectional: bool


# From the slowest: of two with the same units both directions gain more than a second layer.
SIZES = (
    Size(hidden_dim=512, layers=2, bidirectional=True),
    Size(hidden_dim=256, layers=2, bidirectional=True),
    Size(hidden_dim=256, layers=1, bidirectional=True),
    Size(hidden_dim=128, layers=1, bidirectional=True),
    Size(hidden_dim=64, layers=1, bidirectional=True),
    Size(hidden_dim=64, layers=1, bidirectional=False),
    Size(hidden_dim=32, layers=1, bidirectional=False),
)


def draft(options: Options | None) -> Definition:
    """What can be said of a study before its texts are read: how to read and split them.

    Raises:
        StudyError: an option breaks a rule.
    """
    return define({"space": {"lr": {"low": 1e-3, "high": 1e-2}}}, options, where="the study")


def sizes_for(texts: "Inspection") -> tuple[Size, ...]:
    """The sizes that may pay with so many texts, from the largest."""
    widest = _step(WIDEST, training_rows(texts))
    return tuple(size for size in SIZES if size.hidden_dim <= widest)


def fit(texts: "Inspection", size: Size, draft: Definition) -> Definition:
    """The study for ``texts`` with nets of at most ``size``.

    Args:
        texts: to be classified.
        size: of the largest net.
        draft: how the texts are read and split, and what was set by options, which come before
            the rule.
    """
    space, first = _space(training_rows(texts), size)
    starts = [first]
    if size.bidirectional:
        space["bidirectional"] = [False, True]
        starts = [{**first, "bidirectional": both} for both in (False, True)]
    search: dict[str, Any] = {"epochs": _epochs(texts)}
    fixed = _fixed(texts)
    if largest_share(texts) >= DOMINANT:
        fixed["class_weights"] = "sqrt"
        search["objective"] = "macro_f1"
    set_before = draft.model_dump(exclude_unset=True)
    return Definition.model_validate(
        {
            "data": draft.data,
            "search": {**search, **set_before.get("search", {})},
            "space": space,
            "fixed": {**fixed, **draft.fixed},
            "enqueue": starts,
        }
    )


def _space(rows: int, size: Size) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is searched, but for directions, and the configuration to start with."""
    many = rows >= MANY
    space: dict[str, Any] = {
        "cell": ["rnn", "gru", "lstm"],
        "hidden_dim": [units for units in UNITS if units <= size.hidden_dim],
        "dropout": {"low": 0.0 if many else 0.1, "high": 0.6},
        "vocab_threshold": {"low": 0, "high": _step(THRESHOLDS, rows)},
        "lr": {"low": 5e-4 if many else 1e-3, "high": 5e-3 if many else 6e-3, "log": True},
        "adversarial": [0.5, 1.0, 2.0],
    }
    first: dict[str, Any] = {
        "cell": "lstm",
        "hidden_dim": min(128 if many else 64, size.hidden_dim),
        "dropout": 0.3 if many else 0.4,
        "vocab_threshold": 2,
        "lr": 2e-3 if many else 3e-3,
        "adversarial": 1.0,
    }
    if size.layers > 1:
        space["layers"] = {"low": 1, "high": size.layers}
        first["layers"] = 1
    return space, first


def _fixed(texts: "Inspection") -> dict[str, Any]:
    """What all trials have alike."""
    rows = training_rows(texts)
    fixed = {
        "batch_size": _step(BATCHES, rows),
        "embedding_dim": 128,
        "max_length": _length(texts),
        "patience": PATIENCE,
    }
    falling = {"schedule": "linear", "warmup_ratio": 0.1}
    return fixed if rows >= MANY else {**fixed, **falling}


def training_rows(texts: "Inspection") -> int:
    """How many texts train."""
    return sum(each.train for each in texts.classes)


def largest_share(texts: "Inspection") -> float:
    """Share of the training texts that the largest class has."""
    return max(each.train for each in texts.classes) / training_rows(texts)


def _epochs(texts: "Inspection") -> int:
    rows = training_rows(texts)
    few = rows / len(texts.classes)
    return round(_step(EPOCHS, rows) * (SLOWER if few < RARE else 1))


def _length(texts: "Inspection") -> int:
    shortest, longest = LENGTHS
    wanted = math.ceil(texts.long * LONGER / ROUND) * ROUND
    return min(max(wanted, shortest), longest)


def _step(table: tuple[tuple[float, int], ...], rows: int) -> int:
    return next(value for below, value in table if rows < below)
