"""Signs that say much about the class of a text, such as ":)", and are no word."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from data.kinds import Kind, signs_of, split_text
from data.words import normalize

LOOKED_AT = 4_000  # texts
OFTEN = 0.05  # share of the texts that a sign must stand in
MUCH = 0.7  # of what is missing to certainty of a class in all texts, with the sign it is there
AT_LEAST = 20  # texts with the sign, so that chance does not tell
NAMED = 3


def telling_signs(
    texts: Sequence[str], labels: npt.NDArray[np.int64], kind: Kind
) -> tuple[str, ...]:
    """Up to three signs that tokens of ``kind`` leave out although they say much about the class.

    Args:
        texts: N texts.
        labels: (N,) class numbers.
        kind: of the tokens; those that keep punctuation leave no sign out.
    """
    if kind in {"keep", "characters"}:
        return ()
    rows = range(0, len(texts), max(len(texts) // LOOKED_AT, 1))
    classes = Counter(labels[rows.start : rows.stop : rows.step].tolist())
    counts: dict[str, Counter[int]] = {}
    for row in rows:
        for token in set(signs_of(texts[row])):
            counts.setdefault(token, Counter())[int(labels[row])] += 1
    gains: dict[str, float] = {}
    for sign, of_class in counts.items():
        there = of_class.total()
        if there >= max(OFTEN * len(rows), AT_LEAST) and not _is_left(sign, kind):
            gains[sign] = max(
                _gain(n / there, classes[number] / len(rows)) for number, n in of_class.items()
            )
    found = sorted(
        (sign for sign in gains if gains[sign] >= MUCH), key=lambda sign: (-gains[sign], sign)
    )
    return tuple(found[:NAMED])


def _gain(with_sign: float, in_all: float) -> float:
    """What a class' share gains by the sign, of what it could gain."""
    return (with_sign - in_all) / (1 - in_all) if in_all < 1 else 0.0


def _is_left(sign: str, kind: Kind) -> bool:
    return bool(normalize(sign).strip() if kind == "words" else split_text(sign, kind))
