"""The rules that parameters of a study file must keep; each break is one line for the user."""

import difflib

from pydantic import ValidationError

from model.settings import ModelSettings, TrainSettings
from search.definition.domain import Domain, Range, Value, choices, default

SETTINGS = {name: kind for kind in (ModelSettings, TrainSettings) for name in kind.model_fields}


def check_domain(name: str, domain: Domain) -> None:
    """See that all values of ``[space] name`` are legal for that setting.

    Raises:
        ValueError: one is not, or there is none; the message names it and what is allowed.
    """
    ends = [domain.low, domain.high] if isinstance(domain, Range) else []
    values = choices(domain) or ends
    if not values:
        raise ValueError(f"[space] {name}: an empty choice; list at least one value")
    for value in values:
        check_value("[space]", name, value)
    listed = choices(domain)
    if repeated := [value for i, value in enumerate(listed) if value in listed[:i]]:
        raise ValueError(f"[space] {name}: {repeated[0]!r} is listed twice")
    if isinstance(domain, Range):
        _check_grid(name, domain)
    if (given := default(domain)) is not None:
        _check_within(f"[space] {name}: default", name, given, domain)


def check_configuration(
    where: str, configuration: dict[str, Value], space: dict[str, Domain]
) -> None:
    """See that an enqueued ``configuration`` lies in ``space``, where there is one.

    Args:
        where: what the message begins with.
        configuration: some of the parameters.
        space: the study's.

    Raises:
        ValueError: it does not.
    """
    for name, value in configuration.items():
        check_value(where, name, value)
        if space and name not in space:
            raise ValueError(f"{where} {name} is not in [space], which has {', '.join(space)}")
        if space:
            _check_within(f"{where} {name}", name, value, space[name])


def check_value(where: str, name: str, value: Value) -> None:
    """See that ``value`` is legal for the setting ``name``.

    Raises:
        ValueError: it is not, or there is no such setting.
    """
    if name not in SETTINGS:
        close = difflib.get_close_matches(name, SETTINGS, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise ValueError(f"{where} {name}: unknown setting; {hint}there are {', '.join(SETTINGS)}")
    try:
        SETTINGS[name].model_validate({name: value})
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Input should be ")
        raise ValueError(f"{where} {name} = {value!r}: should be {message}") from None


def _check_grid(name: str, domain: Range) -> None:
    """See that steps are whole where the setting is, and that they end at ``high``."""
    whole = SETTINGS[name].model_fields[name].annotation is not float
    if whole and domain.step is not None and domain.step != int(domain.step):
        raise ValueError(f"[space] {name}: step = {domain.step}: a whole number is needed")
    if (near := domain.off_grid(domain.high)) is not None:
        raise ValueError(
            f"[space] {name}: high = {domain.high} is not reached from {domain.low} by "
            f"{domain.step}: {near[0]:g} or {near[1]:g}"
        )


def _check_within(where: str, name: str, value: Value, domain: Domain) -> None:
    if isinstance(domain, Range):
        check_value(where, name, value)
        if not domain.low <= float(value) <= domain.high:
            raise ValueError(f"{where} = {value} is not between {domain.low} and {domain.high}")
        if domain.off_grid(float(value)) is not None:
            raise ValueError(f"{where} = {value} is not {domain.grid_text(float(value))}")
    elif value not in (choices(domain)):
        raise ValueError(f"{where} = {value!r} is not one of {choices(domain)}")
