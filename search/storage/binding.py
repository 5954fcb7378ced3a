"""What a study's numbers depend on, as it is stored with the study, and how two of them differ."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from model.settings import TRAINER_VERSION
from search.definition.settling import MEANT
from search.definition.steps import AblationTable
from search.definition.tables import Definition

# Where the data lies and how it is read does not matter to a study, what it says does: the
# fingerprint is compared, and of the data's table only what changes the split.
COMPARED_DATA = ("fingerprint", "validation", "examples", "repeats", "share")
TEXTS = "data.fingerprint"
TRAINER = "trainer"
VECTORS = "vectors."  # and the name of a file: its fingerprint
NOT_SET = "not set"


class Difference(NamedTuple):
    """A key, such as "search.epochs", and its two values; "not set" stands for none."""

    key: str
    stored: Any
    asked: Any


@dataclass(frozen=True)
class Binding:
    """A definition, fingerprints of texts and vectors, the trainer's version, as plain values.

    What an earlier version stored is compared as it is: it may hold keys that are unknown now.
    """

    table: dict[str, Any]

    @classmethod
    def of(
        cls, definition: Definition, fingerprint: str, vectors: Mapping[str, str] | None = None
    ) -> "Binding":
        """What a study is bound to now.

        Args:
            definition: of the study.
            fingerprint: of its texts.
            vectors: fingerprints of its files of word vectors, by their names in ``definition``.
        """
        table = definition.model_dump(mode="json")
        if definition.ablation == AblationTable():  # as in all studies but a few
            del table["ablation"]
        table["data"]["fingerprint"] = fingerprint
        if vectors:  # earlier versions had none, and most studies have none now
            table["vectors"] = dict(vectors)
        table[TRAINER] = TRAINER_VERSION
        return cls(table)

    @property
    def definition(self) -> Definition:
        """The definition in it.

        Raises:
            pydantic.ValidationError: an earlier version stored it, and it is not legal now.
        """
        stored = self.settled
        tables = {name: stored[name] for name in Definition.model_fields if name in stored}
        data = {k: v for k, v in tables["data"].items() if k != "fingerprint"}
        return Definition.model_validate({**tables, "data": data})

    @property
    def settled(self) -> dict[str, Any]:
        """The table with what earlier versions left out, since they knew only one way."""
        table = {k: dict(v) if isinstance(v, dict) else v for k, v in self.table.items()}
        for key, meant in MEANT.items():
            section, name = key.split(".")
            is_searched = name in table.get("space", {})
            if isinstance(table.get(section), dict) and not is_searched:
                known = table[section].get(name)
                table[section][name] = meant if known is None else known
        return table

    @property
    def objective(self) -> str:
        """What the study is searched for."""
        return str(self.table.get("search", {}).get("objective", MEANT["search.objective"]))

    @property
    def shares_seeds(self) -> bool:
        """Whether trials of different configurations have the same seeds."""
        return bool(self.settled["search"]["seeds"] == "shared")

    @property
    def is_audit(self) -> bool:
        """Whether its trials are pruned ones of another study, each with that one's seed."""
        return bool(self.settled["search"]["seeds"] == "given")


def difference(stored: Binding, asked: Binding) -> list[Difference]:
    """All that differs and matters, in the order of the stored keys."""
    before, now = _flat(stored.settled), _flat(asked.settled)
    return [
        Difference(key, before.get(key, NOT_SET), now.get(key, NOT_SET))
        for key in {**before, **now}
        if _is_compared(key) and before.get(key) != now.get(key)
    ]


def _is_compared(key: str) -> bool:
    table, _, name = key.partition(".")
    return table != "ablation" and (table != "data" or name in COMPARED_DATA)


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as one, ``data.dataset`` for a key."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and prefix != "space.":
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            is_file = key == "validation" and isinstance(value, str)
            flat[f"{prefix}{key}"] = None if is_file else _given(value)
    return flat


def _given(value: Any) -> Any:
    """A domain in its plainest form, as earlier and later versions have it in common.

    Keys that are not set are left out, a choice without a default is a list, and a range ends at
    its last step: earlier versions took a higher end, which no step reaches.
    """
    if not isinstance(value, dict):
        return value
    given = {key: part for key, part in value.items() if part is not None}
    if list(given) == ["choices"]:
        return given["choices"]
    if given.get("step") and "high" in given:
        steps = math.floor((given["high"] - given["low"]) / given["step"] + 1e-9)
        given["high"] = given["low"] + steps * given["step"]
    return given
