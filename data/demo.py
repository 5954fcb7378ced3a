"""The built-in corpus: news-like texts of four topics, made by a grammar from a seed.

A text is a construction with two phrases, one that the text is about and one that it is not,
some words away from the words that decide between them ("not the ... but the ...", "after the
..., the ...", "... the former"). In ``ORDER_SHARE`` = 0.55 of the texts the phrases are of two
topics; in the others the second one is of no topic. Exchanging the phrases leaves the words of a
text as they were and turns its topic into the other, and both texts are equally likely. So a
model that does not see the order of words has to guess between two topics in those texts.

``NOISE`` = 0.04 of the labels are replaced by one of the other three. Accuracy on fresh texts is
at most 0.9600 (``CEILING``) for any model, and at most 0.6997 (``BAG_OF_WORDS_CEILING``) for any
model of the bag of words.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from data.demo_words import (
    ADJECTIVES,
    AGENCIES,
    DAYS,
    EVENTS,
    LINKS,
    NAME_ENDS,
    NAME_STARTS,
    PEOPLE,
    PLACES,
    ROLES,
)

CLASS_NAMES = ("World", "Sports", "Business", "Sci/Tech")
ORDER_SHARE = 0.55  # of the texts mention two topics
NOISE = 0.04  # of the labels are replaced, by each of the other three equally often

CEILING = 1 - NOISE
# Guessing one of two topics is right when it is the true one and its label was kept, or when it
# is the other one and the noise happened to choose it.
_GUESS = 0.5 * (1 - NOISE) + 0.5 * NOISE / (len(CLASS_NAMES) - 1)
BAG_OF_WORDS_CEILING = (1 - ORDER_SHARE) * CEILING + ORDER_SHARE * _GUESS

CONSTRUCTIONS = (
    "not the {d}, {aside}, but the {t} filled the front page",
    "it was the {t}, {aside}, and not the {d} that filled the front page",
    "after the {d}, {aside}, it was time for the {t}",
    "there was time for the {t}, {aside}, only after the {d}",
    "far more popular with readers, {aside}, was the {t} than the {d}",
    "far less popular with readers, {aside}, was the {d} than the {t}",
    "everybody at the paper, {aside}, picked the {t} over the {d}",
    "nobody at the paper, {aside}, picked the {d} over the {t}",
    "in came, {aside}, the {t} for the {d}",
    "out went, {aside}, the {d} for the {t}",
    "of two reports, one on the {t} and one on the {d}, {aside}, the paper ran the former",
    "of two reports, one on the {d} and one on the {t}, {aside}, the paper ran the latter",
)
ASIDES = (
    "{role} {name} of {place} told a crowd late on {day}",
    "{role} {name} wrote from {place} in a long note on {day}",
    "as {role} {name} put it in a column from {place} this {day}",
    "{role} {name} recalled on the way to {place} on {day}",
)


class Draft(NamedTuple):
    """A text before it is written out.

    Attributes:
        frame: a construction with all but ``{t}`` and ``{d}`` filled in.
        target: the phrase of the topic that the text is about.
        distractor: the other phrase.
        topic: class number of ``target``.
        other: class number of ``distractor``; ``len(CLASS_NAMES)``: it is of no topic.
        label: ``topic``, or after noise another class number.
    """

    frame: str
    target: str
    distractor: str
    topic: int
    other: int
    label: int

    def text(self) -> str:
        """The text, which is about ``topic``."""
        return self.frame.format(t=self.target, d=self.distractor)

    def mirrored(self) -> str:
        """The text with its phrases exchanged: the same words, but about ``other``."""
        return self.frame.format(t=self.distractor, d=self.target)


def demo_corpus(rows: int = 6000, seed: int = 0) -> tuple[list[str], list[int]]:
    """Make the corpus; a shorter one of the same seed is the beginning of a longer one.

    Args:
        rows: number of texts.
        seed: of everything random in it.

    Returns:
        The texts and their class numbers, indices into ``CLASS_NAMES``.
    """
    texts: list[str] = []
    labels: list[int] = []
    for draft in drafts(rows, seed):
        texts.append(draft.text())
        labels.append(draft.label)
    return texts, labels


def drafts(rows: int, seed: int) -> Iterator[Draft]:
    """The texts of ``demo_corpus`` with what is known of them."""
    random = Random(seed).random
    classes = len(CLASS_NAMES)
    for _ in range(rows):
        topic = int(classes * random())
        other = _another(topic, random) if random() < ORDER_SHARE else classes
        label = _another(topic, random) if random() < NOISE else topic
        target, distractor = _phrase(topic, random), _phrase(other, random)
        yield Draft(_frame(random), target, distractor, topic, other, label)


def _another(topic: int, random: Callable[[], float]) -> int:
    """One of the other classes, each equally likely."""
    step = 1 + int((len(CLASS_NAMES) - 1) * random())
    return (topic + step) % len(CLASS_NAMES)


def _phrase(topic: int, random: Callable[[], float]) -> str:
    adjective = _pick(ADJECTIVES, random) + " " if random() < 0.5 else ""
    event, people = _pick(EVENTS[topic], random), _pick(PEOPLE[topic], random)
    return f"{adjective}{event} {_pick(LINKS, random)} {people}"


def _frame(random: Callable[[], float]) -> str:
    """A construction, capitalised, half of them with a dateline before it."""
    construction = CONSTRUCTIONS[int(len(CONSTRUCTIONS) * random())]
    aside = ASIDES[int(len(ASIDES) * random())].format(
        role=_pick(ROLES, random),
        name=_pick(NAME_STARTS, random) + _pick(NAME_ENDS, random),
        place=_pick(PLACES, random),
        day=DAYS[int(len(DAYS) * random())],
    )
    frame = construction.format(t="{t}", d="{d}", aside=aside)
    frame = f"{frame[0].upper()}{frame[1:]}."
    if random() < 0.5:
        return frame
    return f"{_pick(PLACES, random).upper()} ({_pick(AGENCIES, random)}) - {frame}"


def _pick(words: Sequence[str], random: Callable[[], float]) -> str:
    """A word, the one at rank ``r`` about as often as ``r ** (-2 / 3)``: a tail as Zipf's."""
    return words[int(len(words) * random() ** 3)]
