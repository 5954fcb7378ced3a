"""The findings as data that every reader of JSON takes."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from search.findings.card import Card, NotYet, Table, Tile, Verbatim
from search.findings.plain import json_of, plain
from search.findings.sections import Findings, Section
from tests.search.records import record, trial


class Pair(NamedTuple):
    one: float
    two: object = None


@dataclass(frozen=True)
class Values:
    pair: Pair
    table: dict[Any, Any]


class Kind(Enum):
    SOME = "x"


OURS = record(trial(), trial())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, 0.5),
        (float("nan"), None),
        (float("inf"), None),
        (-np.inf, None),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), None),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.array([[1.0, np.nan], [np.inf, 2.0]]), [[1.0, None], [None, 2.0]]),
        (np.array(3), 3),
        ("é\ud800</script>", "é\ud800</script>"),
        (b"\xff", "\ufffd"),
        ((1, [2.0, {"a"}]), [1, [2.0, ["a"]]]),
        ({"b", "a"}, ["a", "b"]),
        ({1: "a", ("x", 2): "b", Kind.SOME: "c"}, {"1": "a", "x, 2": "b", "some": "c"}),
        (Kind.SOME, "some"),
        (timedelta(minutes=1), 60.0),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
        (Path("a/b"), "a/b"),
        (NotYet("why"), {"reason": "why"}),
        (Values(Pair(1.0), {"z": 1, "a": 2}), {"pair": {"one": 1.0, "two": None},
            "table": {"z": 1, "a": 2}}),
        (OURS, "made"),
        (OURS.trials, [0, 1]),
        (len, "builtin_function_or_method"),
    ],
)  # fmt: skip
def test_a_value_becomes_plain(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)
    assert json.loads(json.dumps(found, allow_nan=False)) == expected


def test_names_and_their_order_are_those_of_the_classes() -> None:
    card = Card(
        name="one",
        title="t",
        sentence="s",
        values=Pair(float("nan"), np.arange(2)),
        table=Table(("a",), (("1",),)),
        texts=(Verbatim("h", "x"),),
    )
    found = Findings(
        name="n",
        headline="h",
        dated="d",
        warnings=("w",),
        answer=("a",),
        tiles=(Tile("1", "trial"),),
        said=(),
        history=Card(name="history", title="t", sentence="s"),
        sections=(Section("q?", (card,)),),
    )
    data = json.loads(json_of(found), parse_constant=pytest.fail)
    assert list(data) == [
        "format", "study", "headline", "dated", "warnings", "answer", "tiles", "said", "history",
        "sections",
    ]  # fmt: skip
    assert data["history"] == {
        "name": "history", "title": "t", "sentence": "s", "values": None, "table": None,
        "texts": [],
    }  # fmt: skip
    (section,) = data["sections"]
    assert section["question"] == "q?"
    assert section["cards"][0]["values"] == {"one": None, "two": [0, 1]}
    assert section["cards"][0]["table"] == {"heads": ["a"], "rows": [["1"]]}
    assert data["tiles"] == [{"value": "1", "label": "trial"}]
