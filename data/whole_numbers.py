"""Whole numbers as texts write them, of any length: they are never computed with as floats."""

import re

# "01" is a code, not a number. Python turns no more than 4,300 digits into an integer.
INTEGER = re.compile(r"(-?(?:0|[1-9][0-9]{0,999}))(?:\.0+)?")
FRACTION = re.compile(r"-?[0-9]*\.[0-9]+")


def whole(text: str) -> str:
    """``text``, which is an ``INTEGER``, without a fraction of zeros: "3.0" is "3"."""
    digits = text.partition(".")[0]
    return "0" if digits == "-0" else digits
