"""Which classifier is meant, and reading it with errors for the user."""

import pickle
import re
import zipfile
import zlib
from pathlib import Path

from data.errors import shown as quoted
from model.checkpoint import load
from model.ensemble import Classifier
from search.definition.lookup import check_name
from search.errors import StudyError
from search.prediction.paths import check_path
from search.storage.home import StudyHome, shown
from search.storage.urls import as_url

DAMAGED = (
    OSError, ValueError, KeyError, TypeError, RuntimeError, EOFError, AttributeError, IndexError,
    pickle.UnpicklingError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def classifier_folder(model: Path | None, study: str | None, storage: str) -> Path:
    """The folder ``model``, or of a study's classifier: the confirmed one, else its best trial's.

    Raises:
        StudyError: neither or both are named, or the study has none yet.
        DataError: the name of ``model`` is not possible.
    """
    if model is not None and study is None:
        check_path("--model", model)
        return model
    if model is not None or study is None:
        raise StudyError("which classifier? Name its folder with --model, or --study NAME")
    home = StudyHome(name=check_name(study), url=as_url(storage))
    for folder in (home.model, home.best):
        if folder.is_dir():
            return Path(shown(folder))
    raise StudyError(
        f"--study {study}: {shown(home.folder)} has no classifier; a search keeps one after its "
        "first complete trial"
    )


def load_classifier(folder: Path) -> Classifier:
    """The classifier in ``folder``.

    Raises:
        StudyError: there is none, or it is damaged.
    """
    if not folder.is_dir():
        raise StudyError(f"{folder}: there is no such folder")
    try:
        return load(folder)
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        raise StudyError(
            f"{folder} holds no classifier of this program: there is no {missing}"
        ) from None
    except DAMAGED as error:
        reason = quoted(re.sub(r"\s+", " ", str(error)) or type(error).__name__)
        raise StudyError(
            f"{folder}: its classifier is damaged, or not of this program ({reason})"
        ) from None
