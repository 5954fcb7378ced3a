"""The findings as plain data, from which any program can go on: JSON has no more than this.

The names are those of the classes: ``study``, ``headline``, ``dated``, ``warnings``, ``answer``,
``tiles`` (``value``, ``label``), ``said`` (``text``, ``card``), ``history`` and ``sections``
(``question``, ``cards``); of a card ``name``, ``title``, ``sentence``, ``values``, ``table``
(``heads``, ``rows``) and ``texts`` (``head``, ``text``). What a card's ``values`` hold is named in
the file that computes them.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from operator import attrgetter
from pathlib import PurePath
from types import NoneType
from typing import Any

import numpy as np

from search.findings.card import Card
from search.findings.evidence import Evidence
from search.findings.sections import Findings
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

FORMAT = 1  # of the data: it grows when a name changes its meaning


def json_of(findings: Findings) -> str:
    """All findings but the figures, as JSON that every reader takes."""
    return json.dumps(data_of(findings), indent=2, ensure_ascii=False, allow_nan=False)


def data_of(findings: Findings) -> dict[str, Any]:
    """The same as dictionaries, lists, texts, numbers, ``True``, ``False`` and ``None``."""
    return {
        "format": FORMAT,
        "study": findings.name,
        "headline": findings.headline,
        "dated": findings.dated,
        "warnings": plain(findings.warnings),
        "answer": plain(findings.answer),
        "tiles": plain(findings.tiles),
        "said": plain(findings.said),
        "history": _card(findings.history),
        "sections": [
            {"question": section.question, "cards": [_card(card) for card in section.cards]}
            for section in findings.sections
        ],
    }


def plain(value: object) -> Any:
    """``value`` with nothing in it that JSON does not have.

    NaN and infinity become ``None``, arrays lists, tuples with names and dataclasses dictionaries
    in the order of their fields, sets sorted lists; a trial is its number, a study its name.
    """
    for kind, form in FORMS:
        if isinstance(value, kind):
            return form(value)
    return _gathered(value)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


# What is one thing and not many, and what stands for it; the first that fits.
FORMS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (NoneType, lambda _: None),
    (Enum, lambda one: one.name.lower()),
    (str, str),
    (bytes, lambda one: one.decode("utf-8", "replace")),
    (bool, bool),
    (int, int),
    (float, _finite),
    (np.generic | np.ndarray, lambda one: plain(one.tolist())),
    (TrialRecord, attrgetter("number")),
    (StudyRecord, attrgetter("name")),
    (Evidence, attrgetter("record.name")),
    (timedelta, timedelta.total_seconds),
    (date, lambda one: one.isoformat()),
    (PurePath, str),
)


def _gathered(value: object) -> Any:
    """The parts of ``value``; its type's name where it has none."""
    if isinstance(value, Mapping):
        return {_key(key): plain(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: plain(part) for name, part in zip(value._fields, value, strict=True)}
    if isinstance(value, Set):
        return sorted(map(plain, value), key=lambda part: json.dumps(part, sort_keys=True))
    if isinstance(value, Sequence):
        return [plain(part) for part in value]
    return type(value).__name__


def _key(key: object) -> str:
    """A key of a mapping, as JSON's objects have them."""
    return str(plain(key)) if not isinstance(key, tuple) else ", ".join(map(_key, key))


def _card(card: Card) -> dict[str, Any]:
    return {
        "name": card.name,
        "title": card.title,
        "sentence": card.sentence,
        "values": plain(card.values),
        "table": plain(card.table),
        "texts": plain(card.texts),
    }
