"""Encodings, packed files and what is no text: read, or named with the way out."""

import gzip
from pathlib import Path

import pytest

from data.corpus import DataError, Reading, load_corpus
from data.encoding import likely_encoding

WEST = "text,label\nété,a\nfaçade,b\ncafé,a\nnoël,b\n"
LANGUAGES = {
    "cp1252": "Ça a été très bon, l'été à la façade coûte 10 £",
    "cp1251": "Очень хороший фильм, всем советую посмотреть",
    "gb18030": "很快，好吃，味道足，量大。今天天气很好",
    "big5": "很快，好吃，味道足，量大。今天天氣很好",
    "shift_jis": "今日はとても良い天気ですね。映画は面白かった",
    "euc_jp": "今日はとても良い天気ですね。映画は面白かった",
    "euc_kr": "오늘은 날씨가 아주 좋습니다 영화가 재미있었다",
}
READ: dict[str, tuple[str, bytes, str | None, str]] = {
    "UTF-8": ("a.csv", WEST.encode(), None, "utf-8"),
    "UTF-8 with a mark": ("a.csv", WEST.encode("utf-8-sig"), None, "utf-8"),
    "UTF-16 with a mark": ("a.csv", WEST.encode("utf-16"), None, "utf-16"),
    "UTF-16, high byte first": ("a.csv", b"\xfe\xff" + WEST.encode("utf-16-be"), None, "utf-16"),
    "UTF-16 without a mark": ("a.csv", WEST.encode("utf-16-le"), None, "utf-16-le"),
    "UTF-32": ("a.csv", WEST.encode("utf-32"), None, "utf-32"),
    "UTF-16 as asked": ("a.csv", WEST.encode("utf-16"), "utf-16", "utf-16"),
    "as asked": ("a.csv", WEST.encode("cp1252"), "cp1252", "cp1252"),
    "gzip": ("a.csv.gz", gzip.compress(WEST.encode()), None, "utf-8"),
    "gzip under another name": ("a.csv", gzip.compress(WEST.encode()), None, "utf-8"),
    "TSV in gzip": ("a.tsv.gz", gzip.compress(WEST.replace(",", "\t").encode()), None, "utf-8"),
}


@pytest.mark.parametrize(("name", "content", "asked", "encoding"), READ.values(), ids=READ)
def test_texts_are_the_same_in_every_encoding(
    tmp_path: Path, name: str, content: bytes, asked: str | None, encoding: str
) -> None:
    (tmp_path / name).write_bytes(content)
    corpus = load_corpus(str(tmp_path / name), Reading(encoding=asked))
    assert corpus.texts == ["été", "façade", "café", "noël"]
    assert corpus.facts.encoding == encoding


@pytest.mark.parametrize("encoding", LANGUAGES)
def test_the_likely_encoding_is_named(tmp_path: Path, encoding: str) -> None:
    content = f"text,label\nplain,a\n{LANGUAGES[encoding]},b\n" * 3
    assert likely_encoding(content.encode(encoding)) == encoding
    (tmp_path / "a.csv").write_bytes(content.encode(encoding))
    with pytest.raises(DataError, match=rf"line 3: .* not UTF-8 .*--encoding {encoding}$"):
        load_corpus(str(tmp_path / "a.csv"))


WRONG: dict[str, tuple[str, bytes, str | None, str]] = {
    "unknown encoding": ("a.csv", b"text,label\n", "latin-99", "--encoding 'latin-99' is not kno"),
    "an encoding of bytes": ("a.csv", b"text,label\n", "base64", "--encoding 'base64' is not kno"),
    "another encoding": (
        "a.csv",
        WEST.encode("cp1252"),
        "ascii",
        "not ASCII .* like cp1252",
    ),
    "UTF-8 read as UTF-16": ("a.csv", WEST.encode(), "utf-16", "like UTF-8, not UTF-16: leave"),
    "ASCII read as UTF-16": ("a.csv", b"text,label\nab,c\n", "UTF16", "looks like UTF-8, not UTF"),
    "UTF-8 read as Latin-1": ("a.csv", (WEST * 6).encode(), "latin-1", "like UTF-8, not LATIN-1"),
    "UTF-16 read as UTF-8": ("a.csv", WEST.encode("utf-16"), "utf-8", "looks like UTF-16, not UT"),
    "cp1252 read as UTF-16": (
        "a.csv",
        WEST.encode("cp1252"),
        "utf-16",
        "looks like CP1252, not UTF-16: --encoding cp1252",
    ),
    "zip": ("a.csv", b"PK\x03\x04 and so on", None, "zip archive or an Excel workbook"),
    "half a gzip": ("a.csv.gz", gzip.compress(WEST.encode())[:20], None, "incomplete gzip"),
    "pointer": ("a.csv", b"version https://git-lfs.github.com/spec/v1\n", None, "git lfs pull"),
    "binary": ("a.csv", bytes(range(256)) * 9, None, r"line 1: binary \(a NUL byte\)"),
}


@pytest.mark.parametrize(("name", "content", "asked", "message"), WRONG.values(), ids=WRONG)
def test_what_is_no_such_text_is_said(
    tmp_path: Path, name: str, content: bytes, asked: str | None, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        load_corpus(str(tmp_path / name), Reading(encoding=asked))
