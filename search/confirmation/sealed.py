"""The sealed test: the only place where test rows are read, after all choices are made.

Each look is stored with the final study before it is made, so that one that is broken off counts
too, and is named wherever its numbers are shown.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from math import nan

import numpy as np
import numpy.typing as npt
import optuna

from data.held_out import check_test
from data.kinds import Kind
from data.testing import UNSEEN, TestRows, load_test
from data.tokens import tokenize
from search.confirmation.looks import Entrant, Look, Scores
from search.definition.domain import Value
from search.errors import StudyError
from search.findings.intervals import (
    Interval,
    calibration_error,
    confusion,
    log_losses,
    macro_f1,
    mcnemar,
    mean_of_rows,
    proportion,
)
from search.interrupts import interruptible
from search.job import Job
from search.storage.attributes import Opening
from search.storage.environment import command_line
from search.storage.home import StudyHome
from search.storage.marks import store_openings
from search.storage.record import StudyRecord

MOST_REPEATED = 0.5  # share of test rows: with more the search has seen the test
SHOWN = 5  # mistakes

Said = npt.NDArray[np.float32]  # (N, C) probabilities


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """Test rows that are read, and that no classifier has seen.

    Attributes:
        rows: the texts and their classes.
        repeated: (N,) which of them the search has seen among its own texts.
        class_names: of the search.
    """

    rows: TestRows
    repeated: npt.NDArray[np.bool_]
    class_names: tuple[str, ...]


def check(source: StudyRecord, dataset: str | None, test: str | None) -> None:
    """See that test rows can be there, before hours of training; nothing is opened.

    Args:
        source: the study that was searched.
        dataset: where its texts lie now; ``None``: where they were.
        test: file, folder or split; ``None``: none is asked for.

    Raises:
        DataError: they cannot.
    """
    if test is not None and source.binding is not None:
        table = source.binding.definition.data
        check_test(dataset or table.dataset, table.reading(), test)


def unseal(job: Job, test: str, *, force: bool) -> Sealed:
    """Read the test rows.

    Args:
        job: of the final study.
        test: file, folder or split.
        force: also where they are rows of the search.

    Raises:
        DataError: there are none, or they cannot be read.
        StudyError: they are those of the search.
    """
    table, corpus = job.objective.definition.data, job.corpus
    with interruptible():
        rows = load_test(table.dataset, table.reading(), test, corpus.class_names)
        seen = {_key(text, job.prepared.kind) for text in corpus.texts}
        repeated = np.array([_key(text, job.prepared.kind) in seen for text in rows.texts])
    share = float(repeated.mean())
    if share > MOST_REPEATED and not force:
        raise StudyError(
            f"--test {test}: {int(repeated.sum()):,} of its {len(repeated):,} texts are texts of "
            "the search, so that it tests nothing; --force opens it all the same"
        )
    return Sealed(rows=rows, repeated=repeated, class_names=corpus.class_names)


def look(
    study: optuna.Study,
    home: StudyHome,
    sealed: Sealed,
    entrants: Mapping[str, Entrant],
    *,
    model: str,
    tested: str,
    params: Mapping[str, Value],
) -> Look:
    """Classify the test rows, and remember that it was done.

    Args:
        study: the final one, which is open.
        home: of it.
        sealed: the rows.
        entrants: by name, the model first, and the linear classifiers among them.
        model: what the model is.
        tested: which one exactly.
        params: the chosen configuration.
    """
    rows = sealed.rows
    begun = replace(_begun(sealed), model=model, tested=tested, params=dict(params))
    before = remember(study, home, begun)
    with interruptible():
        said = {name: each.classifier.predict_proba(rows.texts) for name, each in entrants.items()}
    scores = {
        name: _scores(said[name], sealed, said[each.rival] if each.rival else None)
        for name, each in entrants.items()
    }
    opening = replace(begun, scores={name: asdict(each) for name, each in scores.items()})
    remember(study, home, opening, begun)
    first = next(iter(said.values()))
    return Look(
        opening=opening,
        before=before,
        scores=scores,
        matrix=_matrix(first, rows),
        mistakes=_mistakes(first, sealed),
    )


def _begun(sealed: Sealed) -> Opening:
    """A look that begins now; of which model is still to be said."""
    rows = sealed.rows
    return Opening(
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        command=command_line(),
        test=rows.name,
        fingerprint=rows.fingerprint,
        rows=len(rows.texts),
        repeated=int(sealed.repeated.sum()),
        unseen=rows.unseen,
        model="",
        params={},
    )


def remember(
    study: optuna.Study, home: StudyHome, opening: Opening, begun: Opening | None = None
) -> tuple[Opening, ...]:
    """Store a look, in the place of itself as it was ``begun``; the looks before it.

    Two commands may look at once, so that what is stored is read again under the lock.
    """
    with home.lock():
        there = list(StudyRecord.of(study).openings)
        place = len(there) if begun is None else there.index(begun)
        there[place : place + 1] = [opening]
        store_openings(study, there)
    return tuple(there[:place])


def _key(text: str, kind: Kind) -> tuple[str, ...]:
    """Texts with the same tokens are the same, as in the split."""
    return tuple(tokenize(text, kind))


def _is_right(said: Said, rows: TestRows) -> npt.NDArray[np.bool_]:
    return np.asarray(said.argmax(axis=1) == rows.labels)


def _matrix(said: Said, rows: TestRows) -> npt.NDArray[np.int64]:
    classes = said.shape[1]
    right = np.where(rows.labels == UNSEEN, classes, rows.labels)
    return confusion(right, said.argmax(axis=1), classes + 1)


def _scores(said: Said, sealed: Sealed, rival: Said | None) -> Scores:
    rows, right = sealed.rows, _is_right(said, sealed.rows)
    known, new = rows.labels != UNSEEN, ~sealed.repeated
    nothing = Interval(nan, nan, nan)
    losses = log_losses(said[known], rows.labels[known])
    return Scores(
        accuracy=proportion(float(right.mean()), len(right)),
        macro_f1=macro_f1(_matrix(said, rows)),
        log_loss=mean_of_rows(losses) if len(losses) > 1 else nothing,
        calibration=calibration_error(said, right),
        unrepeated=float(right[new].mean()) if new.any() else nan,
        p=None if rival is None else mcnemar(right, _is_right(rival, rows)),
    )


def _mistakes(said: Said, sealed: Sealed) -> tuple[tuple[str, str, str, float], ...]:
    rows, names = sealed.rows, (*sealed.class_names, "a class the search does not have")
    confidence = said.max(axis=1)
    wrong = np.flatnonzero(~_is_right(said, rows))
    chosen = wrong[np.argsort(-confidence[wrong], kind="stable")[:SHOWN]]
    return tuple(
        (
            rows.texts[i],
            names[rows.labels[i]],
            names[int(said[i].argmax())],
            float(confidence[i]),
        )
        for i in chosen.tolist()
    )
