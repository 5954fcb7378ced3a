"""JSON lines, an object a line: looked through once for its fields, then read in chunks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.columns import choose_text
from data.errors import DataError, shown
from data.json_values import DECODER, TwiceError
from data.reading import Reading
from data.rows import Rows
from search.prediction.chunks import ABSENT, Chunk, Row, Source, chunked, text_of
from search.prediction.text_files import TextFile, find_text_file, mended

Object = dict[str, Any]
LARGEST = 1 << 63  # integers beyond have no type in Arrow
LOOKED_AT = 1000  # rows


def json_source(path: Path, reading: Reading) -> Source:
    """The rows of the file ``path``.

    All lines are read twice: fields may come up late, and a name that is to be added may be
    among them.

    Raises:
        DataError: no line is an object, or the text's field is not found.
    """
    file = find_text_file(path, reading.encoding)
    _check_lines(path, file.head)
    kinds: dict[str, set[str]] = {}
    for found, _, _ in _objects(file):
        for name, value in (found or {}).items():
            kinds.setdefault(name, set()).add(_kind(value))
    if not kinds:
        raise DataError(f"{path}: no line is a JSON object with fields")
    names = tuple(kinds)
    texts = choose_text(Rows(str(path), names, lambda _: ()), reading.text)
    places = [names.index(name) for name in texts]

    def row(found: Object | None, line: str, reason: str) -> Row:
        if found is None:  # the line itself stands in the text's place
            return Row([line if i == places[0] else ABSENT for i in range(len(names))], "", reason)
        cells = [found.get(name, ABSENT) for name in names]
        text, none = text_of([cells[i] for i in places])
        return Row(cells, text, reason or none, size=len(line))

    def chunks() -> Iterator[Chunk]:
        with file.opened(newline="\n") as opened:
            yield from chunked((row(*found) for found in _parsed(opened.text)), opened.read)

    return Source(
        name=str(path),
        form="json",
        columns=names,
        kinds=tuple(_one_kind(kinds[name]) for name in names),
        chunks=chunks,
        notes=(f"{path}: JSON lines; the text is {' + '.join(map(shown, texts))}",),
    )


def _objects(file: TextFile) -> Iterator[tuple[Object | None, str, str]]:
    with file.opened(newline="\n") as opened:
        yield from _parsed(opened.text)


def _parsed(lines: Any) -> Iterator[tuple[Object | None, str, str]]:
    """Of each line that is not blank its object if it is one, the line, and what is wrong."""
    for line in lines:
        if line.isspace():
            continue
        whole, fault = mended(line.rstrip("\r\n"))
        try:
            found = DECODER.decode(whole)
        except TwiceError as error:
            yield None, whole, f"it has the key {shown(str(error))} twice"
        except json.JSONDecodeError as error:
            yield None, whole, f"malformed JSON ({error.msg}, column {error.colno})"
        except (ValueError, RecursionError):
            yield None, whole, "malformed JSON (a number too long, or nested too deeply)"
        else:
            if isinstance(found, dict):
                yield found, whole, fault
            else:
                yield None, whole, "it is no JSON object"


def _check_lines(path: Path, head: str) -> None:
    """Raise a ``DataError`` where the file is JSON of another shape."""
    first = head.lstrip().partition("\n")[0].rstrip(" \r,")
    if first in ("{", "[") or (first.startswith("[") and not first.endswith("]")):
        raise DataError(
            f"{path}: not JSON lines; wanted is an object a line. jq -c '.[]' makes that of a list"
        )
    if first.startswith("[{"):
        raise DataError(f"{path}: one JSON list; jq -c '.[]' makes lines of its objects")


def _kind(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | str | float):
        return type(value).__name__
    return "int" if isinstance(value, int) and -LARGEST <= value < LARGEST else "json"


def _one_kind(kinds: set[str]) -> str:
    """What a column is that holds these."""
    found = kinds - {""}
    if found == {"int", "float"}:
        return "float"
    return next(iter(found)) if len(found) == 1 else "json" if found else "str"
