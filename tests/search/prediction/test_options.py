"""Options of reading: for which files they are, and that no other file takes them in silence."""

from pathlib import Path

import pytest

from tests.search.prediction.classifiers import objects, predict
from tests.search.prediction.rows import json_bytes, write_parquet


@pytest.mark.parametrize(
    "options", [("--header",), ("--text-column", "text"), ("--separator", ",")]
)
def test_a_txt_file_with_an_option_of_tables_is_one(here: Path, options: tuple[str, ...]) -> None:
    Path("a.txt").write_text("id,text\n1,the team\n2,the market\n")
    found = objects(predict("--input", "a.txt", "--json", *options).stdout)
    assert [(row["id"], row["text"]) for row in found] == [("1", "the team"), ("2", "the market")]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("a.jsonl", ("--header",), "is JSON lines, for which there is no --header/--no-header"),
        ("a.jsonl", ("--separator", ";"), "is JSON lines, for which there is no --separator"),
        ("a.parquet", ("--no-header", "--separator", ";"), "no --header/--no-header, --separator"),
        ("a.parquet", ("--encoding", "utf-8"), "is Parquet, for which there is no --encoding"),
    ],
)
def test_an_option_that_does_not_apply_is_refused(
    here: Path, name: str, options: tuple[str, ...], message: str
) -> None:
    Path("a.jsonl").write_bytes(json_bytes())
    write_parquet(Path("a.parquet"))
    assert message in predict("--input", name, *options, expect=2).stderr
