"""Tokens of the kind "words" without NLTK: the same ones, fourteen times sooner.

Once the text is in lower case and ASCII punctuation is gone, of NLTK's forty patterns only those
for other quotation marks, dashes and six contractions can still match. NLTK itself takes over a
second to import, with all of scikit-learn: too long for a command that classifies one text.
"""

import re
import string

NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
# Each is a token: quotation marks, and dashes of four lengths.
MARK = re.compile("[\u00ab\u00bb\u2018\u2019\u201c\u201d\u201e\u2012-\u2015]")
# Word by word: "cannot" is "can", "not". Of "wanna" NLTK wants white space behind it, or the end.
CONTRACTIONS = re.compile(
    r"\b(?:(can)(not)\b|(gim)(me)\b|(gon)(na)\b|(got)(ta)\b|(lem)(me)\b|(wan)(na)(?=\s|\Z))",
    re.IGNORECASE,
)
PARTED = r" \1\3\5\7\9\11 \2\4\6\8\10\12 "
SHORT = ("cannot", "gimme", "gonna", "gotta", "lemme", "wanna")  # all that it can match in ASCII


def normalize(text: str) -> str:
    """``text`` in lower case and without the characters of ``string.punctuation``."""
    return text.lower().translate(NO_PUNCTUATION)


def split_words(text: str) -> list[str]:
    """The tokens of ``text``: those of NLTK's ``NLTKWordTokenizer`` on ``normalize(text)``."""
    kept = normalize(text)
    if not kept.isascii():  # the contractions have forms beyond ASCII too: dotless i
        kept = CONTRACTIONS.sub(PARTED, MARK.sub(r" \g<0> ", kept))
    elif any(short in kept for short in SHORT):
        kept = CONTRACTIONS.sub(PARTED, kept)
    return kept.split()
