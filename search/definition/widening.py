"""Whether a space only became wider: then the trials of the old one are trials of the new one."""

import json
from typing import Any

from search.definition.domain import Domain, Range, Value, choices, default
from search.definition.tables import Definition
from search.errors import StudyError

WAYS = "--extend-space takes a wider range, more choices, or a new parameter with a default"


def check_widening(before: Definition, now: Definition) -> None:
    """See that ``now`` only widens the space of ``before``.

    Raises:
        StudyError: it does something else; the message says what.
    """
    if not before.space:
        raise StudyError(f"a study without [space] cannot be extended; {WAYS}")
    for name in before.space:
        if name not in now.space:
            raise StudyError(f"[space] {name}: was searched and is gone; {WAYS}")
        _check_wider(name, before.space[name], now.space[name])
    for name, domain in now.space.items():
        if name not in before.space:
            _check_new(name, domain, before)
    if _rest(before, now) != _rest(now, now):
        raise StudyError(f"more than [space] differs; {WAYS}")


def filled_in(definition: Definition) -> dict[str, Value]:
    """What stands for each parameter in trials that are older than its place in the space."""
    found = {name: default(domain) for name, domain in definition.space.items()}
    return {name: value for name, value in found.items() if value is not None}


def has_new_choices(before: Definition, now: Definition) -> bool:
    """Whether a parameter of ``before`` has other choices ``now``, or in another order."""
    return any(choices(domain) != choices(now.space[k]) for k, domain in before.space.items())


def _rest(definition: Definition, now: Definition) -> dict[str, Any]:
    """All of ``definition`` but the space, and but fixed settings that are searched ``now``."""
    fixed = {k: v for k, v in definition.fixed.items() if k not in now.space}
    return {**definition.model_dump(), "space": {}, "fixed": fixed}


def _check_wider(name: str, before: Domain, now: Domain) -> None:
    if isinstance(before, Range) != isinstance(now, Range):
        raise StudyError(f"[space] {name}: a range cannot become a choice, nor the reverse")
    if not isinstance(before, Range) or not isinstance(now, Range):
        lost = [value for value in choices(before) if value not in choices(now)]
        if lost:
            raise StudyError(f"[space] {name}: {lost[0]!r} was a choice and is gone; {WAYS}")
        return
    if (before.log, before.step) != (now.log, now.step):
        raise StudyError(f"[space] {name}: step and log cannot change; {WAYS}")
    if now.low > before.low or now.high < before.high:
        raise StudyError(
            f"[space] {name}: {now.low} to {now.high} does not hold {before.low} to "
            f"{before.high}; {WAYS}"
        )
    steps = (before.low - now.low) / (now.step or 1)
    if now.step and abs(steps - round(steps)) > 1e-9:
        raise StudyError(f"[space] {name}: from {now.low}, steps of {now.step} miss {before.low}")


def _check_new(name: str, domain: Domain, before: Definition) -> None:
    net_settings, train_settings = before.settings({})
    used = {**net_settings.model_dump(), **train_settings.model_dump()}[name]
    if default(domain) is None:
        raise StudyError(
            f"[space] {name}: new, so it needs a default, which stands for the old trials: "
            f"default = {json.dumps(used)}"
        )
    if default(domain) != used:
        raise StudyError(
            f"[space] {name}: the old trials ran with {json.dumps(used)}, so that must be its "
            f"default, not {json.dumps(default(domain))}"
        )
