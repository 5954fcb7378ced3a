"""Word vectors from a file: GloVe's text, fastText's, word2vec's text and binary form, or a .gz.

The form is told by the content. A file is read as a stream: it may be larger than the memory.
"""

import codecs
import gzip
import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data.cache import cached
from data.encoding import GZIP, ZIP
from data.errors import DataError, several, shown

WANTED = "want a word and its numbers, as GloVe, fastText and word2vec write them"
SAMPLE = 1 << 18  # bytes that tell the form, and that a line may have: 8,192 numbers fit
BLOCK = 1 << 20  # bytes read at once
COUNT = re.compile(rb"[1-9][0-9]{0,11}")
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
OTHERS = {  # how files begin that people give in the place of vectors
    ZIP: "is a zip archive: unpack it",
    b"\xba\x16\x4f\x2f": "is a fastText model: the vectors are in the .vec file beside it",
    b"version https://git-lfs": "is a pointer of Git LFS, not the file: run git lfs pull",
}

Vector = npt.NDArray[np.float32]
Entry = tuple[int, bytes, bytes]  # line or number of the word, the word, its numbers as they stand


@dataclass(frozen=True)
class VectorFile:
    """A file of word vectors, as its beginning shows it.

    Attributes:
        path: where it lies.
        dimensions: numbers of a vector.
        words: how many the header promises; ``None``: there is no header, as in GloVe's files.
        is_binary: numbers are four bytes each, and not text.
    """

    path: Path
    dimensions: int
    words: int | None = None
    is_binary: bool = False

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the file; remembered until the file is written again."""
        try:
            found = self.path.stat()
            version = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            return cached(content_hash)(str(self.path.resolve()), version)
        except OSError as error:
            raise _unreadable(self.path, error) from None

    def entries(self) -> Iterator[Entry]:
        """The words in the file's order, with their numbers as they stand in it.

        Raises:
            DataError: the file is broken; the message names the line.
        """
        with _opened(self.path) as stream:
            yield from (_binary if self.is_binary else _lines)(stream, self)

    def vector(self, number: int, numbers: bytes) -> Vector | None:
        """What an entry's ``numbers`` say.

        Returns:
            (dimensions,) float32; ``None`` where they begin with a part of the word ("New York").

        Raises:
            DataError: they are none, or too many; the message has the ``number`` of their line.
        """
        where = f"{self.path}, {'word' if self.is_binary else 'line'} {number}"
        if self.is_binary:
            vector = np.frombuffer(numbers, "<f4").astype(np.float32)
        else:
            fields = numbers.split()
            spare = len(fields) - self.dimensions
            if spare > 0 and not all(map(_is_number, fields[:spare])):
                return None
            bad = [field for field in fields if not _is_number(field)]
            if bad:
                raise DataError(f"{where}: {_shown(bad[0])} is not a number")
            if spare:
                raise DataError(f"{where}: {_short(self, numbers)}")
            with np.errstate(over="ignore"):
                vector = np.array(list(map(float, fields)), dtype=np.float32)
        if not np.isfinite(vector).all():
            raise DataError(f"{where}: a number is not finite")
        return vector


def content_hash(path: str, version: tuple[int, ...]) -> str:
    """SHA-256 of the file ``path``; its ``version`` keys the cache."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def look_at(name: str) -> VectorFile:
    """What the file ``name`` is.

    Raises:
        DataError: it is not there, cannot be read, or holds no word vectors.
    """
    path = Path(os.path.expanduser(name))  # noqa: PTH111 - Path's own raises on "~nobody"
    if not os.path.isfile(path):  # noqa: PTH113 - Path's own raises on names that are too long
        raise DataError(
            f"embedding_init = {shown(name)}: no such file; "
            "choose 'random', 'corpus' or a file of word vectors"
        )
    with _opened(path) as file:
        start = file.read(SAMPLE)
    for mark, why in OTHERS.items():
        if start.startswith(mark):
            raise DataError(f"{path} {why}")
    first, _, rest = start.removeprefix(codecs.BOM_UTF8).partition(b"\n")
    fields = first.split()
    if len(fields) == 2 and all(map(COUNT.fullmatch, fields)):
        words, dimensions = map(int, fields)
        return VectorFile(path, dimensions, words, is_binary=not _is_text(rest, dimensions))
    if len(fields) < 2 or not all(map(_is_number, fields[1:])):
        raise DataError(f"{path}, line 1: {_shown(first)}: {WANTED}")
    return VectorFile(path, len(fields) - 1)


def _lines(stream: io.BufferedReader, file: VectorFile) -> Iterator[Entry]:
    """The lines of a text file; of those that nobody wants only the length is looked at."""
    read = 0
    for number, line in enumerate(iter(partial(stream.readline, SAMPLE), b""), 1):
        if (number == 1 and file.words is not None) or line.isspace():
            continue
        read += 1
        if line[:1].isspace():  # a word that is a space, or empty
            continue
        parting = b"\t" if b"\t" in line else b" "
        word, _, numbers = line.removeprefix(codecs.BOM_UTF8).partition(parting)
        if numbers.count(b" ") + 1 < file.dimensions and len(numbers.split()) < file.dimensions:
            raise DataError(f"{file.path}, line {number}: {_shown(line)}: {_short(file, numbers)}")
        yield number, word, numbers
    _check_end(file, read)


def _binary(stream: io.BufferedReader, file: VectorFile) -> Iterator[Entry]:
    """The words of a binary file, each a word, a space and its numbers, some with a line end."""
    stream.readline()
    size, block, start = 4 * file.dimensions, b"", 0
    for number in range(1, (file.words or 0) + 1):
        while (space := block.find(b" ", start)) < 0 or len(block) <= space + size:
            if space < 0 and len(block) - start > SAMPLE:
                raise DataError(f"{file.path}, word {number}: no end of the word: {WANTED}")
            more = stream.read(BLOCK)
            if not more:
                _check_end(file, number - 1)
            block, start = block[start:] + more, 0
        numbers = slice(space + 1, space + 1 + size)
        yield number, block[start:space].lstrip(b"\n"), block[numbers]
        start = numbers.stop


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """The content of ``path``, unpacked where it is packed with gzip."""
    try:
        with path.open("rb") as file:
            if file.peek(len(GZIP)).startswith(GZIP):
                yield io.BufferedReader(gzip.GzipFile(fileobj=file), BLOCK)
            else:
                yield file
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(f"{path} is a broken or incomplete gzip file") from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(f"{path}: cannot be read: {error.strerror or error}")


def _is_text(rest: bytes, dimensions: int) -> bool:
    """Whether what follows a header is lines; four bytes of a number are hardly ever text."""
    numbers = rest.partition(b"\n")[0].split()[-dimensions:]
    if len(numbers) == dimensions and all(map(_is_number, numbers)):
        return True  # in whatever encoding the words are
    try:
        codecs.getincrementaldecoder("utf-8")().decode(rest)
    except UnicodeDecodeError:
        return False
    return NO_TEXT.search(rest) is None


def _is_number(field: bytes) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _check_end(file: VectorFile, read: int) -> None:
    """See that the file holds as many words as its header promises."""
    if file.words is not None and read < file.words:
        raise DataError(
            f"{file.path} is incomplete: it ends after {read:,} of the "
            f"{several(file.words, 'word')} that its first line names"
        )


def _short(file: VectorFile, numbers: bytes) -> str:
    return f"{several(len(numbers.split()), 'number')} in the place of {file.dimensions}"


def _shown(found: bytes) -> str:
    return shown(found.decode(errors="replace").strip())
