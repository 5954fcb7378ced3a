"""Between which configurations an ablation leads, and the study that trains what lies between."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.errors import listed
from search.definition.domain import Choices, Value, choices, default
from search.definition.reading import read_pairs, read_settings
from search.definition.route import Route
from search.definition.steps import AblationTable
from search.definition.tables import Definition
from search.errors import StudyError
from search.findings.lineup import Lineup
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

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
        return all_settings(confirmed.params, definition)
    if source.best is None:
        raise StudyError(
            f"the study {source.name} has no complete trial yet: search first, or give {TO}"
        )
    return all_settings(source.best.params, definition)


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
        return all_settings({}, definition)
    if asked == "enqueue":
        if not definition.enqueue:
            raise StudyError(f"{option} enqueue: the study file has no [[enqueue]]")
        return all_settings(definition.enqueue[0], definition)
    if re.fullmatch(r"[0-9]+", asked):
        if int(asked) >= len(source.trials):
            raise StudyError(
                f"{option} {asked}: the study {source.name} has trials 0 to "
                f"{len(source.trials) - 1}"
            )
        trial = source.trials[int(asked)]
        return all_settings(trial.queued or trial.params, definition)
    if asked.endswith((".toml", ".json")):
        return all_settings(read_settings(option, Path(asked)), definition)
    return all_settings(read_pairs(option, asked), definition)


def all_settings(params: Mapping[str, Value], definition: Definition) -> dict[str, Value]:
    """Every setting of a configuration that is not left to another one."""
    net_settings, train_settings = definition.settings(dict(params))
    found = {**net_settings.model_dump(), **train_settings.model_dump()}
    return {name: value for name, value in found.items() if value is not None}


def completed(
    configurations: Sequence[dict[str, Value]], before: Definition | None
) -> list[dict[str, Value]]:
    """All with the same settings: what one of them leaves to another setting is written out.

    Args:
        configurations: all settings of each that are not left to another one.
        before: of the ablation's study, if it is there: what it has, all need.
    """
    had = {**before.fixed, **before.space} if before else {}
    if FOLLOWS in had or any(FOLLOWS in each for each in configurations):
        return [{FOLLOWS: each[FOLLOWED], **each} for each in configurations]
    return list(configurations)


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
    configurations: Sequence[dict[str, Value]],
    before: Definition | None,
) -> Definition:
    """That of the study that trains them: its space is what differs between configurations.

    Where the study is there already, its space is kept and becomes wider.

    Args:
        definition: of the study that was searched.
        configurations: all settings of each; two ends of a path, or listed ones.
        before: of the ablation's study, if it is there.
    """
    space = dict(before.space) if before else {}
    known = all_settings({}, before) if before else configurations[0]
    for name in configurations[0]:
        ends = list(dict.fromkeys(each[name] for each in configurations))
        if name in space:
            values, usual = choices(space[name]), default(space[name])
        elif name not in known:
            raise StudyError(
                f"{name}: what this ablation has trained leaves it to {FOLLOWED}; to change it, "
                "delete the ablation's study and begin anew"
            )
        elif ends != [known[name]]:
            values, usual = [known[name]], known[name] if before else None
        else:
            continue
        values = [*values, *(each for each in ends if each not in values)]
        space[name] = values if usual is None else Choices(choices=values, default=usual)
    fixed = {name: value for name, value in known.items() if name not in space}
    _check_read(definition, configurations)
    searched = before.search if before else definition.search
    epochs = int(fixed.pop("epochs", searched.epochs))
    search = definition.search.model_copy(
        update={"pruner": "none", "seeds": "shared", "epochs": epochs}
    )
    made = {"search": search, "space": space, "fixed": fixed, "enqueue": []}
    made["ablation"] = AblationTable()
    return definition.model_copy(update=made)


def _check_read(definition: Definition, ends: Sequence[Mapping[str, Value]]) -> None:
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
