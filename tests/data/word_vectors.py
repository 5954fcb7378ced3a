"""Files of word vectors as GloVe, fastText and word2vec write them."""

import gzip
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Words = Mapping[str, Sequence[float]]


def glove(words: Words) -> bytes:
    return "".join(f"{word} {' '.join(map(str, row))}\n" for word, row in words.items()).encode()


def fasttext(words: Words) -> bytes:
    """With a header, and a space before each line's end."""
    return _header(words) + glove(words).replace(b"\n", b" \n")


def tabs(words: Words) -> bytes:
    return b"".join(line.replace(b" ", b"\t", 1) for line in glove(words).splitlines(True))


def binary(words: Words, end: bytes = b"") -> bytes:
    """As gensim writes it; Mikolov's own program ends each word with ``end``, a new line."""
    rows = (
        f"{word} ".encode() + struct.pack(f"<{len(row)}f", *row) for word, row in words.items()
    )
    return _header(words) + b"".join(row + end for row in rows)


FORMS: dict[str, Callable[[Words], bytes]] = {
    "GloVe": glove,
    "GloVe with line ends of Windows": lambda words: glove(words).replace(b"\n", b"\r\n"),
    "GloVe with a mark and an empty line": lambda words: b"\xef\xbb\xbf" + glove(words) + b"\n",
    "fastText": fasttext,
    "word2vec, text": lambda words: _header(words) + glove(words),
    "parted by a tab": tabs,
    "word2vec, binary": binary,
    "word2vec, binary, with line ends": lambda words: binary(words, b"\n"),
}


def write_vectors(path: Path, words: Words, form: str = "GloVe") -> Path:
    """Write ``words`` in a form of ``FORMS``; packed where ``path`` ends in ".gz"."""
    content = FORMS[form](words)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def _header(words: Words) -> bytes:
    return f"{len(words)} {len(next(iter(words.values())))}\n".encode()
