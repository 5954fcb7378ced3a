"""Which study a command means: a name or file, a data set, or what can be had."""

import re
from dataclasses import dataclass
from pathlib import Path

from data.hub import hub_available
from search.definition.reading import Options, read_definition
from search.definition.tables import Definition
from search.errors import StudyError

# The user's own definitions first, then those that come with the project.
FOLDERS = (Path("studies"), Path(__file__).resolve().parents[2] / "studies")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
HUB_TIMEOUT = 5.0
SHIPPED = ("demo", "ag_news")  # data sets that have a study of their own
ANY_TEXTS = "ag_news"  # the study that other data sets get
NO_HUB = (
    "AG News is neither cached nor does the Hub answer: the built-in demo runs instead. "
    "For a local copy: --dataset PATH"
)


@dataclass(frozen=True, kw_only=True)
class FoundStudy:
    """A study's name, its definition, and what the user should know about how it was found."""

    name: str
    definition: Definition
    note: str = ""


def find_study(
    study: str | None = None,
    dataset: str | None = None,
    *,
    name: str | None = None,
    options: Options | None = None,
) -> FoundStudy:
    """The study that ``--study``, ``--dataset`` and ``--name`` ask for.

    Args:
        study: a name or a file.
        dataset: the texts, in the place of those that the study file names.
        name: of the study; default: the file's, or the data set's, as far as they can be one.
        options: further settings that take the place of those in the file.

    Raises:
        StudyError: there is no such study, its name cannot be a folder's, or its definition
            breaks a rule.
    """
    note = ""
    if study is not None:
        path = _find(study)
        found = _as_name(path.stem)
    elif dataset in SHIPPED:
        path, found = _find(dataset), dataset
    elif dataset is not None:
        path, found = _find(ANY_TEXTS), _as_name(Path(dataset).resolve().name.split(".")[0])
    elif hub_available("ag_news", timeout=HUB_TIMEOUT):
        path, found = _find("ag_news"), "ag_news"
    else:
        path, found, note = _find("demo"), "demo", NO_HUB
    called = check_name(name or found)
    definition = read_definition(path, {"dataset": dataset, **(options or {})})
    return FoundStudy(name=called, definition=definition, note=note)


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
