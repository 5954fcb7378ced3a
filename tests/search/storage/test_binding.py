"""What a study is bound to, and which differences matter."""

import json
from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from model.settings import TRAINER_VERSION
from search.storage.binding import Binding, difference
from tests.search.records import SPACE, definition

NOT_SET = "not set"
BEFORE: dict[str, Any] = {
    "data": {"dataset": "a.csv", "text": None, "fingerprint": "f1", "examples": None},
    "search": {"epochs": 5, "seed": 7},
    "space": {"cell": ["gru", "lstm"], "lr": {"low": 0.1, "high": 1.0, "step": None}},
    "fixed": {"layers": 2},
    "enqueue": [{"cell": "gru"}],
    "trainer": 4,
}
GONE = object()
# The changes, by key; what is told of them.
TABLE: dict[str, tuple[dict[str, Any], list[tuple[str, Any, Any]]]] = {
    "nothing": ({}, []),
    "where the texts lie": ({"data.dataset": "b.csv", "data.text": "body", "data.label": "x"}, []),
    "other texts": ({"data.fingerprint": "f2"}, [("data.fingerprint", "f1", "f2")]),
    "fewer texts": ({"data.examples": 9}, [("data.examples", None, 9)]),
    "a setting": ({"search.epochs": 6}, [("search.epochs", 5, 6)]),
    "two, in the order of the stored": (
        {"trainer": 5, "search.seed": 8},
        [("search.seed", 7, 8), ("trainer", 4, 5)],
    ),
    "a fixed setting is gone": ({"fixed.layers": GONE}, [("fixed.layers", 2, NOT_SET)]),
    "a fixed setting is new": ({"fixed.lr": 0.5}, [("fixed.lr", NOT_SET, 0.5)]),
    "a setting that is not given is unknown now": ({"data.examples": GONE}, []),
    "a setting that is not given was unknown": ({"data.share": None}, []),
    "a step that is not given is unknown now": ({"space.lr": {"low": 0.1, "high": 1.0}}, []),
    "a bound": (
        {"space.lr": {"low": 0.1, "high": 2.0, "step": None}},
        [("space.lr", {"low": 0.1, "high": 1.0}, {"low": 0.1, "high": 2.0})],
    ),
    "a default": (
        {"space.lr": {"low": 0.1, "high": 1.0, "default": 0.5}},
        [
            (
                "space.lr",
                {"low": 0.1, "high": 1.0},
                {"low": 0.1, "high": 1.0, "default": 0.5},
            )
        ],
    ),
    "the order of choices": (
        {"space.cell": ["lstm", "gru"]},
        [("space.cell", ["gru", "lstm"], ["lstm", "gru"])],
    ),
    "a parameter is gone": ({"space.cell": GONE}, [("space.cell", ["gru", "lstm"], NOT_SET)]),
    "a parameter is new": ({"space.layers": [1, 2]}, [("space.layers", NOT_SET, [1, 2])]),
    "an enqueued configuration": (
        {"enqueue": []},
        [("enqueue", [{"cell": "gru"}], [])],
    ),
}


def changed(changes: dict[str, Any]) -> Binding:
    table = deepcopy(BEFORE)
    for key, value in changes.items():
        *outer, name = key.split(".")
        place = table[outer[0]] if outer else table
        if value is GONE:
            del place[name]
        else:
            place[name] = value
    return Binding(table)


@pytest.mark.parametrize(("changes", "told"), TABLE.values(), ids=TABLE)
def test_what_differs(changes: dict[str, Any], told: list[tuple[str, Any, Any]]) -> None:
    before, now = Binding(BEFORE), changed(changes)
    assert difference(before, now) == told
    back = {(key, b, a) for key, a, b in map(_hashable, told)}
    assert set(map(_hashable, difference(now, before))) == back


def _hashable(found: tuple[str, Any, Any]) -> tuple[str, str, str]:
    return found[0], json.dumps(found[1]), json.dumps(found[2])


def test_a_binding_goes_through_json_and_back() -> None:
    made = definition(fixed={"layers": 2}, enqueue=[{"cell": "gru", "lr": 0.5}])
    bound = Binding.of(made, "f1")
    stored = Binding(json.loads(json.dumps(bound.table)))
    assert difference(stored, bound) == []
    settled = {"own_validation": False, "repeats": "apart", "share": "raised"}
    assert stored.definition == made.model_copy(
        update={
            "data": made.data.model_copy(update=settled),
            "fixed": {**made.fixed, "tokens": "words"},
        }
    )
    assert stored.table["data"]["fingerprint"] == "f1"
    assert stored.table["trainer"] == TRAINER_VERSION


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"fixed": {"layers": 2}}, "fixed.layers"),
        ({"search": {"epochs": 5, "seed": 7, "pruner": "none"}}, "search.pruner"),
        ({"search": {"epochs": 5, "seed": 7, "sampler": "gp"}}, "search.sampler"),
        ({"data": {"validation": 0.2}}, "data.validation"),
        ({"space": {**SPACE, "layers": [1, 2]}}, "space.layers"),
        ({"enqueue": [{"cell": "gru"}]}, "enqueue"),
    ],
    ids=str,
)
def test_every_table_of_a_study_file_is_compared(change: dict[str, Any], key: str) -> None:
    before, now = (Binding.of(made, "f1") for made in (definition(), definition(**change)))
    assert [found.key for found in difference(before, now)] == [key]


def test_what_an_earlier_version_stored_may_be_no_definition_of_now() -> None:
    table = Binding.of(definition(), "f1").table
    with pytest.raises(ValidationError):
        _ = Binding({**table, "search": {"epoch": 5}}).definition
