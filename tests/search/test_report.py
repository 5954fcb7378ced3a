"""``search.report`` in each of its forms, and what search and status say of the same findings."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import optuna
import pytest
from optuna.trial import create_trial
from typer.testing import CliRunner, Result

from search.api import evidence_of, open_study
from search.report import app
from search.storage.marks import store_binding
from tests.search.commands import DATABASE, python_path, search, status
from tests.search.conftest import STUDY, write_news


def report(*arguments: str, expect: int = 0) -> Result:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == expect, done.output
    assert "Traceback" not in done.output
    if expect:
        assert not done.stdout
        assert done.stderr.count("error: ") == 1
    return done


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database of two searches of the same texts, and a study of another's."""
    place, before = tmp_path_factory.mktemp("searched"), Path.cwd()
    write_news(place / "news.csv")
    (place / "small.toml").write_text(STUDY, "utf-8")
    os.chdir(place)
    try:
        search("--trials", "4")
        search("--trials", "3", "--name", "other", "--sampler", "random")
        search("--trials", "1", "--name", "seeded", "--seed", "8")
        foreign = optuna.create_study(study_name="foreign", storage=DATABASE)
        foreign.add_trial(create_trial(value=1.0))
        optuna.create_study(study_name="empty", storage=DATABASE)
    finally:
        os.chdir(before)
    return place


@pytest.fixture
def here(searched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a copy of that one."""
    shutil.copytree(searched, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


SMALL = ("--study", "small")


def test_the_page_is_written_and_what_it_says_first_is_printed(here: Path) -> None:
    lines = report(*SMALL).stdout.splitlines()
    assert lines[0] == "studies/small/report.html"
    assert Path(lines[0]).is_file()
    said = [sentence.text for sentence in open_study("small").findings().said[:3]]
    assert lines[1:] == said
    assert " ".join(" ".join(said).split()) in status(*SMALL)
    ended = " ".join(search("--trials", "4").output.split())
    assert " ".join(" ".join(said).split()) in ended


def test_the_page_goes_where_it_is_told(here: Path) -> None:
    Path("pages").mkdir()
    Path("pages/a.html").write_text("an earlier one")
    assert report(*SMALL, "--output", "pages/a.html").stdout.startswith("pages/a.html\n")
    assert "small: what 4 trials say" in Path("pages/a.html").read_text()
    assert [p.name for p in Path("pages").iterdir()] == ["a.html"]
    assert not Path("studies/small/report.html").exists()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--json", "--markdown"], 2, "--markdown and --json are two forms of a report"),
        (["--png", "figures", "--json"], 2, "--json and --png are two forms of a report"),
        (["--open", "--json"], 2, "--open goes with the page, which --json does not write"),
        (["--output", "a", "--markdown"], 2, "--output goes with the page, which --markdown"),
        (["--output", "a", "--png", "b"], 2, "--output goes with the page, which --png does"),
        (["--output", "studies"], 2, "--output studies is no ordinary file"),
        (["--output", "not/there.html"], 1, "--output not/there.html: there is no folder"),
        (["--output", "n" * 300], 2, "File name too long"),
        (["--png", "news.csv"], 2, "--png news.csv is no folder"),
        (["--png", "not/there"], 1, "--png not/there: there is no folder"),
        (["--compare", "small"], 2, "--compare small: that is the study itself"),
        (["--compare", "none"], 2, "--compare none: no such study in"),
        (["--compare", "foreign"], 2, "the study foreign was made by another program"),
        (["--compare", "empty"], 2, "the study empty was made by another program"),
        (["--compare", "seeded"], 2, "do not validate with the same rows"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(
    here: Path, options: list[str], code: int, said: str
) -> None:
    before = sorted(here.rglob("*"))
    assert said in report(*SMALL, *options, expect=code).stderr
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize("form", ["--markdown", "--json"])
def test_standard_output_holds_the_findings_alone(here: Path, form: str) -> None:
    command = [sys.executable, "-m", "search.report", *SMALL, "--compare", "other", form]
    done = subprocess.run(command, capture_output=True, env=python_path(), check=True)
    text = done.stdout.decode()
    assert not done.stderr
    again = report(*SMALL, "--compare", "other", form).stdout
    assert text == again, "the same study, the same bytes"
    assert "How does it compare with other?" in text
    if form == "--json":
        data = json.loads(text, parse_constant=pytest.fail)
        questions = [section["question"] for section in data["sections"]]
        assert "How does it compare with other?" in questions
        assert data["study"] == "small"
    else:
        assert text.startswith("# small: what 4 trials say\n")
    assert not Path("studies/small/report.html").exists()


def test_a_reader_that_has_enough_is_no_error(here: Path) -> None:
    command = f"{sys.executable} -m search.report --study small --json | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        check=False,
        capture_output=True,
        env=python_path(),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_notebook_has_each_card_by_its_name(here: Path) -> None:
    study = open_study("small")
    found = study.findings(open_study("other"))
    for card in found.cards:
        assert getattr(found, card.name.replace("-", "_")) is card
        assert card.name.replace("-", "_") in dir(found)
    figure = found.comparison_by_trial.figure()
    assert figure is not None
    assert figure.to_dict()["data"]
    with pytest.raises(AttributeError, match=r"no card 'importances'; there are history, "):
        getattr(study.findings(), "importances")  # noqa: B009 - a card that is not there


def test_only_a_studys_own_confirmation_is_read(here: Path) -> None:
    """Whatever is called like it: of other texts, of another program, of several objectives."""
    texts = {"small": "", "other": "other texts", "foreign": ""}
    for name, fingerprint in texts.items():
        stored = open_study("small").record.binding
        assert stored is not None
        stored.table["data"]["fingerprint"] = fingerprint or stored.table["data"]["fingerprint"]
        final = optuna.create_study(study_name=f"{name}-final", storage=DATABASE)
        store_binding(final, stored)
    optuna.create_study(study_name="seeded-final", storage=DATABASE)
    optuna.create_study(
        study_name="empty-final", storage=DATABASE, directions=["minimize", "minimize"]
    )
    for name in ("small", "other", "foreign", "seeded", "empty"):
        study = open_study(name)
        found = evidence_of(study.home, study.record).final
        assert (found and found.name) == ("small-final" if name == "small" else None)


@pytest.mark.parametrize("study", ["foreign", "empty"])
@pytest.mark.parametrize("form", [["--markdown"], ["--json"], []])
def test_every_study_has_every_form(here: Path, study: str, form: list[str]) -> None:
    assert report("--study", study, *form).stdout
