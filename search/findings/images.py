"""The figures as image files, which Kaleido draws in a Chrome or Chromium without a network."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from search.errors import StudyError, UnavailableError
from search.findings.card import Card

WIDTH, SCALE = 900, 2  # pixels of a figure's width, and of the file for each
PAPER = "white"  # the page's figures have none of their own
SECONDS = 90.0  # for one figure
INSTALL = "pip install 'recurrent-search[png]'"
BROWSER = (
    "--png draws with Chrome or Chromium, and there is none: install one (Debian: apt install "
    "chromium), run kaleido_get_chrome, or name its file in the variable BROWSER_PATH"
)


def check_folder(folder: Path) -> None:
    """Find out before any work whether images can be written to ``folder``.

    Raises:
        StudyError: it is a file.
        UnavailableError: it is not there and cannot be made, or cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"--png {folder} is no folder")
    place = folder if folder.is_dir() else folder.resolve().parent
    if not place.is_dir():
        raise UnavailableError(f"--png {folder}: there is no folder {place}")
    if not os.access(place, os.W_OK):
        raise UnavailableError(f"--png {folder}: {place} cannot be written to")


def write_images(cards: Sequence[Card], folder: Path) -> list[Path]:
    """Write each card's figure to ``folder`` as NAME.png: all of them or none.

    Returns:
        The files, in the order of the cards.

    Raises:
        StudyError: ``folder`` is a file, or Kaleido is not installed.
        UnavailableError: there is no browser, or something cannot be written.
    """
    check_folder(folder)
    drawn = {card.name: figure for card in cards if (figure := card.figure()) is not None}
    with tempfile.TemporaryDirectory(prefix="figures-") as drafts:
        specs = []
        for name, figure in drawn.items():
            figure.update_layout(paper_bgcolor=PAPER)
            size = {"width": WIDTH, "height": figure.layout.height, "scale": SCALE}
            path = Path(drafts, f"{name}.png")
            options = {"format": "png", **size}
            specs.append({"fig": figure.to_dict(), "path": path, "opts": options})
        if specs:
            _draw(specs)
        try:
            folder.mkdir(exist_ok=True)
            return [_moved(Path(drafts, f"{name}.png"), folder) for name in drawn]
        except OSError as error:
            reason = error.strerror or error
            raise UnavailableError(f"--png {folder} cannot be written: {reason}") from None


def _draw(specs: list[dict[str, Any]]) -> None:
    try:
        from kaleido import errors, write_fig_from_object_sync  # an extra, which few have
    except ImportError:
        raise StudyError(f"--png needs Kaleido, which is not installed: {INSTALL}") from None
    try:
        # Without ``mathjax=False`` the browser would ask the network for it.
        options = {"mathjax": False, "timeout": SECONDS}
        write_fig_from_object_sync(specs, kopts=options)
    except errors.ChromeNotFoundError:
        raise UnavailableError(BROWSER) from None
    except Exception as error:  # a browser may fail in any way
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnavailableError(f"--png: the browser did not draw: {reason}") from None


def _moved(draft: Path, folder: Path) -> Path:
    """``draft`` in ``folder``, whole, whenever this is killed."""
    beside = folder / f".{draft.name}-{os.getpid()}"
    try:
        shutil.copyfile(draft, beside)
        return beside.replace(folder / draft.name)
    finally:
        beside.unlink(missing_ok=True)
