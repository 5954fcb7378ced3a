"""A study that an earlier trainer wrote opens, says the same, and is not gone on with.

``earlier/`` holds its database, in which trial 11 was killed after its first epoch, that trial's
snapshot, and what was said of the study then.
"""

import html
import json
import shutil
import sqlite3
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from search.api import open_study
from search.findings.cards.trials import AllTrials
from search.findings.page import render
from search.status import app as status
from search.storage.owner import me
from tests.search.commands import search

EARLIER = Path(__file__).parent / "earlier"
KILLED = 11
EXPLAINED = (0, 5, 2, KILLED)


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the earlier search was killed, as if on this machine."""
    monkeypatch.chdir(tmp_path)
    for name in ("small.toml", "news.csv"):
        shutil.copy(EARLIER / name, tmp_path / name)
    running = tmp_path / "studies/small/running"
    running.mkdir(parents=True)
    shutil.copy(EARLIER / f"{KILLED}.pt", running)
    shutil.copytree(EARLIER / "best-2", running.parent / "best-2")
    (running.parent / "best").symlink_to("best-2")  # as that version did
    with sqlite3.connect(tmp_path / "studies/studies.db") as database:
        database.executescript((EARLIER / "studies.sql").read_text("utf-8"))
        owner = json.dumps({**asdict(me()), "pid": 1, "started": 0.0})
        change = "UPDATE trial_user_attributes SET value_json = ? WHERE key = 'owner'"
        database.execute(change, (owner,))
    database.close()
    return tmp_path


def said(*arguments: str) -> str:
    result = CliRunner().invoke(status, ["--study", "small", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def files(folder: Path) -> dict[Path, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path: path.read_bytes() for path in paths}


def test_status_says_what_it_said(earlier: Path) -> None:
    assert said().startswith((EARLIER / "status.txt").read_text("utf-8"))
    told = "".join(said("--why", str(number)) for number in EXPLAINED)
    assert told == (EARLIER / "why.txt").read_text("utf-8")


def test_the_report_shows_what_it_showed(earlier: Path) -> None:
    findings = open_study("small").findings()
    shown = json.loads((EARLIER / "page.json").read_text("utf-8"))
    page = html.unescape(render(findings))
    assert (
        "Use a GRU of 8 units, lr 0.061, dropout 0.035: validation loss 0.0211, accuracy 1."
        in page
    )
    assert "5 complete" in page
    table = next(c.values for c in findings.cards if isinstance(c.values, AllTrials))
    rows = [dict(zip(table.heads, row.cells, strict=True)) for row in table.rows]
    for was in shown["rows"]:
        names = ("trial", "state", "loss", "accuracy", "macro-F1", "best epoch", "seconds")
        row = next(row for row in rows if row["trial"] == was[0])
        assert [row[name] for name in names] == was[:7]
        assert row["weights"].replace(",", "") == was[7]
        assert all(row[k] == v for k, v in (pair.split("=") for pair in was[8].split()))
        assert row["note"] == was[9]


def test_it_is_refused_with_the_reason_and_left_as_it_is(earlier: Path) -> None:
    before = files(earlier)
    output = search("--trials", "14", expect=2).output
    assert "begun by version 4 of the trainer, this is version 7: the same settings give" in output
    assert "--name small-7" in output
    assert files(earlier) == before
    assert "study small-7: 1 complete" in search("--trials", "1", "--name", "small-7").output
