"""What is stored with a trial is read back as it was, under the names that databases have."""

import json
import math
from dataclasses import fields
from typing import Any

import pytest

from search.storage.attributes import Pruning, Stored, from_attributes, to_attributes
from search.workers.events import Failure
from tests.search.records import ELSEWHERE, epochs

BUG = Failure(
    kind="bug",
    message="ZeroDivisionError: a mistake",
    traceback=("in broken", "1 / 0"),
    epoch=3,
    device="CPU",
    memory=2**28,
)
FULL = Stored(
    owner=ELSEWHERE,
    queued=True,
    repeat_of=0,
    repetition=2,
    reused="other 3",
    seed=11,
    finishes=4,
    weight_count=1234,
    vocabulary_size=99,
    environment={"device": "CPU", "versions": {"torch": "2"}, "git": None},
    batch_parts=4,
    curve=epochs([1.0, 0.5]),
    pruning=Pruning(epoch=2, value=0.5, median=0.25, trials=7),
    ended_by="--trial-timeout 9",
    failure=BUG,
    best_epoch=2,
    best_loss=0.5,
    accuracy=0.75,
    macro_f1=0.5,
    seconds=4.0,
)
PARTS = {f.name: Stored(**{f.name: getattr(FULL, f.name)}) for f in fields(Stored)}
TABLE = {
    "nothing": Stored(),
    "everything": FULL,
    **PARTS,
    "zeros": Stored(repeat_of=0, best_loss=0.0, accuracy=0.0, macro_f1=0.0, seconds=0.0),
    "a pruning without a median": Stored(pruning=Pruning(epoch=1, value=2.0)),
    "a failure whose memory is not known": Stored(
        failure=Failure(kind="worker died", message="SIGKILL", device="CPU")
    ),
}


@pytest.mark.parametrize("stored", TABLE.values(), ids=TABLE)
def test_what_is_stored_is_read_back_from_json(stored: Stored) -> None:
    attributes = json.loads(json.dumps(to_attributes(stored)))
    assert from_attributes(attributes) == stored


def test_the_table_has_every_field_with_a_value_of_its_own() -> None:
    assert all(getattr(FULL, f.name) != getattr(Stored(), f.name) for f in fields(Stored))


@pytest.mark.parametrize(
    ("field", "attribute"),
    [
        ("weight_count", "parameters"),
        ("vocabulary_size", "vocabulary"),
        ("pruning", "pruned"),
        ("owner", "owner"),
        ("curve", "curve"),
        ("failure", "failure"),
        ("best_loss", "best_loss"),
    ],
)
def test_names_are_those_that_databases_have(field: str, attribute: str) -> None:
    assert list(to_attributes(PARTS[field])) == [attribute]


def test_a_default_is_not_stored() -> None:
    assert to_attributes(Stored()) == {}
    assert to_attributes(Stored(repetition=1, batch_parts=1, ended_by="", curve=())) == {}


OWNER = {"host": "elsewhere", "boot": "b", "pid": 7, "started": 1.5}
STORED: dict[str, tuple[dict[str, Any], str, Any]] = {
    "an owner": ({"owner": OWNER}, "owner.pid", 7),
    "a curve": (
        {"curve": [e._asdict() for e in epochs([1.0, 0.5])]},
        "curve",
        epochs([1.0, 0.5]),
    ),
    "a failure of before devices were stored": (
        {"failure": {"kind": "time", "message": "too long"}},
        "failure",
        Failure(kind="time", message="too long", device=""),
    ),
    "a pruning by Hyperband": (
        {"pruned": {"epoch": 3, "value": 0.5}},
        "pruning",
        Pruning(epoch=3, value=0.5),
    ),
    "what is unknown": ({"lucky": True}, "batch_parts", 1),
}


@pytest.mark.parametrize(("given", "place", "value"), STORED.values(), ids=STORED)
def test_what_earlier_versions_stored_is_read(
    given: dict[str, Any], place: str, value: Any
) -> None:
    found: Any = from_attributes(given)
    for name in place.split("."):
        found = getattr(found, name)
    assert found == value


def test_what_an_epoch_of_an_earlier_version_lacks_is_not_a_number() -> None:
    row = {"number": 1, "train_loss": 1.5, "validation_loss": 1.25, "accuracy": 0.5, "lr": 0.1}
    (epoch,) = from_attributes({"curve": [row]}).curve
    assert (epoch.number, epoch.validation_loss) == (1, 1.25)
    assert math.isnan(epoch.macro_f1)
    assert math.isnan(epoch.seconds)
