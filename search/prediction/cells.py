"""Values of cells as text and as JSON, whatever format they come from."""

import json
import math
from datetime import date, time
from typing import Any

from search.prediction.chunks import ABSENT


def cell_text(cell: object) -> object:
    """``cell`` as a CSV file holds it: what is no plain value as JSON, nothing as nothing."""
    if cell is ABSENT:
        return None
    if cell is None or isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, list | tuple | dict):
        return json_text(cell)
    return _plain(cell)


def json_text(value: object) -> str:
    """``value`` as JSON of one line; numbers that JSON has not are null."""
    try:
        return ENCODER.encode(value)
    except ValueError:
        return ENCODER.encode(_finite(value))


def whole_text(text: str) -> str:
    """``text`` with U+FFFD for half characters, which UTF-8 has not."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(value: object) -> str:
    """What JSON has no form for: dates as ISO 8601, bytes as the text that they may be."""
    if isinstance(value, date | time):
        return value.isoformat()
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value


ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain)
