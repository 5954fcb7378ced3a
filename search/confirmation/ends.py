"""Between which configurations an ablation leads, and the study that trains what lies between."""

import re
from collections.abc import Mapping

from data.errors import listed
from search.definition.domain import Choices, Value, choices, default
from search.definition.reading import read_pairs
from search.definition.route import Route
from search.definition.tables import Definition
from search.errors import StudyError
from search.findings.lineup import Lineup
from search.storage.record import StudyRecord, TrialRecord

FROM, TO = "--from", "--to"
FOLLOWS, FOLLOWED = "embedding_dim", "hidden_dim"  # which is the other's, where it is not given
READ = ("tokens", "embedding_init")  # settings for which texts are made ready beforehand
ALWAYS = {"tokens": (), "embedding_init": ("random", "corpus")}


def start_of(asked: str | None, source: StudyRecord, definition: Definition) -> dict[str, Value]:
    """All settings at the start of the path.

    Raises:
        StudyError: what is asked for is not there, or not legal.
    """
    usual = "enqueue" if definition.enqueue else "defaults"
    return _end(FROM, usual if asked is None else asked, source, definition)


def goal_of(
    asked: str | None, source: StudyRecord, definition: Definition, final: StudyRecord | None
) -> dict[str, Value]:
    """All settings at its end.

    Raises:
        StudyError: likewise, or no trial is complete.
    """
    if asked is not None:
        return _end(TO, asked, source, definition)
    if (confirmed := _confirmed(source, final)) is not None:
        return _all_settings(confirmed.params, definition)
    if source.best is None:
        raise StudyError(
            f"the study {source.name} has no complete trial yet: search first, or give {TO}"
        )
    return _all_settings(source.best.params, definition)


def _confirmed(source: StudyRecord, final: StudyRecord | None) -> TrialRecord | None:
    """The trial whose configuration has the best mean over fresh seeds, if any has."""
    if final is None or not final.is_ours:
        return None
    chosen = [t for t in source.ranking if any(t.params == each.params for each in final.complete)]
    if not chosen:
        return None
    seeds = max(trial.stored.repetition for trial in final.complete)
    return Lineup.of(chosen, final, seeds).best.searched


def _end(option: str, asked: str, source: StudyRecord, definition: Definition) -> dict[str, Value]:
    if asked == "defaults":
        return _all_settings({}, definition)
    if asked == "enqueue":
        if not definition.enqueue:
            raise StudyError(f"{option} enqueue: the study file has no [[enqueue]]")
        return _all_settings(definition.enqueue[0], definition)
    if re.fullmatch(r"[0-9]+", asked):
        if int(asked) >= len(source.trials):
            raise StudyError(
                f"{option} {asked}: the study {source.name} has trials 0 to "
                f"{len(source.trials) - 1}"
            )
        trial = source.trials[int(asked)]
        return _all_settings(trial.queued or trial.params, definition)
    return _all_settings(read_pairs(option, asked), definition)


def _all_settings(params: Mapping[str, Value], definition: Definition) -> dict[str, Value]:
    """Every setting of a configuration that is not left to another one."""
    net_settings, train_settings = definition.settings(dict(params))
    found = {**net_settings.model_dump(), **train_settings.model_dump()}
    return {name: value for name, value in found.items() if value is not None}


def both_ends(
    start: dict[str, Value], goal: dict[str, Value], before: Definition | None
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Both with the same settings: what one of them leaves to another setting is written out.

    Args:
        start: all settings at one end that are not left to another one.
        goal: likewise at the other.
        before: of the ablation's study, if it is there: what it has, both need.
    """
    had = {**before.fixed, **before.space} if before else {}
    if any(FOLLOWS in each for each in (start, goal, had)):
        start = {FOLLOWS: start[FOLLOWED], **start}
        goal = {FOLLOWS: goal[FOLLOWED], **goal}
    return start, goal


def check_order(order: tuple[str, ...], changes: tuple[str, ...]) -> None:
    """See that an order that is given has each change once.

    Raises:
        StudyError: it has not.
    """
    if order and sorted(order) != sorted(changes):
        raise StudyError(
            f"--order {','.join(order)}: the two configurations differ in {listed(changes)}; "
            "name each of these once"
        )


def ablation_definition(
    definition: Definition,
    start: dict[str, Value],
    goal: dict[str, Value],
    before: Definition | None,
) -> Definition:
    """That of the study that trains the path: its space is what differs between the two ends.

    Where the study is there already, its space is kept and becomes wider.

    Args:
        definition: of the study that was searched.
        start: all settings at one end.
        goal: all settings at the other.
        before: of the ablation's study, if it is there.
    """
    space = dict(before.space) if before else {}
    known = _all_settings({}, before) if before else start
    for name, value in start.items():
        ends = [value, goal[name]]
        if name in space:
            values, usual = choices(space[name]), default(space[name])
        elif name not in known:
            raise StudyError(
                f"{name}: what this ablation has trained leaves it to {FOLLOWED}; to change it, "
                "delete the ablation's study and begin anew"
            )
        elif ends != [known[name]] * 2:
            values, usual = [known[name]], known[name] if before else None
        else:
            continue
        values = [*values, *(each for each in dict.fromkeys(ends) if each not in values)]
        space[name] = values if usual is None else Choices(choices=values, default=usual)
    fixed = {name: value for name, value in known.items() if name not in space}
    _check_read(definition, start, goal)
    searched = before.search if before else definition.search
    epochs = int(fixed.pop("epochs", searched.epochs))
    search = definition.search.model_copy(
        update={"pruner": "none", "seeds": "shared", "epochs": epochs}
    )
    made = {"search": search, "space": space, "fixed": fixed, "enqueue": []}
    return definition.model_copy(update=made)


def _check_read(definition: Definition, *ends: Mapping[str, Value]) -> None:
    """See that the texts are made ready for all that is asked for."""
    for name in READ:
        known = [*definition.values_of(name), *ALWAYS[name]]
        for end in ends:
            if end[name] not in known:
                raise StudyError(
                    f"{name} = {end[name]!r}: the study's own settings have "
                    f"{listed(list(map(repr, known)))}"
                )


def route_of(
    definition: Definition,
    start: dict[str, Value],
    goal: dict[str, Value],
    *,
    order: tuple[str, ...],
    seeds: int,
) -> Route:
    """The path in the space of the ablation's study.

    Raises:
        StudyError: the two ends are the same, or the order is not theirs.
    """
    route = Route(
        start={name: start[name] for name in definition.space},
        goal={name: goal[name] for name in definition.space},
        order=order,
        seeds=seeds,
    )
    if not route.changes:
        raise StudyError(
            f"{FROM} and {TO} are the same configuration: there is no change to train"
        )
    check_order(order, route.changes)
    return route
