"""What is shown of a database's URL."""

from pathlib import Path

import pytest

from search.storage.urls import without_password
from tests.search.commands import search, status


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql+psycopg://me:secret@host/db", "postgresql+psycopg://me:***@host/db"),
        ("postgresql://me:se%40cret@host:5432/db?a=b", "postgresql://me:***@host:5432/db?a=b"),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("postgresql://:secret@host/db", "postgresql://:***@host/db"),
        ("postgresql:///db?host=h&password=secret&user=me",
         "postgresql:///db?host=h&password=***&user=me"),
        ("postgresql:///db?password=secret", "postgresql:///db?password=***"),
        ("postgresql://me:se/cr+et@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:se@cret@host/db", "postgresql://me:***@host/db"),
        ("mysql://host/db?passwd=secret&SSLPassword=more",
         "mysql://host/db?passwd=***&SSLPassword=***"),
        ("sqlite:///studies/studies.db", "sqlite:///studies/studies.db"),
        ("run --storage postgresql://me:secret@h/db --trials 3",
         "run --storage postgresql://me:***@h/db --trials 3"),
        ("run --storage 'mysql://me:s:e@h/db?x=1' and http://a/b:c@d",
         "run --storage 'mysql://me:***@h/db?x=1' and http://a/b:c@d"),
    ],
)  # fmt: skip
def test_passwords_are_put_out_of_sight(text: str, shown: str) -> None:
    assert without_password(text) == shown


@pytest.mark.parametrize("database", ["postgresql+psycopg", "nosuch"])
def test_a_message_has_none(place: Path, database: str) -> None:
    url = f"{database}://me:secret@127.0.0.1:1/db"
    code = 2 if database == "nosuch" else 1
    result = search("--trials", "1", "--storage", url, expect=code)
    assert "secret" not in result.output
    assert "me:***@127.0.0.1" in result.output
    assert "secret" not in status("--storage", url, expect=code)
