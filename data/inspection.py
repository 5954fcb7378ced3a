"""What was read and prepared, in numbers; ``data.inspection_text`` puts them into words."""

from dataclasses import dataclass

import numpy as np

from data.corpus import Corpus
from data.encoded import EncodedTexts, Truncate
from data.facts import Facts
from data.labels import LabelType
from data.preparation import Prepared
from data.repeats import Repeats, count_repeats, same_tokens
from data.signs import telling_signs
from data.tokens import Tokens
from data.vocabulary import BOS, EOS, SPECIALS

EXAMPLES = 3  # texts of each class
THRESHOLDS = (1, 2, 5, 10, 20, 50, 100)  # at which unknown words are counted besides the ends


@dataclass(frozen=True)
class ClassCount:
    """A class, its rows on both sides of the split, and texts of it."""

    name: str
    train: int
    validation: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inspection:
    """What a study learns from, as numbers.

    Attributes:
        name: the data set as the user gave it.
        facts: how it was read.
        classes: largest first.
        label_type: of the labels in the data set.
        kind: of the tokens.
        threshold: the lowest that a word's count must be above.
        words: seen more than ``threshold`` times in the training rows.
        unknown: share of the validation tokens that are not among these.
        unknown_by_threshold: likewise at this and at higher thresholds, up to the highest.
        max_length: longest text in steps, ``<bos>`` and ``<eos>`` included.
        truncate: which end is kept of a longer one.
        median: words of the text in the middle.
        long: words that 95% of the texts do not exceed.
        cut: share of the texts that are cut.
        empty: texts without a token.
        repeats: texts that come again.
        removed: signs that say much about the class, and are removed under ``kind``.
    """

    name: str
    facts: Facts
    classes: tuple[ClassCount, ...]
    label_type: LabelType
    kind: str
    threshold: int
    words: int
    unknown: float
    unknown_by_threshold: dict[int, float]
    max_length: int
    truncate: Truncate
    median: float
    long: float
    cut: float
    empty: int
    repeats: Repeats
    removed: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows that train or validate."""
        return sum(each.train + each.validation for each in self.classes)

    @property
    def largest(self) -> float:
        """Share of the validation rows that the class with most of them has.

        Who always names this class is right so often.
        """
        counts = [each.validation for each in self.classes]
        return max(counts) / max(sum(counts), 1)


def inspect(
    corpus: Corpus,
    prepared: Prepared,
    *,
    threshold: int = 0,
    highest: int = 0,
    max_length: int = 256,
    truncate: Truncate = "head",
) -> Inspection:
    """Look at a corpus and what was prepared of it.

    Args:
        corpus: as it was read.
        prepared: of it, of the kind to be looked at.
        threshold: the lowest that the study may choose.
        highest: and the highest, if it is above that.
        max_length: the longest text in steps.
        truncate: which end is kept of a longer one.
    """
    both = (prepared.train, prepared.validation)
    steps = np.concatenate([part.lengths for part in both])
    size = prepared.vocabulary.size(threshold)
    between = (each for each in THRESHOLDS if threshold < each < highest)
    thresholds = [threshold, *between, *([highest] if highest > threshold else [])]
    unknown = {
        each: _unknown(prepared.validation, prepared.vocabulary.size(each)) for each in thresholds
    }
    return Inspection(
        name=corpus.name,
        facts=corpus.facts,
        classes=_classes(corpus, prepared),
        label_type=corpus.label_type,
        kind=prepared.kind,
        threshold=threshold,
        words=size - len(SPECIALS),
        unknown=unknown[threshold],
        unknown_by_threshold=unknown,
        max_length=max_length,
        truncate=truncate,
        median=float(np.median(steps)) - 2,
        long=float(np.percentile(steps, 95)) - 2,
        cut=float((steps > max_length).mean()),
        empty=int(np.count_nonzero(steps == 2)),
        repeats=_repeats(prepared),
        removed=telling_signs(corpus.texts, corpus.labels, prepared.kind),
    )


def _classes(corpus: Corpus, prepared: Prepared) -> tuple[ClassCount, ...]:
    classes = len(prepared.class_names)
    train, validation = (
        np.bincount(part.labels, minlength=classes)
        for part in (prepared.train, prepared.validation)
    )
    counts = [
        ClassCount(
            name=prepared.class_names[i],
            train=int(train[i]),
            validation=int(validation[i]),
            examples=tuple(
                corpus.texts[row] for row in np.flatnonzero(corpus.labels == i)[:EXAMPLES]
            ),
        )
        for i in range(classes)
    ]
    return tuple(sorted(counts, key=lambda each: -each.train - each.validation))


def _unknown(texts: EncodedTexts, size: int) -> float:
    """Share of the tokens of ``texts`` that a vocabulary of ``size`` ids does not know."""
    words = texts.ids[(texts.ids != BOS) & (texts.ids != EOS)]
    return float((words >= size).mean()) if len(words) else 0.0


def _repeats(prepared: Prepared) -> Repeats:
    both = (prepared.train, prepared.validation)
    ids = np.concatenate([part.ids for part in both])
    lengths = np.concatenate([part.lengths for part in both])
    labels = np.concatenate([part.labels for part in both])
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    held_out = np.arange(len(labels)) >= len(prepared.train)
    return count_repeats(same_tokens(Tokens([], ids, offsets)), labels, held_out)
