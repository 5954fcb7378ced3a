"""Where a study lives: its database, its lock, and the files that come of it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from search.storage.lock import study_lock

FOLDER = Path("studies")


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
        """Of the files."""
        return FOLDER / self.name

    @property
    def running(self) -> Path:
        """The snapshots of running trials."""
        return self.folder / "running"

    @property
    def best(self) -> Path:
        """The classifier of the best trial."""
        return self.folder / "best"

    @property
    def report(self) -> Path:
        """The report's page."""
        return self.folder / "report.html"

    def lock(self) -> AbstractContextManager[None]:
        """Hold it while trials are counted, begun or ended: other runs wait."""
        return study_lock(self.url, self.name)
