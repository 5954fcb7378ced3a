"""Which folder holds the classifier that a command is asked to use, and what is in it."""

import pickle
from pathlib import Path

from model.checkpoint import load
from model.ensemble import Classifier
from search.definition.lookup import check_name
from search.errors import StudyError, UnavailableError
from search.storage.database import storage_url
from search.storage.home import StudyHome, shown

FILES = ("settings.json", "vocabulary.json")
ENSEMBLE, LINEAR, WEIGHTS = "ensemble.json", "linear.npz", "weights.pt"


def classifier_folder(model: Path | None, study: str | None, storage: str) -> Path:
    """The folder that ``model`` names, or the one of a study: ``model``, or else ``best``.

    Raises:
        StudyError: neither or both are named, or the study has no classifier.
    """
    if (model is None) == (study is None):
        raise StudyError("name one classifier: --model FOLDER, or --study NAME")
    if model is not None:
        return model
    home = StudyHome(name=check_name(str(study)), url=storage_url(storage))
    for folder in (home.model, home.best):
        if folder.is_dir():
            return Path(shown(folder))
    raise StudyError(
        f"the study {study} has no classifier: there is neither {shown(home.model)} "
        f"nor {shown(home.best)}; search first: python -m search.run --study {study}"
    )


def read_classifier(folder: Path) -> Classifier:
    """The classifier in ``folder``.

    Raises:
        StudyError: there is none, or one that this program did not write.
        UnavailableError: its files cannot be read.
    """
    if not folder.is_dir():
        raise StudyError(f"{folder} is no folder: name one that holds a classifier")
    weights = LINEAR if (folder / LINEAR).exists() else WEIGHTS
    needed = (ENSEMBLE,) if (folder / ENSEMBLE).exists() else (*FILES, weights)
    if missing := [name for name in needed if not (folder / name).exists()]:
        raise StudyError(f"{folder} holds no classifier of a search: {missing[0]} is missing")
    try:
        return load(folder)
    except OSError as error:
        raise UnavailableError(f"{error.filename or folder}: {error.strerror or error}") from error
    except (ValueError, LookupError, TypeError, RuntimeError, EOFError, pickle.PickleError) as e:
        said = str(e).strip().splitlines()[0][:200] if str(e).strip() else type(e).__name__
        raise StudyError(f"{folder} holds no classifier that can be read: {said}") from e
