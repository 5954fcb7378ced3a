"""Which study a command means: a name or file, a data set, or what can be had."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.hub import hub_available
from search.definition.fitting import draft
from search.definition.reading import Options, read_definition
from search.definition.tables import Definition
from search.errors import StudyError

# The user's own definitions first, then those that come with the project.
FOLDERS = (Path("studies"), Path(__file__).resolve().parents[2] / "studies")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
HUB_TIMEOUT = 5.0
SHIPPED = ("demo", "ag_news")  # data sets that have a study of their own
FINAL = "-final"  # ends the name of the study that confirms another one's configurations
AUDIT = "-audit"  # likewise of the study that finishes pruned trials of another one
ABLATION = "-ablation"  # of the study that trains one change at a time
FITTED = "study.toml"  # in a study's folder, where the study was fitted to its texts
NO_HUB = (
    "AG News is neither cached nor does the Hub answer: the built-in demo runs instead. "
    "For a local copy: --dataset PATH"
)


@dataclass(frozen=True, kw_only=True)
class FoundStudy:
    """A study's name, its definition, and what the user should know about how it was found.

    Attributes:
        name: of the study.
        definition: of it.
        note: for the user.
        is_draft: there is no study file, and ``definition`` has still to be fitted to its texts.
        file: the text of the study file in the study's own folder, if that is where it is.
    """

    name: str
    definition: Definition
    note: str = ""
    is_draft: bool = False
    file: str = ""


def find_study(
    study: str | None = None,
    dataset: str | None = None,
    *,
    name: str | None = None,
    options: Options | None = None,
    folder_of: Callable[[str], Path] = FOLDERS[0].joinpath,
    is_stored: Callable[[str], bool] = lambda name: False,
) -> FoundStudy:
    """The study that ``--study``, ``--dataset`` and ``--name`` ask for.

    Args:
        study: a name or a file.
        dataset: the texts, in the place of those that the study file names.
        name: of the study; default: the file's, or the data set's, as far as they can be one.
        options: further settings that take the place of those in the file.
        folder_of: where a study of a given name keeps its files.
        is_stored: whether the database has a study of a given name.

    Raises:
        StudyError: there is no such study, its name cannot be a folder's, or its definition
            breaks a rule.
    """
    note = ""
    given = {"dataset": dataset, **(options or {})}
    if study is not None:
        try:
            path = _find(study, folder_of)
        except StudyError:
            if study.endswith(".toml") or not is_stored(study) or name not in (None, study):
                raise
            return FoundStudy(name=study, definition=draft(given), is_draft=True)
        found = _owner(path, folder_of) or _as_name(path.stem)
    elif dataset in SHIPPED:
        path, found = _find(dataset), dataset
    elif dataset is not None:
        found = check_name(name or _as_name(Path(dataset).resolve().name.split(".")[0]))
        path = folder_of(found) / FITTED
        if not path.is_file():
            return FoundStudy(name=found, definition=draft(given), is_draft=True)
        note = f"study {found} as {os.path.relpath(path)} has it"
    elif hub_available("ag_news", timeout=HUB_TIMEOUT):
        path, found = _find("ag_news"), "ag_news"
    else:
        path, found, note = _find("demo"), "demo", NO_HUB
    called = check_name(name or found)
    definition = read_definition(path, given)
    file = path.read_text("utf-8-sig") if _owner(path, folder_of) == called else ""
    return FoundStudy(name=called, definition=definition, note=note, file=file)


def is_shipped_or_written(name: str) -> bool:
    """Whether ``--study NAME`` means a file among the study files, not one in a study's folder."""
    return any((folder / f"{name}.toml").is_file() for folder in FOLDERS)


def has_file(study: str) -> bool:
    """Whether ``study`` is a file, or the name of one among the study files."""
    return study.endswith(".toml") or is_shipped_or_written(study)


def begun_last(names: Sequence[str]) -> str:
    """The last of a database's studies that is no audit or ablation of another one of them."""
    beside = {name + ending for name in names for ending in (AUDIT, ABLATION)}
    return [name for name in names if name not in beside][-1]


def check_name(name: str) -> str:
    """``name`` if it can be a study's, which is a folder's too.

    Raises:
        StudyError: it cannot.
    """
    if not NAME.fullmatch(name):
        raise StudyError(
            f"{name!r} cannot be a study's name: it consists of letters, digits, '.', '_' "
            "and '-', and begins with a letter or a digit"
        )
    return name


def _as_name(file: str) -> str:
    """What a study is called after ``file``, whatever characters a person names files with."""
    if NAME.fullmatch(file):
        return file
    return re.sub(r"[^A-Za-z0-9._-]+", "-", file).strip("._-") or "study"


def _owner(path: Path, folder_of: Callable[[str], Path]) -> str | None:
    """The name of the study in whose own folder the file ``path`` lies, if it lies in one."""
    name = path.parent.name
    own = folder_of(name) / FITTED
    is_own = NAME.fullmatch(name) and own.is_file() and own.samefile(path)
    return name if is_own else None


def _find(study: str, folder_of: Callable[[str], Path] | None = None) -> Path:
    if study.endswith(".toml"):
        path = Path(study)
        if not path.is_file():
            raise StudyError(f"--study {study}: no such file")
        return path
    for folder in FOLDERS:
        if (path := folder / f"{study}.toml").is_file():
            return path
    if folder_of and NAME.fullmatch(study) and (path := folder_of(study) / FITTED).is_file():
        return path
    known = {path.stem for folder in FOLDERS for path in folder.glob("*.toml")}
    known |= {path.parent.name for path in FOLDERS[0].glob(f"*/{FITTED}") if path.is_file()}
    raise StudyError(
        f"--study {study}: no such study; there are {', '.join(sorted(known))}, or a file"
    )
