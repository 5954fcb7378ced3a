"""Bytes of a text file to a string: gzip, byte order marks, encodings."""

import codecs
import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from data.errors import DataError, shown

GZIP, ZIP, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
MARKS = (  # UTF-32 begins as UTF-16 does
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = ("utf-16", "utf-32")  # encodings with two bytes or more for every character
READ = ("utf-8", *WIDE, "utf-16-le", "utf-16-be")  # without being asked for
BEYOND_ASCII = bytes(range(128, 256))
MANY = 20  # bytes beyond ASCII, which hardly ever are UTF-8 by chance
SAMPLE = 1 << 16  # bytes that tell an encoding
# Letters of an encoding, and the share of the characters beyond ASCII that they make up in texts
# of its languages. Other encodings' texts, read so, are mostly other characters.
ALPHABETS = (
    ("shift_jis", "\u3040", "\u30ff", 0.3),  # kana
    ("euc_jp", "\u3040", "\u30ff", 0.3),
    ("euc_kr", "\uac00", "\ud7a3", 0.8),  # hangul
    ("gb18030", "\u4e00", "\u9fff", 0.6),  # Han
    ("big5", "\u4e00", "\u9fff", 0.6),
    ("cp1251", "\u0410", "\u044f", 0.8),  # Cyrillic
)


@dataclass(frozen=True)
class Content:
    """What a text file says.

    Attributes:
        text: all of it, without a byte order mark.
        encoding: that it is in.
    """

    text: str
    encoding: str


def begins_with(path: Path, mark: bytes) -> bool:
    """Whether the first bytes of ``path`` are ``mark``."""
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def read_bytes(path: Path) -> bytes:
    """The bytes of ``path``, unpacked where they are packed with gzip.

    Raises:
        DataError: it is empty, an archive, a pointer to a file that is elsewhere, or broken.
    """
    found = path.read_bytes()
    if found.startswith(GZIP):
        try:
            found = gzip.decompress(found)
        except (OSError, EOFError, zlib.error):
            raise DataError(f"{path} is a broken or incomplete gzip file") from None
    refuse_others(path, found)
    return found


def refuse_others(path: Path, found: bytes) -> None:
    """Raise a ``DataError`` where what ``path`` begins with is no text and cannot become one."""
    if found.startswith(ZIP):
        raise DataError(
            f"{path} is a zip archive or an Excel workbook: unpack it, or save it as CSV"
        )
    if found.startswith(b"version https://git-lfs"):
        raise DataError(f"{path} is a pointer of Git LFS, not the file: run git lfs pull")
    if not found or found.isspace():
        raise DataError(f"{path} is empty")


def read_content(path: Path, encoding: str | None) -> Content:
    """The text of ``path``.

    Args:
        path: a text file, or one packed with gzip.
        encoding: ``--encoding``; ``None``: UTF-8, or UTF-16 and UTF-32 where they show.

    Raises:
        DataError: it is empty or binary, or its bytes are not in the encoding.
    """
    return decode(path, read_bytes(path), encoding)


def decode(path: Path, found: bytes, encoding: str | None) -> Content:
    """``found``, the bytes of ``path``, as text; see ``read_content``."""
    shows = next((name for mark, name in MARKS if found.startswith(mark)), "")
    nul = found.find(b"\0")
    if not shows and nul >= 0:
        shows = _unmarked_utf16(found)
    if encoding is not None:
        _check_asked(path, found, encoding, shows)
        return Content(_decoded(path, found, encoding), encoding)
    if shows:
        return Content(_decoded(path, found, shows), shows)
    if nul >= 0:
        line = found.count(b"\n", 0, nul) + 1
        raise DataError(f"{path}, line {line}: binary (a NUL byte), not UTF-8 text")
    return Content(_decoded(path, found, "utf-8"), "utf-8")


def _decoded(path: Path, found: bytes, encoding: str) -> str:
    try:
        return found.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        known = "utf-8, utf-16, cp1252, cp1251, gb18030, shift_jis"
        raise DataError(f"--encoding {shown(encoding)} is not known; some are {known}") from None
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{found[error.start]:02x} is not {encoding.upper()} text"
        likely = likely_encoding(found)
        hint = f"; it looks like {likely}: --encoding {likely}" if likely != encoding else ""
        raise DataError(f"{path}, line {line}: {byte}{hint}") from None


def _check_asked(path: Path, found: bytes, encoding: str, shows: str) -> None:
    """Raise a ``DataError`` where the file is plainly in another encoding.

    Its bytes are often legal in the encoding that is asked for, but nonsense.

    Args:
        path: of the file.
        found: its bytes.
        encoding: that is asked for.
        shows: the encoding that a mark or zeros tell; "" without any.
    """
    try:
        asked = codecs.lookup(encoding).name
    except LookupError:  # which is said where it is used
        return
    is_wide = asked.startswith(WIDE)
    if is_wide == shows.startswith(WIDE):
        if asked.startswith("utf") or not _is_plainly_utf8(found):
            return
        shows = "utf-8"
    shows = shows or ("utf-8" if _is_utf8(found) else likely_encoding(found))
    way_out = "leave --encoding out" if shows in READ else f"--encoding {shows}"
    raise DataError(f"{path} looks like {shows.upper()}, not {encoding.upper()}: {way_out}")


def _is_utf8(found: bytes) -> bool:
    try:
        found.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_plainly_utf8(found: bytes) -> bool:
    """Whether it is UTF-8 and could not be by chance: it has many characters beyond ASCII."""
    beyond = len(found) - len(found.translate(None, BEYOND_ASCII))
    return beyond >= MANY and _is_utf8(found)


def _unmarked_utf16(found: bytes) -> str:
    """The name of UTF-16 without a mark: every other byte of its ASCII characters is zero."""
    sample = found[:SAMPLE]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > 0.4 * len(zeros) and sample.count(0) - zeros.count(0) == 0:
            return name
    return ""


def likely_encoding(found: bytes) -> str:
    """The encoding, other than UTF-8, that ``found`` most looks like."""
    first = next((i for i, byte in enumerate(found) if byte > 127), 0)
    sample = found[max(first - 100, 0) : first + SAMPLE]
    if not _in_runs(sample):  # letters of the West stand alone, and pair up in other encodings
        return "cp1252"
    for encoding, low, high, share in ALPHABETS:
        text = sample.decode(encoding, errors="replace")
        beyond = [c for c in text if c > "\x7f"]
        letters = sum(low <= c <= high for c in beyond)
        if letters >= share * len(beyond) and text.count("\ufffd") <= 0.02 * len(beyond):
            return encoding
    return "cp1252"


def _in_runs(sample: bytes) -> bool:
    """Whether bytes beyond ASCII stand together, as they do where all letters are such."""
    beyond = [byte > 127 for byte in sample]
    starts = sum(now and not before for before, now in zip([False, *beyond], beyond, strict=False))
    return sum(beyond) >= 2.5 * starts
