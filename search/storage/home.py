"""Where a study lives: its database, its lock, and the folder of the files that come of it.

A folder belongs to one study of one database: it lies beside the database's file and holds the
study's identity, so that what another study left there is never taken for this one's.
"""

import json
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from search.definition.lookup import FITTED
from search.storage.lock import study_lock
from search.storage.urls import DEFAULT_STORAGE, sqlite_file

IDENTITY = "study.json"  # in a study's folder


@dataclass(frozen=True, kw_only=True)
class StudyHome:
    """All places of one study.

    Attributes:
        name: the study's.
        url: of its database.
    """

    name: str
    url: str

    @property
    def folder(self) -> Path:
        """Of the files: beside an SQLite file, else below ``studies``."""
        file = sqlite_file(self.url)
        if file is None:
            server = make_url(self.url)
            host = server.host.lower() if server.host else None
            database = f"{host}-{(server.database or '').replace('/', '-')}"
            return Path("studies", f"{database}.studies", self.name).absolute()
        default = sqlite_file(DEFAULT_STORAGE)
        if default and file.name == default.name:
            return file.absolute().parent / self.name
        return file.absolute().with_name(f"{file.name}.studies") / self.name

    @property
    def running(self) -> Path:
        """The snapshots of running trials."""
        return self.folder / "running"

    @property
    def best(self) -> Path:
        """The classifier of the best trial."""
        return self.folder / "best"

    @property
    def model(self) -> Path:
        """The model that the study led to, once it is confirmed."""
        return self.folder / "model"

    def net(self, number: int) -> Path:
        """The classifier of trial ``number``, in a study that keeps all of them."""
        return self.folder / "nets" / str(number)

    def probabilities(self, number: int) -> Path:
        """What the net of trial ``number`` says of the validation texts: (N, C) float16."""
        return self.folder / "probabilities" / f"{number}.npy"

    @property
    def validation(self) -> Path:
        """The validation texts and their classes; see ``storage.validation``."""
        return self.folder / "validation.json.gz"

    @property
    def baseline(self) -> Path:
        """The classes that the linear baseline says of the validation texts: (N,) int32."""
        return self.folder / "baseline.npy"

    @property
    def report(self) -> Path:
        """The report's page."""
        return self.folder / "report.html"

    def lock(self) -> AbstractContextManager[None]:
        """Hold it while trials are counted, begun or ended: other runs wait."""
        return study_lock(self.url, self.name)

    def move_in(self, identity: str) -> str:
        """Make the folder this study's; a folder of another study is put aside, and said so.

        Args:
            identity: of the study.

        Returns:
            What the user should know, or nothing.
        """
        note, found = "", self._identity()
        if found not in (None, identity):
            aside = self.folder.with_name(f"{self.name}.{str(found)[:8]}")
            self.folder.rename(aside)
            note = f"{shown(self.folder)} held the results of another study: {shown(aside)} now"
        if self.best.is_symlink():  # an earlier version linked to a folder beside it
            target = self.best.resolve()
            self.best.unlink()
            target.rename(self.best)
        if found != identity:
            self.folder.mkdir(parents=True, exist_ok=True)
            stored = {"study": self.name, "identity": identity}
            _write_whole(self.folder / IDENTITY, json.dumps(stored) + "\n")
        return note

    def keep_definition(self, text: str) -> None:
        """Write the study's file, unless there is one: a person may have edited it."""
        path = self.folder / FITTED
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_whole(path, text)

    def has_best(self, identity: str) -> bool:
        """Whether the best classifier is there, and is the study's of that ``identity``."""
        return self.belongs_to(identity) and (self.best / "weights.pt").is_file()

    def belongs_to(self, identity: str) -> bool:
        """Whether the folder may be read for the study of that ``identity``."""
        return self._identity() in (None, identity)

    def _identity(self) -> str | None:
        """Whose the folder is; ``None``: nobody's, or an earlier version's, which wrote none."""
        try:
            stored = json.loads((self.folder / IDENTITY).read_text("utf-8"))
            return str(stored["identity"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):  # damaged: nobody can say whose it is
            return "unknown"


def _write_whole(path: Path, text: str) -> None:
    """Write all of ``text`` or nothing, whenever this is killed."""
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def shown(path: Path) -> str:
    """``path`` as to be typed from where the user stands."""
    here = Path.cwd()
    return os.fspath(path.relative_to(here) if path.is_relative_to(here) else path)
