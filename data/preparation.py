"""A corpus made ready for a study: split once, ranked by its training rows, encoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Literal

import joblib
import numpy as np
import numpy.typing as npt

from data.corpus import Corpus
from data.encoded import EncodedTexts, encode_rows
from data.errors import DataError
from data.kinds import Kind
from data.repeats import same_tokens
from data.splitting import join_units, split, stratified
from data.tokens import Tokens, load_tokens
from data.vocabulary import Vocabulary, WordVectors, rank_words

__all__ = ["Prepared", "Treatment", "part", "prepare", "split"]


@dataclass(frozen=True)
class Treatment:
    """How texts are tokenised and split; the defaults are those of the first studies.

    Attributes:
        kinds: of tokens, one or more where a study searches them; repeats are told by the first.
        repeats: "together" keeps texts with the same tokens on one side of the split.
        exact: whether the share for validation is taken as given; see ``split``.
        all_train: the validation texts are trained on too.
    """

    kinds: tuple[Kind, ...] = ("words",)
    repeats: Literal["together", "apart"] = "apart"
    exact: bool = False
    all_train: bool = False


FIRST = Treatment()


@dataclass(frozen=True)
class Prepared:
    """What every trial of a study shares.

    Attributes:
        train: training texts, encoded with the whole vocabulary.
        validation: validation texts, likewise; words not in the training rows are ``<unk>``
            under any threshold.
        vocabulary: ranking of the training rows' words.
        class_names: name of each class number.
        kind: of the tokens.
        others: the same texts as tokens of other kinds.
        vectors: of the vocabulary's words, by the file that they were read from.
        held_out: (N,) the corpus' rows that are the validation texts, in their order; it stays
            with the process that has the corpus.
    """

    train: EncodedTexts
    validation: EncodedTexts
    vocabulary: Vocabulary
    class_names: tuple[str, ...]
    kind: Kind = "words"
    others: "Mapping[str, Prepared]" = field(default_factory=dict)
    vectors: Mapping[str, WordVectors] = field(default_factory=dict)
    held_out: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def of(self, kind: str) -> "Prepared":
        """The texts as tokens of ``kind``.

        Raises:
            KeyError: they were not prepared as such.
        """
        return self if kind == self.kind else self.others[kind]

    def save(self, path: Path) -> None:
        """Write all of it to the file ``path``, for ``Prepared.load``."""
        joblib.dump(self, path)

    @classmethod
    def load(cls, path: Path) -> "Prepared":
        """Map the file ``path`` of this program's own into memory: processes share its pages.

        Raises:
            DataError: it cannot be read.
        """
        try:
            prepared: Prepared = joblib.load(path, mmap_mode="r")
        except (OSError, EOFError, ValueError, KeyError, UnpicklingError) as error:
            raise DataError(f"{path}: the prepared texts cannot be read: {error}") from None
        return prepared


def prepare(
    corpus: Corpus,
    *,
    share: float,
    examples: int | None,
    seed: int,
    treatment: Treatment = FIRST,
) -> Prepared:
    """Split, rank and encode ``corpus``.

    Args:
        corpus: labelled texts; its own validation rows, if it has such, are used as they are.
        share: of the rows, for validation; see ``split``.
        examples: use only this many training rows, stratified; ``None``: all.
        seed: of the split.
        treatment: kinds of tokens, and how repeats and the share are dealt with.

    Raises:
        DataError: ``examples`` is more than there are, or fewer than one for each class; no word
            is left of the training texts; or there is no way to split.
    """
    tokens = load_tokens(corpus.texts, corpus.fingerprint, treatment.kinds[0])
    _check_words(corpus, tokens.words, treatment.kinds[0])  # else all texts would be the same
    train, validation = split_rows(corpus, tokens, share=share, seed=seed, treatment=treatment)
    if examples is not None:
        train = part(train, corpus, examples=examples, seed=seed)
    if treatment.all_train:
        train = np.sort(np.concatenate([train, validation]))
    ranked = rank_words(tokens, train)
    del tokens  # as large as what follows
    first = _encoded(corpus, ranked, (train, validation), treatment.kinds[0])
    others: dict[str, Prepared] = {}
    for kind in treatment.kinds[1:]:
        ranked = rank_words(load_tokens(corpus.texts, corpus.fingerprint, kind), train)
        others[kind] = _encoded(corpus, ranked, (train, validation), kind)
    return replace(first, others=others) if others else first


def split_rows(
    corpus: Corpus, tokens: Tokens, *, share: float, seed: int, treatment: Treatment
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row numbers for training and validation, ascending.

    Raises:
        DataError: there is no way to split.
    """
    if corpus.validation is not None:
        return np.flatnonzero(~corpus.validation), np.flatnonzero(corpus.validation)
    units = [] if corpus.groups is None else [corpus.groups]
    if treatment.repeats == "together":
        units.append(same_tokens(tokens))
    together = None
    if units:
        together = units[0] if len(units) == 1 else join_units(units)
    return split(corpus.labels, share=share, seed=seed, exact=treatment.exact, units=together)


def _check_words(corpus: Corpus, words: Sequence[str], kind: Kind) -> None:
    if not len(words):
        raise DataError(
            f"{corpus.name}: no word is left of the training texts under tokens = {kind!r}; "
            "'keep' and 'characters' keep punctuation"
        )


def _encoded(
    corpus: Corpus,
    ranked: tuple[Vocabulary, Tokens],
    rows: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    kind: Kind,
) -> Prepared:
    vocabulary, tokens = ranked
    train, validation = rows
    _check_words(corpus, vocabulary.words, kind)
    flat = (tokens.ids, tokens.offsets)
    return Prepared(
        train=encode_rows(flat, corpus.labels, train),
        validation=encode_rows(flat, corpus.labels, validation),
        vocabulary=vocabulary,
        class_names=corpus.class_names,
        kind=kind,
        held_out=validation,
    )


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
    return np.sort(rows[stratified(corpus.labels[rows], seed)[:examples]])
