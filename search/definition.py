"""A study's definition: what a study file says, typed, validated and joined with the options."""

import difflib
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from model.settings import ModelSettings, TrainSettings
from search.domain import FORMS, STRICT, Choice, Domain, Range, TaggedDomain, Value, options

Sampler = Literal["tpe", "gp", "cmaes", "random"]
Pruner = Literal["median", "hyperband", "none"]

SETTINGS = {name: kind for kind in (ModelSettings, TrainSettings) for name in kind.model_fields}


class StudyError(ValueError):
    """A study that cannot be defined, opened or continued; the message is for the user."""


class PlaceError(Exception):
    """The place broke, not the study: a full disk, a lost folder, a locked database.

    The message is for the user; when the cause is mended, the same command goes on.
    """


class DataTable(BaseModel):
    """``[data]``: which texts, and how they are split."""

    model_config = STRICT

    dataset: str = Field("ag_news", description='a Hub name, a folder, a file, or "demo"')
    text: str | None = Field(None, description="text column")
    label: str | None = Field(None, description="label column")
    validation: float = Field(0.05, gt=0, lt=1, description="share of the training rows")
    examples: int | None = Field(None, ge=2, description="training rows to use; default: all")


class SearchTable(BaseModel):
    """``[search]``: how the space is searched."""

    model_config = STRICT

    epochs: int = Field(10, ge=1, description="a trial's passes over the training texts")
    seed: int = Field(42, ge=0, le=2**32 - 1)
    sampler: Sampler = "tpe"
    pruner: Pruner = "median"


class Definition(BaseModel):
    """All that a study's numbers depend on, beside the texts themselves and the trainer."""

    model_config = STRICT

    data: DataTable = DataTable()
    search: SearchTable = SearchTable()
    space: dict[str, TaggedDomain] = {}
    fixed: dict[str, Value] = {}
    enqueue: list[dict[str, Value]] = []

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.space and not self.enqueue:
            raise ValueError("nothing to search: give [space], [[enqueue]] or both")
        for name, domain in self.space.items():
            _check_domain(name, domain)
        for name, value in self.fixed.items():
            _check_value("[fixed]", name, value)
            if name == "epochs":
                raise ValueError("[fixed] epochs: write it under [search]")
            if name in self.space:
                raise ValueError(f"{name} stands under [space] and [fixed]: keep one of them")
        for number, configuration in enumerate(self.enqueue, 1):
            _check_configuration(f"[[enqueue]] number {number}:", configuration, self.space)
        return self

    def limit(self, trials: int) -> int:
        """How many of ``trials`` can be: without ``[space]``, the enqueued configurations."""
        return trials if self.space else min(trials, len(self.enqueue))

    def settings(self, chosen: dict[str, Value]) -> tuple[ModelSettings, TrainSettings]:
        """The settings of a trial with the ``chosen`` parameters, the fixed ones and defaults."""
        values: dict[str, Any] = {"epochs": self.search.epochs, **self.fixed, **chosen}
        of_model = {name: v for name, v in values.items() if name in ModelSettings.model_fields}
        of_training = {name: v for name, v in values.items() if name not in of_model}
        return ModelSettings(**of_model), TrainSettings(**of_training)


def read_definition(path: Path) -> Definition:
    """Read a study file.

    Raises:
        StudyError: it cannot be read, is not TOML, or breaks a rule; the message names the file,
            the key and what is allowed.
    """
    try:
        return Definition.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise StudyError(f"{path}: {_explain(error)}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StudyError(f"{path}: cannot be read as a study file: {error}") from None


def override(definition: Definition, options: dict[str, Any]) -> Definition:
    """``definition`` with the given command-line options (``None``: not given) put in.

    Raises:
        StudyError: an option contradicts the definition.
    """
    tables = definition.model_dump()
    for name, value in options.items():
        if value is None:
            continue
        if name in {*definition.space, *chain.from_iterable(definition.enqueue)}:
            raise StudyError(f"--{name} {value}: this study searches {name}; leave the option out")
        table = next(t for t in ("data", "search", "fixed") if name in _keys(t))
        tables[table][name] = value
    try:
        return Definition.model_validate(tables)
    except ValidationError as error:
        raise StudyError(_explain(error)) from None


def _keys(table: str) -> list[str]:
    tables: dict[str, type[BaseModel]] = {"data": DataTable, "search": SearchTable}
    return list(tables[table].model_fields) if table in tables else list(SETTINGS)


def _check_domain(name: str, domain: Domain) -> None:
    ends = [domain.low, domain.high] if isinstance(domain, Range) else []
    values = options(domain) or ends
    if not values:
        raise ValueError(f"[space] {name}: an empty choice; list at least one value")
    for value in values:
        _check_value("[space]", name, value)
    if not isinstance(domain, list) and domain.default is not None:
        _check_within(f"[space] {name}: default", name, domain.default, domain)


def _check_configuration(
    place: str, configuration: dict[str, Value], space: dict[str, Domain]
) -> None:
    for name, value in configuration.items():
        _check_value(place, name, value)
        if space and name not in space:
            raise ValueError(f"{place} {name} is not in [space], which has {', '.join(space)}")
        if space:
            _check_within(f"{place} {name}", name, value, space[name])


def _check_within(place: str, name: str, value: Value, domain: Domain) -> None:
    if isinstance(domain, Range):
        _check_value(place, name, value)
        if not domain.low <= float(value) <= domain.high:
            raise ValueError(f"{place} = {value} is not between {domain.low} and {domain.high}")
    elif value not in (options(domain) or []):
        raise ValueError(f"{place} = {value!r} is not one of {options(domain)}")


def _check_value(place: str, name: str, value: Value) -> None:
    if name not in SETTINGS:
        close = difflib.get_close_matches(name, SETTINGS, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise ValueError(f"{place} {name}: unknown setting; {hint}there are {', '.join(SETTINGS)}")
    try:
        SETTINGS[name].model_validate({name: value})
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Input should be ")
        raise ValueError(f"{place} {name} = {value!r}: should be {message}") from None


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
        kind = Choice if "a choice with a default" in first["loc"] else Range
        known = tables.get(len(place), list(kind.model_fields))
        return f"{where}: unknown key; there are {', '.join(known)}"
    given = first["input"]
    value = f" = {given!r}" if isinstance(given, Value) else ""
    return f"{where}{value}: {message}"
