"""What a database's URL says by itself; nothing is opened, and nothing large is imported."""

from pathlib import Path

DEFAULT_STORAGE = "sqlite:///studies/studies.db"
SQLITE = "sqlite:///"


def as_url(text: str) -> str:
    """``text`` as a URL: a bare file name is an SQLite file."""
    return text if "://" in text else SQLITE + text


def sqlite_file(url: str) -> Path | None:
    """The file behind an SQLite URL; ``None`` for any other database."""
    return Path(url.removeprefix(SQLITE).split("?")[0]) if url.startswith(SQLITE) else None
