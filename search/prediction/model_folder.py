"""Which classifier is meant, and reading it with errors for the user."""

import pickle
import re
from pathlib import Path

from data.errors import shown as quoted
from model.checkpoint import load
from search.definition.lookup import check_name
from search.errors import StudyError
from search.prediction.answers import Classifier
from search.storage.home import StudyHome, shown
from search.storage.urls import as_url

DAMAGED = (
    OSError, ValueError, KeyError, TypeError, RuntimeError, EOFError, AttributeError, IndexError,
    pickle.UnpicklingError,
)  # fmt: skip


def study_model(study: str, storage: str) -> Path:
    """The folder of the study's classifier: the confirmed one, else that of its best trial.

    Raises:
        StudyError: it has none yet.
    """
    home = StudyHome(name=check_name(study), url=as_url(storage)).folder
    for name in ("model", "best"):
        if (home / name).is_dir():
            return Path(shown(home / name))
    raise StudyError(
        f"--study {study}: {shown(home)} has no classifier; a search keeps one after its first "
        "complete trial"
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
