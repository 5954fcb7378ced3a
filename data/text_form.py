"""One written form for texts that say the same: case, Unicode, quotation marks, HTML remains."""

import html
import re
import unicodedata

# Marks of every kind of quotation, and signs that take no place.
MARKS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\uff07`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\ufeff\u00ad\u2060", None),  # byte order mark, soft hyphen, word joiner
        "\u200b": " ",  # a space without width: where a line may break
    }
)
TAGS = "a|b|br|div|em|font|h[1-6]|hr|i|img|li|ol|p|span|strong|table|td|tr|u|ul"
TAG = re.compile(rf"</?(?:{TAGS})(?:\s[^<>]{{0,300}}=[^<>]{{0,300}})?\s*/?>", re.IGNORECASE)
# Entities that lost their "&" on the way, as in AG News: "#39;" and "quot;".
HALF_ENTITY = re.compile(r"(?<!&)(#\d{2,5}|\b(?:quot|amp|lt|gt|apos|nbsp));")
APOSTROPHE = re.compile(r"\s?&?#39;(?=(?:s|t|d|m|re|ve|ll)\b)", re.IGNORECASE)  # "Bush #39;s"


def one_form(text: str) -> str:
    """``text`` in lower case and composed Unicode, with plain quotation marks and without HTML.

    Texts that differ in these alone, for instance in composed and combining accents, become equal.
    """
    if ";" in text or "<" in text:
        text = without_html(text)
    if text.isascii():
        return text.lower().replace("`", "'")
    # Lower case first: it takes "İ" apart, and the composed form is to be the last word.
    return unicodedata.normalize("NFC", text.translate(MARKS).lower())


def without_html(text: str) -> str:
    """``text`` with entities as characters ("&quot;" and "#39;" too) and a space for each tag."""
    whole = html.unescape(html.unescape(APOSTROPHE.sub("'", text)))  # some are escaped twice
    return TAG.sub(" ", html.unescape(HALF_ENTITY.sub(r"&\1;", whole)))
