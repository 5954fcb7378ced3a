"""JSON text to values: one, or several one after another; no key may stand twice in an object."""

import json
import re
from pathlib import Path

from data.errors import DataError, shown

OBJECTS = re.compile(r'\s*(?:\[\s*)?\{\s*"')  # how records begin, alone or in a list
# What stands behind an object that is a record.
BEHIND = re.compile(r"\s*(,?\s*\{|,?\s*$|\]\s*(\n|$))")


class TwiceError(ValueError):
    """A key stands twice in an object, whose first value would be lost."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    one = dict(pairs)
    if len(one) < len(pairs):
        names = [name for name, _ in pairs]
        raise TwiceError(next(name for name in names if names.count(name) > 1))
    return one


DECODER = json.JSONDecoder(object_pairs_hook=_object)


def is_json(text: str) -> bool:
    """Whether ``text``, whatever its file is called, is meant as JSON: objects, or a list of them.

    The first cell of a table may hold JSON too; then the rest of its line is none.
    """
    if not OBJECTS.match(text):
        return False
    try:
        _, end = DECODER.raw_decode(text, text.index("{"))
    except TwiceError:
        return True
    except (json.JSONDecodeError, RecursionError):  # it is said of JSON what is wrong
        first = text.lstrip().partition("\n")[0].rstrip(" \r,")
        return first.endswith(("{", "[", "}", "]"))
    return bool(BEHIND.match(text, end))


def json_values(path: Path, text: str) -> list[object]:
    """The values of ``text``: one, or several, a line each or one after another.

    Raises:
        DataError: it is malformed, or a key stands twice in an object.
    """
    begin = text.lstrip()
    if not begin.startswith(("[", "{")):
        first = begin.partition("\n")[0]
        raise DataError(f"{path}: not JSON objects; it begins {shown(first)}")
    if begin.startswith("["):
        try:
            return [DECODER.decode(text)]
        except (ValueError, RecursionError) as error:
            if isinstance(error, TwiceError):
                _one_after_another(path, begin[1:])  # raises: it knows which object
            raise _malformed(path, getattr(error, "lineno", 1), error) from None
    # Not splitlines(): it also breaks at U+2028 and other characters that a string may hold.
    pieces = text.split("\n")
    if not _is_whole(next(piece for piece in pieces if piece.strip())):
        return _one_after_another(path, text)
    found: list[object] = []
    for number, piece in enumerate(pieces, start=1):
        if not piece or piece.isspace():
            continue
        try:
            found.append(DECODER.decode(piece))
        except TwiceError as error:
            raise _twice(f"{path}, line {number}: the object", error) from None
        except (json.JSONDecodeError, RecursionError) as error:
            raise _malformed(path, number, error) from None
    return found


def _is_whole(piece: str) -> bool:
    try:
        DECODER.decode(piece)
    except TwiceError:
        return True
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def _one_after_another(path: Path, text: str) -> list[object]:
    """The values of ``text``; a comma may part two of them."""
    found: list[object] = []
    place = _behind_space(text, 0)
    while place < len(text):
        try:
            value, place = DECODER.raw_decode(text, place)
        except TwiceError as error:
            raise _twice(f"{path}: object {len(found) + 1:,}", error) from None
        except (json.JSONDecodeError, RecursionError) as error:
            raise _malformed(path, getattr(error, "lineno", 1), error) from None
        found.append(value)
        place = _behind_space(text, place)
        if text.startswith(",", place):
            place = _behind_space(text, place + 1)
    return found


def _behind_space(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _twice(where: str, error: TwiceError) -> DataError:
    return DataError(f"{where} has the key {shown(str(error))} twice: leave one of them out")


def _malformed(path: Path, line: int, error: Exception) -> DataError:
    reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
    column = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
    return DataError(f"{path}, line {line}{column}: malformed JSON ({reason})")
