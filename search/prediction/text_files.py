"""Text files line by line: encodings, gzip, bytes that are no text, how far it is read."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO

from data.encoding import GZIP, begins_with, decode, refuse_others
from data.errors import DataError

HEAD = 1 << 16  # bytes that tell the encoding, the separator and the header
LONGEST_LINE = 1 << 24  # bytes
NO_TEXT = re.compile("[\udc80-\udcff]")  # what Python makes of bytes that are not in the encoding


@dataclass(frozen=True)
class Opened:
    """An open text file.

    Attributes:
        text: its lines.
        raw: its bytes, packed as they may be.
        size: their number.
    """

    text: TextIO
    raw: IO[bytes]
    size: int

    def read(self) -> float:
        """The share of the file that is read."""
        return min(self.raw.tell() / self.size, 1.0)


@dataclass(frozen=True)
class TextFile:
    """A text file of which the beginning is known.

    Attributes:
        path: of it.
        encoding: Python's name.
        head: its first characters, whole lines where it has more.
        is_all: whether it has no more.
    """

    path: Path
    encoding: str
    head: str
    is_all: bool

    @contextmanager
    def opened(self, newline: str) -> Iterator[Opened]:
        """Open it from the beginning; ``newline`` is as ``open`` has it.

        Raises:
            DataError: it can no longer be read.
        """
        with readable(self.path), self.path.open("rb") as raw:
            text = io.TextIOWrapper(
                _unpacked(self.path, raw),
                self.encoding,
                errors="surrogateescape",
                newline=newline,
            )
            if text.read(1) != "\ufeff":  # a byte order mark, which not every codec takes off
                text.seek(0)
            yield Opened(text, raw, max(self.path.stat().st_size, 1))


def find_text_file(path: Path, encoding: str | None) -> TextFile:
    """What the beginning of ``path`` tells of it.

    Raises:
        DataError: it is empty, binary, or not in ``encoding`` (``None``: UTF-8, or as it shows).
    """
    with readable(path), path.open("rb") as raw:
        unpacked = _unpacked(path, raw)
        # Up to a line's end, and what more a line feed of four bytes may have.
        head = unpacked.read(HEAD) + unpacked.readline(LONGEST_LINE) + unpacked.read(3)
        is_all = not unpacked.read(1)
    refuse_others(path, head)
    content = decode(path, head if is_all else _whole_lines(head), encoding)
    return TextFile(path, content.encoding, content.text, is_all)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Within it, an error in reading ``path`` is one for the user.

    Raises:
        DataError: there is such an error.
    """
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(f"{path} is a broken or incomplete gzip file") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeError as error:  # of codecs that cannot pass over what is no text
        raise DataError(f"{path} cannot be read in that encoding ({error})") from None


def mended(line: str) -> tuple[str, str]:
    """``line`` with U+FFFD for bytes that are no text, and what is to be said of the first."""
    if line.isascii() or (found := NO_TEXT.search(line)) is None:
        return line, ""
    return NO_TEXT.sub("\ufffd", line), f"byte 0x{ord(found[0]) - 0xDC00:02x} is not text"


def _unpacked(path: Path, raw: IO[bytes]) -> IO[bytes]:
    return gzip.GzipFile(fileobj=raw) if begins_with(path, GZIP) else raw  # type: ignore[return-value]


def _whole_lines(head: bytes) -> bytes:
    """``head`` up to its last line break, which may take up two or four bytes."""
    end = head.rfind(b"\n") + 1
    wide = 4 if head[end - 4 : end + 3].count(0) >= 3 else 2 if 0 in head[end - 2 : end + 1] else 1
    return head[: -(-end // wide) * wide] or head
