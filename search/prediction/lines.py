"""A text a line: arguments, standard input, a file of texts."""

import codecs
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from data.errors import DataError, shown
from data.reading import Reading
from search.prediction.chunks import Chunk, Row, Source, chunk_of, chunked
from search.prediction.text_files import find_text_file, mended

COLUMN = "text"
READ = 1 << 20  # bytes taken at a time at most


def arguments_source(texts: Sequence[str]) -> Source:
    """Texts of the command line."""
    return _source("the arguments", lambda: chunked(map(_row, texts), lambda: 1.0))


def file_source(path: Path, reading: Reading) -> Source:
    """The lines of a file, empty ones too.

    Raises:
        DataError: it cannot be read as text.
    """
    file = find_text_file(path, reading.encoding)

    def chunks() -> Iterator[Chunk]:
        with file.opened(newline="\n") as opened:
            yield from chunked((_row(_ended(line)) for line in opened.text), opened.read)

    return _source(str(path), chunks)


def input_source(given: BinaryIO, encoding: str | None) -> Source:
    """The lines of standard input: what is there already makes a chunk, so no answer waits.

    Raises:
        DataError: there is no such encoding.
    """
    try:
        name = encoding or "utf-8"
        "a".encode(name).decode(name, "surrogateescape")  # some codecs are not of text
        codec = codecs.getincrementaldecoder(name)
    except (LookupError, UnicodeError):
        raise DataError(f"--encoding {shown(encoding)} is not known") from None

    def chunks() -> Iterator[Chunk]:
        decoder = codec("surrogateescape")
        rest, done, is_first = "", 0, True
        while found := _available(given):
            text = rest + _decoded(decoder, found)
            if is_first and text:
                text, is_first = text.removeprefix("\ufeff"), False
            *whole, rest = text.split("\n")
            if whole:
                yield chunk_of([_row(_ended(line)) for line in whole], done)
                done += len(whole)
        if rest := rest + _decoded(decoder, b"", final=True):
            yield chunk_of([_row(_ended(rest))], done)

    return replace(_source("standard input", chunks), is_live=True)


def _source(name: str, chunks: Callable[[], Iterator[Chunk]]) -> Source:
    return Source(name=name, form="lines", columns=(COLUMN,), kinds=("str",), chunks=chunks)


def _available(given: BinaryIO) -> bytes:
    """The next bytes, as soon as there are any; none at the end."""
    try:
        return bytes(given.read1(READ))  # type: ignore[attr-defined]
    except OSError as error:
        raise DataError(f"standard input cannot be read: {error.strerror or error}") from None


def _decoded(decoder: codecs.IncrementalDecoder, found: bytes, *, final: bool = False) -> str:
    try:
        return decoder.decode(found, final)
    except UnicodeError as error:  # of codecs that cannot pass over what is no text
        raise DataError(f"standard input cannot be read in that encoding ({error})") from None


def _ended(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def _row(line: str) -> Row:
    text, fault = mended(line)
    return Row((text,), "" if fault else text, fault)
