"""Files of word vectors: every form is told by its content, and broken ones by their line."""

import gzip
import random
from pathlib import Path

import numpy as np
import pytest

from data.errors import DataError
from data.vector_files import look_at
from tests.data.word_vectors import FORMS, binary, fasttext, glove, write_vectors

# Numbers, words beyond ASCII, and marks that are line ends to Python but not to these files.
WORDS = {
    word: [random.Random(word).uniform(-2, 2) for _ in range(5)]
    for word in (",", "the", "42", "3.5", "naïve", "\u0085", "x\u2028y", "東京", "</s>", "nan")
}
BROKEN = b"the 0.1 0.2\nof 0.3 0.4\n"
LONG = b"x" * 300


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("dimensions", [1, 2, 5])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_told_by_its_content(
    tmp_path: Path, form: str, dimensions: int, packed: str
) -> None:
    words = {word: row[:dimensions] for word, row in WORDS.items()}
    file = look_at(str(write_vectors(tmp_path / f"vectors{packed}", words, form)))
    assert file.dimensions == dimensions
    read = {word.decode(): file.vector(n, numbers) for n, word, numbers in file.entries()}
    assert list(read) == list(words)
    for word, row in words.items():
        found = read[word]
        assert found is not None
        np.testing.assert_array_equal(found, np.array(row, np.float32))


def test_words_with_spaces_are_parted_from_the_right(tmp_path: Path) -> None:
    """As in GloVe's vectors of 840 billion tokens."""
    path = tmp_path / "vectors.txt"
    path.write_bytes(b", 1 2 3\n. . . 4 5 6\nat name@domain.com 7 8 9\n 0 1 2\nthe 1 2 3\n")
    file = look_at(str(path))
    assert file.dimensions == 3
    read = [(word, file.vector(n, numbers)) for n, word, numbers in file.entries()]
    assert [word for word, vector in read if vector is not None] == [b",", b"the"]


def all_of(path: Path) -> None:
    file = look_at(str(path))
    for number, _, numbers in file.entries():
        file.vector(number, numbers)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1: '': want a word and its numbers"),
        (b"text,label\nhello,a\n", "line 1: 'text,label': want"),
        (b"the cat sat\n", "line 1: 'the cat sat': want"),
        (LONG * 1000, "line 1: 'xxx"),
        (BROKEN + b"a 0.5\n", "line 3: 'a 0.5': 1 number in the place of 2"),
        (b"3 2\n" + BROKEN + LONG + b" 0.5\n", "line 4: 'xxx"),
        (BROKEN + b"a 0.5 0.6 0.7\n", "line 3: 3 numbers in the place of 2"),
        (BROKEN + b"a 0.5 zero\n", "line 3: 'zero' is not a number"),
        (BROKEN + b"a 0.5 " + LONG + b"\n", "line 3: 'xxx"),
        (BROKEN + b"a 0.5 nan\n", "line 3: a number is not finite"),
        (BROKEN + b"a 0.5 1e39\n", "line 3: a number is not finite"),
        (b"2 2\nthe 0.1\nof 0.2 0.3\n", "line 2: 'the 0.1': 1 number in the place of 2"),
        (b"3 2\n" + BROKEN, "incomplete: it ends after 2 of the 3 words"),
        (b"1 2\n", "incomplete: it ends after 0 of the 1 word"),
        (binary(WORDS)[:-1], "incomplete: it ends after 9 of the 10 words"),
        (b"2 3\n" + b"\x00" * (1 << 20), "word 1: no end of the word"),
        (binary({"the": [1.0, float("inf")]}), "word 1: a number is not finite"),
        (gzip.compress(glove(WORDS), mtime=0)[:-9], "is a broken or incomplete gzip file"),
        (b"PK\x03\x04rest", "is a zip archive: unpack it"),
        (b"\xba\x16\x4f\x2f\x0c\x00", "is a fastText model"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_broken_file_is_one_message_that_names_the_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "v"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        all_of(path)
    said = str(caught.value)
    assert message in said
    assert said.startswith(str(path))
    assert "\n" not in said
    assert len(said) < len(str(path)) + 150


@pytest.mark.parametrize("name", ["gone.txt", "copus", ".", "~nobody/x", "a\0b", "x" * 300])
def test_a_file_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="no such file; choose 'random', 'corpus' or a file"):
        look_at(name)


def test_a_fingerprint_is_the_contents(tmp_path: Path) -> None:
    first, same, other = (tmp_path / name for name in ("a.txt", "b.txt", "c.txt"))
    write_vectors(first, WORDS)
    write_vectors(same, WORDS)
    write_vectors(other, WORDS, "fastText")
    prints = [look_at(str(path)).fingerprint for path in (first, same, other)]
    assert prints[0] == prints[1] != prints[2]
    first.write_bytes(fasttext(WORDS))
    assert look_at(str(first)).fingerprint == prints[2], "a file that was written again"
