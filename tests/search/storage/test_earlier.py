"""A study that the version before wrote opens, says the same, and goes on bit for bit.

``earlier/`` holds its database, in which trial 11 was killed after its first epoch, that trial's
snapshot, what was said of the study then, and what came of it when it went on.
"""

import html
import json
import re
import shutil
import sqlite3
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model.epoch import Epoch
from search.api import open_study
from search.findings.page import render
from search.status import app as status
from search.storage.owner import me
from tests.search.commands import search, trials

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


def test_status_says_what_it_said(earlier: Path) -> None:
    assert said() == (EARLIER / "status.txt").read_text("utf-8")
    told = "".join(said("--why", str(number)) for number in EXPLAINED)
    assert told == (EARLIER / "why.txt").read_text("utf-8")


def test_the_report_shows_what_it_showed(earlier: Path) -> None:
    page = render(open_study("small").record)
    shown = json.loads((EARLIER / "page.json").read_text("utf-8"))
    summary = page.split('class="summary"')[1].split("</div>")[0]
    lines = re.findall(r"<p>(.*?)</p>", summary)
    assert [html.unescape(line) for line in lines] == shown["summary"]
    found = re.findall(r"<tr>(<td.*?)</tr>", page)
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in found]
    assert [[html.unescape(cell) for cell in row] for row in rows] == shown["rows"]


def test_it_goes_on_under_the_trials_own_number_with_the_same_numbers(earlier: Path) -> None:
    killed = trials()[KILLED]
    output = search("--trials", "14").output
    assert "going on: 11 of 14 trials are finished" in output
    assert f"trial {KILLED} goes on after epoch 1" in output
    now, then = trials(), json.loads((EARLIER / "done.json").read_text("utf-8"))
    assert len(now) == len(then)
    for trial, row in zip(now, then, strict=True):
        # On another processor the last bits of a sum may differ.
        assert trial.state.name == row["state"]
        assert trial.params["cell"] == row["params"]["cell"]
        assert trial.params["lr"] == pytest.approx(row["params"]["lr"], rel=1e-4)
        assert trial.value == pytest.approx(row["value"], rel=1e-4)
        assert list(trial.intermediate_values.values()) == pytest.approx(row["losses"], rel=1e-4)
    best = earlier / "studies/small/best"
    assert best.is_dir()
    assert not best.is_symlink()
    assert not list(best.parent.glob("best-*"))
    kept = Epoch.of(now[KILLED].user_attrs["curve"][0])
    assert kept == Epoch.of(killed.user_attrs["curve"][0]), "what was trained is kept as it is"
