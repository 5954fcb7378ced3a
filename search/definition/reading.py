"""A study file is read once: found on disk, options put in, then checked as a whole."""

import json
import tomllib
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from search.definition.checks import SETTINGS, check_value
from search.definition.domain import FORMS, Choices, Range, Value
from search.definition.steps import AblationTable, Claim
from search.definition.tables import DataTable, Definition, SearchTable
from search.errors import StudyError

Options = Mapping[str, Any]  # settings by name, from the command line; None: not given


def read_definition(path: Path, options: Options | None = None) -> Definition:
    """Read a study file and put the given options in the place of what it says.

    Args:
        path: of the file.
        options: settings of ``[data]``, ``[search]`` or ``[fixed]`` by name; ``None`` as a value
            means that the option was not given.

    Raises:
        StudyError: the file cannot be read, is not TOML, or breaks a rule, or an option
            contradicts it; the message names the file, the key and what is allowed.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StudyError(f"{path}: cannot be read as a study file: {error}") from None
    return define(tables, options, where=str(path))


def define(tables: Mapping[str, Any], options: Options | None, *, where: str) -> Definition:
    """The definition in ``tables``, which stand ``where``, with the given options; see above.

    Raises:
        StudyError: as of ``read_definition``.
    """
    given = {name: value for name, value in (options or {}).items() if value is not None}
    try:
        return Definition.model_validate(_with_options(tables, given))
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        by_option = len(place) > 1 and place[1] in given
        raise StudyError(f"{'' if by_option else f'{where}: '}{_explain(error)}") from None


def read_configuration(text: str, definition: Definition) -> dict[str, Value]:
    """The parameters in ``text``, such as "cell=gru hidden_dim=64", for a study to try next.

    Raises:
        StudyError: it is no such list, or the study's space does not hold them.
    """
    configuration = read_pairs("--enqueue", text)
    try:
        definition.check_queued("--enqueue", configuration)
    except ValueError as error:
        raise StudyError(str(error)) from None
    return configuration


def read_pairs(option: str, text: str) -> dict[str, Value]:
    """The settings in ``text``, such as "cell=gru hidden_dim=64", each legal by itself.

    Raises:
        StudyError: it is no such list, or a value is not legal; the message names the ``option``.
    """
    pairs: dict[str, Value] = {}
    for part in text.split():
        name, is_pair, value = part.partition("=")
        if not is_pair or not name or name in pairs:
            raise StudyError(f"{option} {text!r}: want NAME=VALUE, each name once, not {part!r}")
        pairs[name] = _value(value)
    if not pairs:
        raise StudyError(f"{option}: want NAME=VALUE, as in {option} 'cell=gru hidden_dim=64'")
    return _checked(option, pairs)


def read_settings(option: str, path: Path) -> dict[str, Value]:
    """The settings in a file of them alone, TOML or JSON, each legal by itself.

    Raises:
        StudyError: it cannot be read, or a value is not legal; the message names the ``option``.
    """
    read = json.loads if path.suffix == ".json" else tomllib.loads
    try:
        found = read(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:  # JSON's, TOML's and Unicode's are kinds of the latter
        raise StudyError(f"{option} {path}: cannot be read as settings: {error}") from None
    if not isinstance(found, dict) or not found:
        raise StudyError(f'{option} {path}: want settings such as cell = "gru", and found none')
    for name, value in found.items():
        if not isinstance(value, Value):
            raise StudyError(f"{option} {path}: {name}: want a value, not a table or a list")
    return _checked(f"{option} {path}:", found)


def _checked(where: str, pairs: dict[str, Value]) -> dict[str, Value]:
    try:
        for name, given in pairs.items():
            check_value(where, name, given)
    except ValueError as error:
        raise StudyError(str(error)) from None
    return pairs


def _value(text: str) -> Value:
    """A value as a study file would have it; a word needs no quotation marks."""
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, Value) else text


def _with_options(tables: Mapping[str, Any], given: Options) -> dict[str, Any]:
    """``tables`` with the options ``given``, each in the table it belongs to."""
    searched = _searched(tables)
    result = dict(tables)
    for name, value in given.items():
        if name in searched:
            raise StudyError(f"--{name} {value}: this study searches {name}; leave the option out")
        table = next((t for t in ("data", "search", "fixed") if name in _keys(t)), None)
        if table is None:
            _refuse_unknown(name, value)
        elif isinstance(result.get(table, {}), dict):  # if it is none, the check says so
            result[table] = {**result.get(table, {}), name: value}
    return result


def _searched(tables: Mapping[str, Any]) -> set[str]:
    """Names under ``[space]`` and ``[[enqueue]]`` of tables that were not checked yet."""
    space, rows = tables.get("space", {}), tables.get("enqueue", [])
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {*(space if isinstance(space, dict) else ()), *chain.from_iterable(rows)}


def _refuse_unknown(name: str, value: Any) -> None:
    try:
        check_value("", name, value)
    except ValueError as error:
        raise StudyError(str(error).strip()) from None


def _keys(table: str) -> list[str]:
    tables: dict[str, type[BaseModel]] = {
        "data": DataTable, "search": SearchTable, "ablation": AblationTable,
    }  # fmt: skip
    return list(tables[table].model_fields) if table in tables else list(SETTINGS)


def _explain(error: ValidationError) -> str:
    """The first thing wrong, in one line: its place in the file, its value, what is allowed."""
    first = error.errors()[0]
    place = [str(part) for part in first["loc"] if part not in FORMS]
    message = first["msg"].removeprefix("Value error, ")
    if not place:
        return message
    where = f"[{place[0]}] {' '.join(place[1:])}".strip()
    if first["type"] == "extra_forbidden":
        tables = {1: list(Definition.model_fields), 2: _keys(place[0])}
        kind: type[BaseModel] = Range
        if "a choice with a default" in first["loc"]:
            kind = Choices
        elif place[0] == "ablation":
            kind = Claim
        known = tables.get(len(place), list(kind.model_fields))
        return f"{where}: unknown key; there are {', '.join(known)}"
    given = first["input"]
    value = f" = {given!r}" if isinstance(given, Value) else ""
    return f"{where}{value}: {message}"
