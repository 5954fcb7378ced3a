"""Exporting a classifier, and what is printed of it."""

from itertools import islice
from pathlib import Path
from shlex import quote

from model.export import (
    CHECKED,
    FILES,
    CannotExportError,
    UnlikeError,
    check_exportable,
    check_output,
    write_export,
)
from model.prediction import TextClassifier
from search.errors import SearchFailedError, StudyError, UnavailableError
from search.interrupts import interruptible
from search.prediction.model_folder import classifier_folder, load_classifier


def export_classifier(
    output: Path, check: Path | None, *, model: Path | None, study: str | None, storage: str
) -> None:
    """Export a classifier to ``output``, and print what came of it.

    Args:
        output: a folder that is empty, not there, or an earlier export.
        check: a text file, whose first lines are classified with both.
        model: folder of the classifier; ``None``: the study's.
        study: of which; ``None``: the one begun last.
        storage: its database.

    Raises:
        StudyError: it cannot be done; nothing was.
        SearchFailedError: the export does not do what the classifier does.
        UnavailableError: something cannot be read or written.
    """
    folder = classifier_folder(model, study, storage)
    with interruptible():
        try:
            check_output(output)
            texts = _texts(check) if check is not None else []
            classifier = load_classifier(folder)
            if not isinstance(classifier, TextClassifier):
                raise StudyError(f"{folder} holds no single net: export an ensemble's one by one")
            check_exportable(classifier)
            print(f"{folder}: {_described(classifier)}")
            checked = write_export(output, classifier, texts)
        except CannotExportError as error:
            raise StudyError(str(error)) from error
        except UnlikeError as error:
            raise SearchFailedError(str(error)) from error
        except OSError as error:
            place = error.filename or output
            raise UnavailableError(f"{place}: {error.strerror or error}") from error
    print(f"{output}: {', '.join(FILES)}")
    print(checked)
    print(f'try it:\n  python {quote(str(output / "classify.py"))} "a text"')


def _texts(file: Path) -> list[str]:
    """The first lines of ``file`` that hold something."""
    if not file.is_file():
        raise StudyError(f"--check {file}: there is no such file; name one with a text a line")
    with file.open(encoding="utf-8", errors="replace") as lines:
        texts = list(islice(filter(None, map(str.strip, lines)), CHECKED))
    if not texts:
        raise StudyError(f"--check {file}: it holds no text")
    return texts


def _described(classifier: TextClassifier) -> str:
    net = classifier.net.settings
    ways = ", both directions" if net.bidirectional else ""
    layers = f"{net.layers} layer{'s' if net.layers > 1 else ''}"
    return (
        f"{net.cell.upper()}, {layers} of {net.hidden_dim} units{ways}, {net.pooling} pooling, "
        f"tokens = {net.tokens!r}, {len(classifier.vocabulary.words):,} words, "
        f"{len(classifier.classes_)} classes"
    )
