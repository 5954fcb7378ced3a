"""Kinds of tokens, and which kind goes with a data set."""

import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import Literal, get_args

from data.text_form import one_form

# What a data set is tokenised as; "auto" is settled by ``resolve_kind`` before.
Kind = Literal["words", "keep", "space", "mixed", "characters"]
KINDS: tuple[str, ...] = get_args(Kind)
AUTO = "auto"
MEANINGS = {
    "words": "words without punctuation, which glues what it parts; as in the notebook",
    "keep": "words, and punctuation and emoticons as tokens of their own",
    "space": "words, which removed punctuation parts",
    "mixed": "characters of scripts without spaces, and words of the others",
    "characters": "characters, spaces and punctuation too",
}
# Scripts that are written without spaces between words.
UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u0fff"  # Tibetan
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
PIECE = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
LETTER = re.compile(rf"[{UNSPACED}]")
ALNUM = re.compile(r"[^\W_]")  # a letter or a digit
GAP = re.compile(rf"(?<=[{UNSPACED}])\s+(?=[{UNSPACED}])")
LOOKED_AT = 2_000  # texts that tell the kind
ENOUGH = 0.01  # share of the characters that must be of such scripts
SPACED = 0.2  # spaces a letter from which on such a script is taken to be parted by hand
# Punctuation that belongs to a word or number: "don't", "3.5", "1,000".
INNER = re.compile(r"(?<=\w)'(?=\w)|(?<=\d)[.,](?=\d)")
PUNCTUATED = (range(0x10000), range(0x1F000, 0x1FB00))  # code points that may be punctuation


def resolve_kind(kind: str, texts: Sequence[str]) -> Kind:
    """``kind``, and for "auto" the kind that goes with ``texts``.

    That is "mixed" where a script without spaces runs unbroken, else "space".

    Raises:
        ValueError: there is no such kind.
    """
    if kind == AUTO:
        return _look(texts[:: max(len(texts) // LOOKED_AT, 1)])
    for known in get_args(Kind):
        if kind == known:
            return known  # type: ignore[no-any-return]
    raise ValueError(f"tokens = {kind!r}: choose from {', '.join((AUTO, *KINDS))}")


def _look(texts: Sequence[str]) -> Kind:
    letters = gaps = characters = 0
    for text in texts:
        characters += len(text) - text.count(" ")
        if not text.isascii():
            letters += len(LETTER.findall(text))
            gaps += len(GAP.findall(text))
    unbroken = letters > ENOUGH * characters and gaps < SPACED * letters
    return "mixed" if unbroken else "space"


def split_text(text: str, kind: Kind) -> list[str]:
    """The tokens of ``text``, for every kind but "words"."""
    if kind == "keep":
        return [token for piece in one_form(text).split() for token in _kept(piece)]
    if kind == "characters":
        return list(" ".join(one_form(text).split()))
    spaced = INNER.sub("", one_form(text)).translate(spaces())
    return PIECE.findall(spaced) if kind == "mixed" and not spaced.isascii() else spaced.split()


def signs_of(text: str) -> list[str]:
    """Those tokens of the kind "keep" that have neither letters nor digits."""
    pieces = (piece for piece in one_form(text).split() if not piece.isalnum())
    return [token for piece in pieces for token in _kept(piece) if not ALNUM.search(token)]


@lru_cache(maxsize=1 << 17)  # most pieces come again: 50,000 texts take 24 s without, 0.4 s with
def _kept(piece: str) -> tuple[str, ...]:
    """The tokens of a piece without white space, across which no pattern looks."""
    return (piece,) if piece.isalnum() else tuple(keeping().findall(piece))


@cache
def spaces() -> dict[int, str]:
    """A space for each punctuation mark; a picture, such as an emoji, becomes a word."""
    return {
        code: f" {chr(code)} " if category == "So" else " "
        for code, category in _signs()
        if code < 0x80 or category == "So" or category[0] == "P"
    }


@cache
def keeping() -> re.Pattern[str]:
    """Emoticons, numbers, words with inner marks, runs of one mark, and single marks."""
    signs = ranges(code for code, _ in _signs())
    word = rf"[^\s{signs}]+"
    eyes = r"(?<!\w)(?:[:;=]'?[-o*^]?(?:[()\[\]{}/\\|@*]+|[dp3o](?!\w))|[()][-o*^]?[:;=](?!\w))"
    others = r"<3+(?!\w)|\^_*\^"
    return re.compile(
        rf"{eyes}|{others}|\d+(?:[.,]\d+)+|{word}(?:['-]{word})*|!+|\?+|\.+|[{signs}]"
    )


def ranges(codes: Iterable[int]) -> str:
    """These code points as they stand between the brackets of a regular expression's class."""
    parts = []
    for _, run in groupby(enumerate(sorted(codes)), lambda at: at[1] - at[0]):
        found = [code for _, code in run]
        parts.append("-".join(escaped(code) for code in dict.fromkeys((found[0], found[-1]))))
    return "".join(parts)


def escaped(code: int) -> str:
    """A character of a regular expression in ASCII."""
    return rf"\u{code:04x}" if code < 0x10000 else rf"\U{code:08x}"


@cache
def _signs() -> list[tuple[int, str]]:
    """Punctuation and symbols: code points and their categories."""
    codes = [code for part in PUNCTUATED for code in part if code <= sys.maxunicode]
    categories = [(code, unicodedata.category(chr(code))) for code in codes]
    return [(code, category) for code, category in categories if category[0] in "PS"]
