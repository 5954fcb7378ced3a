"""How to repeat a study: the commands to type, its settings, and what it ran on."""

import json
import shlex
from typing import Any, NamedTuple

from search.findings.card import Card, NotYet, Verbatim, not_yet
from search.findings.evidence import Evidence
from search.findings.standing import next_commands, storage_option
from search.storage.record import StudyRecord
from search.storage.urls import without_password

NAME, TITLE = "repeat", "Commands, settings, environment"


class Repeat(NamedTuple):
    """What repeats a study.

    Attributes:
        commands: to go on with the search, to confirm it, to use and to look at what it found; to
            go on with its ablation, where there is one.
        settings: what its numbers depend on.
        environment: of its last trial: versions, commit, command, device.
    """

    commands: tuple[str, ...]
    settings: dict[str, Any]
    environment: dict[str, Any]


def repeat_of(evidence: Evidence) -> Repeat | NotYet:
    """Of a study that this program made."""
    record, home = evidence.record, evidence.home
    if record.binding is None:
        return NotYet("another program made the study, and keeps its settings elsewhere")
    name = f"--study {shlex.quote(record.name)}"
    option = storage_option(home) if home else ""
    asked = f" --trials {record.asked}" if record.asked else ""
    commands: list[str] = []
    if evidence.of_trainings is evidence:
        commands += [
            _typed(record) or f"python -m search.run {name}{asked}{option}",
            f"python -m search.final {name}{option}",
            f"python -m search.predict {name}{option} 'Markets fell.'",
        ]
    if evidence.ablation is not None:
        commands += [_typed(evidence.ablation) or f"python -m search.ablate {name}{option}"]
    commands += next_commands(home) if home else []
    environment = _environment(evidence.of_trainings.record)
    return Repeat(tuple(commands), record.binding.table, environment)


def repeat_card(evidence: Evidence) -> Card:
    """The commands first; what they depend on below."""
    found = repeat_of(evidence)
    if isinstance(found, NotYet):
        return not_yet(NAME, TITLE, found)
    where = ", ".join(str(found.environment[k]) for k in ("device", "precision") if k in found[2])
    ran = f" Its last trial ran on {where}." if where else ""
    return Card(
        name=NAME,
        title=TITLE,
        sentence="The same command goes on with the search, or finds nothing left to do; "
        f"with another --storage it begins anew.{ran}",
        values=found,
        texts=(
            Verbatim("commands", "\n".join(found.commands)),
            Verbatim("settings", json.dumps(found.settings, indent=2)),
            Verbatim("environment", json.dumps(found.environment, indent=2)),
        ),
    )


def _typed(record: StudyRecord) -> str:
    """The command that ran its last trial, or nothing."""
    return str(_environment(record).get("command", ""))


def _environment(record: StudyRecord) -> dict[str, Any]:
    """Of the last trial that stored one."""
    stored = (trial.stored.environment for trial in reversed(record.trials))
    environment = dict(next((environment for environment in stored if environment), {}))
    if "command" in environment:  # of earlier versions, which kept passwords
        environment["command"] = without_password(str(environment["command"]))
    return environment
