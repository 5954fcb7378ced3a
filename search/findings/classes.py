"""How the best trial does on each class, what it mixes up, and where it is sure and wrong."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from search.findings.card import NotYet
from search.findings.evidence import Evidence
from search.findings.intervals import Floats, Interval, Numbers, confusion, proportion
from search.storage.validation import ValidationRows

SHOWN = 20  # classes, the worst ones; and most whose confusion is shown whole
CONFUSIONS, MISTAKES = 15, 10  # the largest; the most confident


class ClassScores(NamedTuple):
    """Of one class; NaN: there is no such row, or none of which it was said.

    Attributes:
        name: of the class.
        rows: that are of it.
        precision: share of the rows of which it is said that are of it, with Wilson's interval.
        recall: share of its rows of which it is said, likewise.
        f1: their harmonic mean; its interval is Wilson's of hits / (hits + both kinds of errors),
            of which F1 is a rising function.
    """

    name: str
    rows: int
    precision: Interval
    recall: Interval
    f1: Interval


class Confusion(NamedTuple):
    """How many rows of one class are taken for another."""

    right: str
    said: str
    rows: int


class Mistake(NamedTuple):
    """A text of which the net says a wrong class with this probability."""

    text: str
    right: str
    said: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Classes:
    """What the best trial's net says of the validation texts.

    Attributes:
        trial: its number.
        rows: validation texts.
        count: of all classes.
        scores: of each class in their order; of more than 20 the worst by F1, worst first.
        matrix: (C, C) rows by right class and by what is said; ``None`` of more than 20 classes.
        confusions: the largest.
        mistakes: the most confident.
        wrong: rows that are.
    """

    trial: int
    rows: int
    count: int
    scores: tuple[ClassScores, ...]
    matrix: tuple[tuple[int, ...], ...] | None
    confusions: tuple[Confusion, ...]
    mistakes: tuple[Mistake, ...]
    wrong: int


def classes_of(evidence: Evidence) -> Classes | NotYet:
    """What the best trial's kept probabilities say of each class."""
    best = evidence.record.best
    if not evidence.record.is_ours or best is None:
        return NotYet("no trial of this program's is complete yet")
    if evidence.rows is None:
        return NotYet(evidence.why_no_rows)
    probabilities = evidence.probabilities(best)
    if probabilities is None:
        return NotYet(f"the probabilities of trial {best.number}, the best, are not kept")
    rows, said = evidence.rows, probabilities.argmax(axis=1)
    count = len(rows.class_names)
    matrix = None
    if count <= SHOWN:
        matrix = tuple(map(tuple, confusion(rows.labels, said, count).tolist()))
    return Classes(
        trial=best.number,
        rows=len(said),
        count=count,
        scores=_scores(rows, said),
        matrix=matrix,
        confusions=_confusions(rows, said),
        mistakes=_mistakes(rows, probabilities),
        wrong=int((said != rows.labels).sum()),
    )


def _scores(rows: ValidationRows, said: Numbers) -> tuple[ClassScores, ...]:
    labels, names, _ = rows
    count = len(names)
    right, told = np.bincount(labels, minlength=count), np.bincount(said, minlength=count)
    hits = np.bincount(labels[labels == said], minlength=count)
    f1 = 2 * hits / np.maximum(right + told, 1)
    chosen = np.arange(count)
    if count > SHOWN:
        there = np.flatnonzero(right + told)
        chosen = there[np.argsort(f1[there], kind="stable")][:SHOWN]
    return tuple(
        ClassScores(
            name=names[i],
            rows=int(right[i]),
            precision=_share(hits[i], told[i]),
            recall=_share(hits[i], right[i]),
            f1=_f1(hits[i], right[i] + told[i] - hits[i]),
        )
        for i in chosen.tolist()
    )


def _share(part: int, whole: int) -> Interval:
    share = int(part) / int(whole) if whole else float("nan")
    return proportion(share, int(whole))


def _f1(hits: int, either: int) -> Interval:
    """Of ``either``, the rows that are of a class or said to be, so many are both."""
    return Interval(*(2 * end / (1 + end) for end in _share(hits, either)))


def _confusions(rows: ValidationRows, said: Numbers) -> tuple[Confusion, ...]:
    labels, names, _ = rows
    wrong = labels != said
    pairs, counts = np.unique(labels[wrong] * len(names) + said[wrong], return_counts=True)
    largest = np.argsort(-counts, kind="stable")[:CONFUSIONS]
    return tuple(
        Confusion(names[pair // len(names)], names[pair % len(names)], rows_of)
        for pair, rows_of in zip(pairs[largest].tolist(), counts[largest].tolist(), strict=True)
    )


def _mistakes(rows: ValidationRows, probabilities: Floats) -> tuple[Mistake, ...]:
    said, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(said != rows.labels)
    chosen = wrong[np.argsort(-confidence[wrong], kind="stable")[:MISTAKES]]
    names = rows.class_names
    return tuple(
        Mistake(rows.texts[i], names[rows.labels[i]], names[said[i]], float(confidence[i]))
        for i in chosen.tolist()
    )
