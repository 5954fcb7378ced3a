"""Where rows with answers go: a file, whole or not at all, or standard output."""

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from data.errors import DataError, listed
from search.errors import UnavailableError
from search.interrupts import held

FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
PACKED = ".gz"


def format_of(path: Path) -> str:
    """The ending of ``path`` that says what is written, "" where it says nothing known."""
    suffix = Path(path.name.lower().removesuffix(PACKED)).suffix
    is_packed = path.name.lower().endswith(PACKED)
    return suffix if suffix in FORMATS and not (is_packed and suffix == ".parquet") else ""


def check_output(output: Path, given: Path | None, *, overwrite: bool) -> None:
    """Find out before any work whether ``output`` can be written.

    Raises:
        DataError: it is the file that is read, there already, or of no known format.
        UnavailableError: its folder is not there or cannot be written to.
    """
    if not format_of(output):
        raise DataError(
            f"--output {output}: its ending says no format; choose from {listed(FORMATS)}, or the "
            "text ones with .gz"
        )
    if output.exists():
        if given is not None and given.exists() and output.samefile(given):
            raise DataError(f"--output {output} is the file that is read: write to another one")
        if not output.is_file():
            raise DataError(f"--output {output} is no ordinary file")
        if not overwrite:
            raise DataError(f"--output {output} is there already: --overwrite replaces it")
    folder = output.resolve().parent
    if not folder.is_dir():
        raise UnavailableError(f"--output {output}: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise UnavailableError(f"--output {output}: its folder cannot be written to")


@contextmanager
def draft_of(output: Path) -> Iterator[Path]:
    """A file to write to beside ``output``, which takes its place at the end, if all went well."""
    place = output.resolve()  # of a link the file that it leads to
    draft = place.with_name(f".{place.name}.draft-{os.getpid()}")
    try:
        yield draft
        with held(), writable(str(output)):
            draft.replace(place)
    finally:
        with held():
            draft.unlink(missing_ok=True)


@contextmanager
def writable(name: str) -> Iterator[None]:
    """Within it, an error in writing is one for the user; a reader that went away stays one.

    Raises:
        UnavailableError: there is such an error.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnavailableError(f"{name} cannot be written: {error.strerror or error}") from None


def opened_text(draft: Path, *, packed: bool) -> TextIO:
    """``draft`` to write text to; half characters, which UTF-8 has not, are written as escapes."""
    how = {"encoding": "utf-8", "errors": "backslashreplace", "newline": ""}
    if packed:
        return gzip.open(draft, "wt", **how)  # type: ignore[call-overload, no-any-return]
    return draft.open("w", **how)  # type: ignore[call-overload, no-any-return]
