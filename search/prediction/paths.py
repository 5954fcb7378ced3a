"""Paths of options."""

from pathlib import Path

from data.errors import DataError


def check_path(option: str, path: Path) -> None:
    """Raise a ``DataError`` where the system cannot even say whether ``path`` is there."""
    try:
        path.exists()
    except OSError as error:  # a name too long, a folder that is closed to the user
        raise DataError(f"{option} {path}: {error.strerror or error}") from None
