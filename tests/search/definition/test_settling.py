"""What a study file leaves open: today's way for new studies, the old way for old ones."""

from typing import Any

import numpy as np
import pytest

from data.corpus import Corpus
from data.facts import Facts
from search.definition.settling import kinds, settle_data, settle_tokens
from search.definition.tables import DataTable, Definition

OLD: dict[str, Any] = {"data": {"validation": 0.2}, "space": {"lr": [0.1]}, "fixed": {}}
NEW: dict[str, Any] = {
    "data": {"validation": None, "repeats": "apart", "share": "exact", "own_validation": False},
    "space": {"lr": [0.1]},
    "fixed": {"tokens": "keep"},
}
NEWS = Facts(text_columns=("title", "description"), label_column="class")


@pytest.mark.parametrize(
    ("asked", "stored", "settled"),
    [
        ({}, None, (None, "together", "raised", True)),
        ({"validation": 0.1}, None, (0.1, "together", "exact", True)),
        ({"validation": "more.csv"}, None, ("more.csv", "together", "raised", True)),
        ({"repeats": "apart", "share": "exact"}, None, (None, "apart", "exact", True)),
        ({}, OLD, (0.2, "apart", "raised", False)),
        ({"validation": 0.2}, OLD, (0.2, "apart", "raised", False)),
        ({"validation": 0.3}, OLD, (0.3, "apart", "raised", False)),
        ({"own_validation": True}, OLD, (0.2, "apart", "raised", True)),
        ({}, NEW, (None, "apart", "exact", False)),
    ],
)
def test_how_texts_are_split(
    asked: dict[str, Any], stored: dict[str, Any] | None, settled: tuple[object, ...]
) -> None:
    found = settle_data(DataTable.model_validate(asked), stored)
    assert (found.validation, found.repeats, found.share, found.own_validation) == settled


def corpus(*texts: str, name: str = "mine.csv", facts: Facts = Facts()) -> Corpus:  # noqa: B008
    return Corpus(name, list(texts), np.zeros(len(texts), np.int64), ("a",), "f", facts=facts)


def study(fixed: dict[str, Any], space: dict[str, Any] | None = None) -> Definition:
    return Definition.model_validate({"fixed": fixed, "space": {"lr": [0.1], **(space or {})}})


WORDS, CHINESE = corpus("plain words"), corpus("很快很好")


@pytest.mark.parametrize(
    ("fixed", "texts", "stored", "kind"),
    [
        ({}, WORDS, None, "space"),
        ({}, CHINESE, None, "mixed"),
        ({"tokens": "auto"}, CHINESE, None, "mixed"),
        ({"tokens": "keep"}, CHINESE, None, "keep"),
        ({}, corpus("x", name="demo"), None, "words"),
        ({}, corpus("x", name="ag_news"), None, "words"),
        ({}, corpus("x", name="a folder", facts=NEWS), None, "words"),
        ({}, CHINESE, OLD, "words"),
        ({}, CHINESE, NEW, "keep"),
        ({"tokens": "space"}, CHINESE, OLD, "space"),
    ],
)
def test_which_tokens(
    fixed: dict[str, Any], texts: Corpus, stored: dict[str, Any] | None, kind: str
) -> None:
    settled = settle_tokens(study(fixed), stored, texts)
    assert settled.fixed["tokens"] == kind
    assert kinds(settled) == (kind,)


@pytest.mark.parametrize(
    ("domain", "kept"),
    [
        (["words", "auto"], ["words", "mixed"]),
        (["auto", "mixed"], ["mixed"]),
        ({"choices": ["auto", "keep"], "default": "keep"}, ["mixed", "keep"]),
    ],
)
def test_searched_tokens_are_settled_too(domain: Any, kept: list[str]) -> None:
    settled = settle_tokens(study({}, {"tokens": domain}), None, CHINESE)
    assert list(kinds(settled)) == kept
    assert "tokens" not in settled.fixed
