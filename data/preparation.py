"""A corpus made ready for a study: split once, ranked by its training rows, encoded."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from data.batching import Encoded, encode_rows
from data.corpus import Corpus
from data.files import DataError
from data.tokens import load_tokens
from data.vocabulary import Vocabulary, rank_words

VALIDATION_ROWS = 1_000  # what 5% is raised to: below, chance moves accuracy by over a point
LARGEST_SHARE = 0.2  # but never more than this share of the rows


@dataclass(frozen=True)
class Prepared:
    """What every trial of a study shares.

    Attributes:
        train: training texts, encoded with the whole vocabulary.
        validation: validation texts, likewise; words not in the training rows are ``<unk>``
            under any threshold.
        vocabulary: ranking of the training rows' words.
        class_names: name of each class number.
    """

    train: Encoded
    validation: Encoded
    vocabulary: Vocabulary
    class_names: tuple[str, ...]

    def to(self, device: torch.device) -> "Prepared":
        """The same with the texts on ``device``."""
        return replace(self, train=self.train.to(device), validation=self.validation.to(device))

    def save(self, path: Path) -> None:
        """Write all of it to the file ``path``, for ``Prepared.load``."""
        texts = {name: vars(getattr(self, name)) for name in ("train", "validation")}
        counts = torch.from_numpy(self.vocabulary.counts)
        words = {"words": list(self.vocabulary.words), "counts": counts}
        torch.save({**texts, "vocabulary": words, "class_names": self.class_names}, path)

    @classmethod
    def load(cls, path: Path) -> "Prepared":
        """Map the file ``path`` into memory: processes that load it share its pages.

        Raises:
            DataError: it cannot be read.
        """
        try:
            stored = torch.load(path, mmap=True, weights_only=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise DataError(f"{path}: the prepared texts cannot be read: {error}") from None
        words = stored["vocabulary"]
        return cls(
            train=Encoded(**stored["train"]),
            validation=Encoded(**stored["validation"]),
            vocabulary=Vocabulary(words["words"], words["counts"].numpy()),
            class_names=stored["class_names"],
        )


def prepare(corpus: Corpus, *, share: float, examples: int | None, seed: int) -> Prepared:
    """Split, rank and encode ``corpus``.

    Args:
        corpus: labelled texts.
        share: of the rows, for validation; see ``split``.
        examples: use only this many training rows, stratified; ``None``: all.
        seed: of the split.

    Raises:
        DataError: ``examples`` is more than there are, or fewer than one for each class.
    """
    train, validation = split(corpus.labels, share=share, seed=seed)
    if examples is not None:
        train = part(train, corpus, examples=examples, seed=seed)
    vocabulary, ranked = rank_words(load_tokens(corpus.texts, corpus.fingerprint), train)
    flat = (ranked.ids, ranked.offsets)
    return Prepared(
        train=encode_rows(flat, corpus.labels, train),
        validation=encode_rows(flat, corpus.labels, validation),
        vocabulary=vocabulary,
        class_names=corpus.class_names,
    )


def split(
    labels: npt.NDArray[np.int64], *, share: float, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row numbers for training and validation, ascending, stratified by class.

    Validation gets ``share`` of the rows, raised to 1,000 where that is at most a fifth of them,
    and at least one row of each class.
    """
    rows = len(labels)
    wanted = max(round(share * rows), min(VALIDATION_ROWS, int(LARGEST_SHARE * rows)))
    wanted = max(wanted, len(np.unique(labels)))
    order = _stratified(labels, seed)
    return np.sort(order[wanted:]), np.sort(order[:wanted])


def part(
    rows: npt.NDArray[np.int64], corpus: Corpus, *, examples: int, seed: int
) -> npt.NDArray[np.int64]:
    """A stratified choice of ``examples`` of ``rows``, ascending.

    Raises:
        DataError: ``examples`` does not lie between the number of classes and of rows.
    """
    classes = len(corpus.class_names)
    if not classes <= examples <= len(rows):
        raise DataError(
            f"--examples {examples}: {corpus.name} has {len(rows):,} training rows in {classes} "
            f"classes; choose a number from {classes} to {len(rows)}"
        )
    return np.sort(rows[_stratified(corpus.labels[rows], seed)[:examples]])


def _stratified(labels: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    """All row numbers in a random order whose every beginning holds each class by its share.

    A class' k-th row of n stands at k / n of the order, so a beginning has at most one row of a
    class too many, and one of each as soon as it is long enough. (scikit-learn's split takes no
    less to write around its limits, and a second to import.)
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    counts = np.bincount(labels)
    within = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    place = within / np.repeat(counts, counts)
    return by_class[np.argsort(place, kind="stable")]
