"""What a study file leaves open is settled once, when the study is made, and kept with it.

New studies get what is right today; a study that an earlier version made goes on as that version
did, so that its numbers stay comparable.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from data.corpus import Corpus
from data.kinds import AUTO, Kind, resolve_kind
from search.definition.criteria import LOSS
from search.definition.domain import Choices, Domain, Value, choices
from search.definition.tables import DataTable, Definition

# What earlier versions did where their studies say nothing.
MEANT: dict[str, Value] = {
    "search.objective": LOSS,
    "search.seeds": "own",
    "data.own_validation": False,
    "data.repeats": "apart",
    "data.share": "raised",
    "fixed.tokens": "words",
}
NEWS = ("class", ("title", "description"))  # label and text columns of AG News' own files
Stored = Mapping[str, Any]  # a study's tables, as they are stored with it


def settle_data(asked: DataTable, stored: Stored | None) -> DataTable:
    """How the texts are read and split.

    Args:
        asked: what the study file and the options say.
        stored: the tables of the study that is there, if it is.
    """
    given = isinstance(asked.validation, float)
    now: dict[str, Value] = {
        "own_validation": True,
        "repeats": "together",
        "share": "exact" if given else "raised",
    }
    settled: dict[str, Any] = {}
    if stored is not None:
        now = {name: stored["data"].get(name, MEANT[f"data.{name}"]) for name in now}
        if asked.validation is None:
            settled["validation"] = stored["data"].get("validation")
    for name, value in now.items():
        if getattr(asked, name) is None:
            settled[name] = value
    return asked.model_copy(update=settled)


def settle_tokens(asked: Definition, stored: Stored | None, corpus: Corpus) -> Definition:
    """``asked`` with a kind of tokens for "auto", and where none is named.

    AG News and the built-in demo keep the notebook's words, so that their numbers can be compared.
    """
    if "tokens" in asked.space:
        space = {**asked.space, "tokens": _resolved(asked.space["tokens"], corpus.texts)}
        return asked.model_copy(update={"space": space})
    kind = asked.fixed.get("tokens")
    if kind is None and stored is not None and "tokens" not in stored.get("space", {}):
        kind = stored.get("fixed", {}).get("tokens", MEANT["fixed.tokens"])
    if kind is None:
        kind = "words" if _is_known(corpus) else AUTO
    fixed = {**asked.fixed, "tokens": resolve_kind(str(kind), corpus.texts)}
    return asked.model_copy(update={"fixed": fixed})


def kinds(definition: Definition) -> tuple[Kind, ...]:
    """The kinds of tokens that the trials of a settled definition may have."""
    return tuple(definition.values_of("tokens"))  # type: ignore[arg-type]


def _is_known(corpus: Corpus) -> bool:
    facts = corpus.facts
    columns = (facts.label_column, facts.text_columns)
    return corpus.name in ("demo", "ag_news", "fancyzhx/ag_news") or columns == NEWS


def _resolved(domain: Domain, texts: Sequence[str]) -> Domain:
    found = dict.fromkeys(resolve_kind(str(kind), texts) for kind in choices(domain))
    values: list[Value] = list(found)
    return domain.model_copy(update={"choices": values}) if isinstance(domain, Choices) else values
