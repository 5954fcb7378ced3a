"""Standard input in encodings of all kinds."""

from pathlib import Path

import pytest

from tests.search.prediction.classifiers import objects, predict


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-8-sig", "shift_jis"])
def test_any_encoding_of_text(here: Path, encoding: str) -> None:
    given = "the team\n\u6771\u4eac\n".encode(encoding)
    found = objects(predict("--json", "--encoding", encoding, given=given).stdout)
    assert [row["text"] for row in found] == ["the team", "\u6771\u4eac"]


@pytest.mark.parametrize("given", [b"the team\n", b"\xff\xfea\0\n\0b"])
def test_what_is_not_in_the_encoding_is_one_message(here: Path, given: bytes) -> None:
    done = predict("--encoding", "utf-16", given=given, expect=2)
    assert done.stderr.startswith("error: standard input cannot be read in that encoding (")
