"""Which study a command means: a name or file, a data set, or what can be had."""

import re
from dataclasses import dataclass
from pathlib import Path

from data.hub import hub_available
from search.definition import Definition, StudyError, override, read_definition
from search.environment import ROOT

FOLDER = Path("studies")  # where results go, and the first place to look for definitions
FOLDERS = (FOLDER, ROOT / "studies")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
HUB_TIMEOUT = 5.0


@dataclass(frozen=True)
class Choice:
    """A study's name, its definition, and what the user should know about the choice."""

    name: str
    definition: Definition
    note: str = ""


def choose(study: str | None, dataset: str | None, name: str | None) -> Choice:
    """The study that ``--study``, ``--dataset`` and ``--name`` ask for.

    Raises:
        StudyError: there is no such study, or its name cannot be a folder's.
    """
    choice = _choose(study, dataset)
    if dataset is not None:
        definition = override(choice.definition, {"dataset": dataset})
        choice = Choice(choice.name, definition, choice.note)
    choice = Choice(name or choice.name, choice.definition, choice.note)
    check_name(choice.name)
    return choice


def check_name(name: str) -> str:
    """``name`` if it can be a study's, which is a folder's too.

    Raises:
        StudyError: it cannot.
    """
    if not NAME.fullmatch(name):
        raise StudyError(
            f"{name!r} cannot be a study's name: letters, digits, '.', '_' and '-' can; "
            "give one with --name"
        )
    return name


def _choose(study: str | None, dataset: str | None) -> Choice:
    if study is not None:
        path = _find(study)
        return Choice(path.stem, read_definition(path))
    if dataset in ("demo", "ag_news"):
        return _choose(dataset, None)
    if dataset is not None:
        _, definition = _shipped("ag_news")
        return Choice(Path(dataset).resolve().name.split(".")[0] or "study", definition)
    if hub_available("ag_news", timeout=HUB_TIMEOUT):
        return _choose("ag_news", None)
    return Choice(
        *_shipped("demo"),
        note="AG News is neither cached nor does the Hub answer: the built-in demo runs instead. "
        "For a local copy: --dataset PATH",
    )


def _shipped(name: str) -> tuple[str, Definition]:
    return name, read_definition(_find(name))


def _find(study: str) -> Path:
    if study.endswith(".toml"):
        path = Path(study)
        if not path.is_file():
            raise StudyError(f"--study {study}: no such file")
        return path
    for folder in FOLDERS:
        if (path := folder / f"{study}.toml").is_file():
            return path
    known = sorted({path.stem for folder in FOLDERS for path in folder.glob("*.toml")})
    raise StudyError(f"--study {study}: no such study; there are {', '.join(known)}, or a file")
