"""A definition's search space as Optuna's distributions, and drawing from it."""

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from search.definition.checks import SETTINGS
from search.definition.domain import Domain, Range, Value, choices
from search.definition.tables import Definition


def distributions(definition: Definition) -> dict[str, BaseDistribution]:
    """What each parameter is drawn from, in the order of the study file.

    Without ``[space]`` the parameters are those of the enqueued configurations, and each is a
    choice among the values that stand there.
    """
    if not definition.space:
        return {name: _enqueued(name, definition) for name in _enqueued_names(definition)}
    return {name: _distribution(name, domain) for name, domain in definition.space.items()}


def draw(trial: optuna.Trial, definition: Definition) -> None:
    """Draw all parameters of ``trial``, in the order of the study file."""
    for name, kind in distributions(definition).items():
        match kind:
            case IntDistribution():
                trial.suggest_int(name, kind.low, kind.high, step=kind.step, log=kind.log)
            case FloatDistribution():
                trial.suggest_float(name, kind.low, kind.high, step=kind.step, log=kind.log)
            case CategoricalDistribution():
                trial.suggest_categorical(name, kind.choices)


def enqueued(definition: Definition, number: int) -> dict[str, Value] | None:
    """The configuration that trial ``number`` was told to run, if there is one."""
    if number >= len(definition.enqueue):
        return None
    configuration = definition.enqueue[number]
    if definition.space:
        return configuration
    rest = {name: _used(name, definition) for name in _enqueued_names(definition)}
    return {**rest, **configuration}


def _distribution(name: str, domain: Domain) -> BaseDistribution:
    if not isinstance(domain, Range):
        return CategoricalDistribution(choices(domain))
    whole = SETTINGS[name].model_fields[name].annotation is not float
    if whole:
        step = int(domain.step or 1)
        return IntDistribution(int(domain.low), int(domain.high), log=domain.log, step=step)
    low, high = float(domain.low), float(domain.high)
    return FloatDistribution(low, high, log=domain.log, step=domain.step)


def _enqueued_names(definition: Definition) -> list[str]:
    return list(dict.fromkeys(name for row in definition.enqueue for name in row))


def _enqueued(name: str, definition: Definition) -> CategoricalDistribution:
    used = _used(name, definition)
    values = [row.get(name, used) for row in definition.enqueue]
    return CategoricalDistribution(list(dict.fromkeys(values)))


def _used(name: str, definition: Definition) -> Value:
    """What a trial uses for the setting ``name`` where its configuration does not say."""
    net_settings, train_settings = definition.settings({})
    value: Value = {**net_settings.model_dump(), **train_settings.model_dump()}[name]
    return value
