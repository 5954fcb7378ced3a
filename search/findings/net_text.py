"""A configuration as one says it: "a GRU of 128 units in 2 layers, dropout 0.088, lr 0.0029"."""

from collections.abc import Mapping

from data.errors import several
from search.definition.domain import Value
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

ARTICLES = {"rnn": "an", "gru": "a", "lstm": "an"}
OF_THE_NET = ("cell", "hidden_dim", "layers", "bidirectional")


def net_text(record: StudyRecord, trial: TrialRecord) -> str:
    """The net of ``trial`` and its other parameters; what the study fixes counts for the net."""
    fixed = record.binding.table.get("fixed", {}) if record.binding else {}
    return net_of(fixed, trial.params)


def net_of(fixed: Mapping[str, Value], params: Mapping[str, Value]) -> str:
    """The net of ``params`` and what is ``fixed`` of it, and the other parameters."""
    of_net = {name: v for name, v in fixed.items() if name in OF_THE_NET}
    values = {**of_net, **params}
    cell = str(values.get("cell", ""))
    if cell not in ARTICLES:
        return ", ".join(_pair(name, value) for name, value in values.items()) or "the defaults"
    net = f"{ARTICLES[cell]} {cell.upper()}"
    if "hidden_dim" in values:
        net += f" of {several(int(values['hidden_dim']), 'unit')}"
    if int(values.get("layers", 1)) > 1:
        net += f" in {values['layers']} layers"
    if values.get("bidirectional"):
        net += " in both directions"
    others = [_pair(name, value) for name, value in values.items() if name not in OF_THE_NET]
    return ", ".join([net, *others])


def _pair(name: str, value: Value) -> str:
    return f"{name} {value:.2g}" if isinstance(value, float) else f"{name} {value}"
