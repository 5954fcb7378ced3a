"""The tokeniser as data: steps that change a text, and what is a token of the outcome.

They say in JSON and in regular expressions of Python's standard library what ``data.tokens`` does,
NLTK's part included, so that a program without any of this can do it too; see ``export_rules``.
"""

import re
import string
from collections import defaultdict
from typing import Any

from data.kinds import INNER, PIECE, Kind, escaped, keeping, ranges, spaces
from data.text_form import APOSTROPHE, HALF_ENTITY, MARKS, TAG
from data.words import CONTRACTIONS, MARK, PARTED

Step = dict[str, Any]


def export_rules(kind: Kind) -> dict[str, Any]:
    r"""How a text is tokenised under ``kind``, as plain values.

    Returns:
        ``steps``, done in turn, each with what to ``do``: ``lower`` (Unicode's lower case),
        ``unescape`` (HTML's entities), ``normalize`` (to the Unicode ``form``), ``replace``
        (each match of ``pattern`` ``with`` that, where ``\1`` is a group and ``\g<0>`` the match),
        or, ``if`` the ``pattern`` is found, ``steps`` of their own; and ``token``, a pattern whose
        matches are the tokens.
    """
    if kind == "words":
        return {"steps": _words(), "token": r"\S+"}
    if kind == "keep":
        return {"steps": _one_form(), "token": _pattern(keeping())}
    if kind == "characters":
        lines = [_replace(r"\s+", " "), _replace(r"\A | \Z", "")]
        return {"steps": [*_one_form(), *lines], "token": "."}
    parting = [_replace(_pattern(INNER), ""), *_translate(spaces())]
    token = _pattern(PIECE) if kind == "mixed" else r"\S+"
    return {"steps": [*_one_form(), *parting], "token": token}


def _words() -> list[Step]:
    """``data.words.split_words``."""
    return [
        {"do": "lower"},
        _replace(f"[{ranges(map(ord, string.punctuation))}]", ""),
        _replace(_pattern(MARK), r" \g<0> "),
        _replace(_pattern(CONTRACTIONS), PARTED),
    ]


def _one_form() -> list[Step]:
    """``data.text_form.one_form``."""
    html = [
        _replace(_pattern(APOSTROPHE), "'"),
        {"do": "unescape"},
        {"do": "unescape"},
        _replace(_pattern(HALF_ENTITY), r"&\1;"),
        {"do": "unescape"},
        _replace(_pattern(TAG), " "),
    ]
    without_html = {"do": "if", "pattern": "[;<]", "steps": html}
    composed = {"do": "normalize", "form": "NFC"}
    return [without_html, *_translate(MARKS), {"do": "lower"}, composed]


def _translate(table: dict[int, Any]) -> list[Step]:
    """A table of ``str.translate``, none of whose outcomes is replaced again."""
    of: defaultdict[str, list[int]] = defaultdict(list)
    for code, put in table.items():
        of[r" \g<0> " if put == f" {chr(code)} " else put or ""].append(code)
    return [_replace(f"[{ranges(codes)}]", put) for put, codes in of.items()]


def _replace(pattern: str, put: str) -> Step:
    return {"do": "replace", "pattern": pattern, "with": put}


def _pattern(compiled: re.Pattern[str]) -> str:
    """With its flag written into it, and in ASCII: signs that look alike stay apart."""
    flag = "(?i)" if compiled.flags & re.IGNORECASE else ""
    return flag + "".join(c if c.isascii() else escaped(ord(c)) for c in compiled.pattern)
