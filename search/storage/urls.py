"""What a database's URL says by itself; nothing is opened, and nothing large is imported."""

import re
from pathlib import Path

DEFAULT_STORAGE = "sqlite:///studies/studies.db"
SQLITE = "sqlite:///"
# Between a user's name and the last @ of a URL, or among what follows its question mark.
_PASSWORDS = re.compile(r"(?<=://)([^/@\s:'\"]*):[^\s'\"]*(?=@)", re.IGNORECASE)
_NAMED = re.compile(r"([?&]\w*passw(?:or)?d=)[^&\s'\"]+", re.IGNORECASE)


def as_url(text: str) -> str:
    """``text`` as a URL: a bare file name is an SQLite file."""
    return text if "://" in text else SQLITE + text


def sqlite_file(url: str) -> Path | None:
    """The file behind an SQLite URL; ``None`` for any other database."""
    return Path(url.removeprefix(SQLITE).split("?")[0]) if url.startswith(SQLITE) else None


def without_password(text: str) -> str:
    """``text``, a message or a command, with the passwords of its URLs put out of sight."""
    return _NAMED.sub(r"\1***", _PASSWORDS.sub(r"\1:***", text))
