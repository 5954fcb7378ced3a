"""What a study's numbers depend on, as it is stored with the study, and how two of them differ."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from model.settings import TRAINER_VERSION
from search.definition.criteria import LOSS
from search.definition.tables import Definition

# Where the data lies does not matter to a study, what it says does: the fingerprint is compared.
NOT_COMPARED = ("data.dataset", "data.text", "data.label")
# What a study means that is older than the key.
MEANT = {"search.objective": LOSS}


class Difference(NamedTuple):
    """A key, such as "search.epochs", and its two values; "not set" stands for none."""

    key: str
    stored: Any
    asked: Any


@dataclass(frozen=True)
class Binding:
    """A definition, the fingerprint of the texts and the trainer's version, as plain values.

    What an earlier version stored is compared as it is: it may hold keys that are unknown now.
    """

    table: dict[str, Any]

    @classmethod
    def of(cls, definition: Definition, fingerprint: str) -> "Binding":
        """What a study of ``definition`` on the texts of ``fingerprint`` is bound to now."""
        table = definition.model_dump(mode="json")
        table["data"]["fingerprint"] = fingerprint
        table["trainer"] = TRAINER_VERSION
        return cls(table)

    @property
    def definition(self) -> Definition:
        """The definition in it.

        Raises:
            pydantic.ValidationError: an earlier version stored it, and it is not legal now.
        """
        tables = {name: self.table[name] for name in Definition.model_fields}
        data = {k: v for k, v in tables["data"].items() if k != "fingerprint"}
        return Definition.model_validate({**tables, "data": data})

    @property
    def objective(self) -> str:
        """What the study is searched for."""
        return str(_flat(self.table)["search.objective"])


def difference(stored: Binding, asked: Binding) -> list[Difference]:
    """All that differs and matters, in the order of the stored keys."""
    before, now = _flat(stored.table), _flat(asked.table)
    return [
        Difference(key, before.get(key, "not set"), now.get(key, "not set"))
        for key in {**before, **now}
        if key not in NOT_COMPARED and before.get(key) != now.get(key)
    ]


def _flat(table: dict[str, Any]) -> dict[str, Any]:
    """Nested tables as one, ``data.dataset`` for a key; older ones with what they meant."""
    flat = _joined(table)
    return {**flat, **{key: value for key, value in MEANT.items() if key not in flat}}


def _joined(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and prefix != "space.":
            flat |= _joined(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = _given(value)
    return flat


def _given(value: Any) -> Any:
    """A range without the keys that are not set: later versions may know more keys."""
    if not isinstance(value, dict):
        return value
    return {key: given for key, given in value.items() if given is not None}
