"""What the README shows is true: its code runs, its files exist, its numbers are the code's."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from data.demo import BAG_OF_WORDS_CEILING, CEILING
from data.folders import FORMATS
from model.settings import ModelSettings, TrainSettings
from search.ablate import app as ablate_app
from search.definition.reading import read_definition
from search.export import app as export_app
from search.final import app as final_app
from search.inspect import app as inspect_app
from search.predict import app as predict_app
from search.report import app as report_app
from search.run import app
from search.status import app as status_app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str, page: str = "README.md") -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)


def test_three_lines_load_the_best_classifier_and_classify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ["--study", "demo", "--trials", "1", "--epochs", "1", "--examples", "500"]
    assert CliRunner().invoke(app, options).exit_code == 0
    three_lines = blocks("python")[0]
    assert len([line for line in three_lines.splitlines() if line]) == 3
    exec(three_lines, {})
    printed = capsys.readouterr().out
    assert re.fullmatch(r"\['(World|Sports|Business|Sci/Tech)'\]\n", printed)


def test_the_study_file_is_valid(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(blocks("toml")[0])
    assert list(read_definition(tmp_path / "mine.toml").space) == ["cell", "hidden_dim", "lr"]


def test_a_notebook_can_do_what_is_shown(tmp_path: Path) -> None:
    code = blocks("python", "docs/python.md")[0]
    assert len(code.splitlines()) <= 25
    (tmp_path / "shown.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "shown.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines[:4]] == [
        f"trial {trial}, epoch {epoch}" for trial in (0, 1) for epoch in (1, 2)
    ]
    assert re.match(r"\d \d\.\d+ \{'cell': ", lines[4])
    assert "Trial" in lines[5]
    assert (tmp_path / lines[-1]).is_file()
    assert done.stderr == "", "nothing of Optuna's messages"


def test_the_tree_is_the_tree() -> None:
    """Both ways: what it names is there, and what is there it names."""
    tree = README.split("## Where things are")[1].split("```")[1]
    named: set[str] = set()
    package = room = folder = ""
    for line in tree.strip().splitlines():
        if opened := re.match(r"(\w+)/", line):
            package = folder = opened[1]
        elif opened := re.match(r"  (\w+)/", line):
            folder = room = f"{package}/{opened[1]}"
        elif opened := re.match(r"    (\w+)/", line):
            folder = f"{room}/{opened[1]}"
        elif re.match(r"  \S", line):
            folder = package
        named |= {f"{folder}/{name}" for name in re.findall(r"\w+\.py", line)}
    there = {
        path.relative_to(ROOT).as_posix()
        for package in ("data", "model", "search")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert named == there


SETTINGS = {**ModelSettings.model_fields, **TrainSettings.model_fields}


def settings_rows() -> list[str]:
    """The table of all settings, as ``model/settings.py`` has them."""
    rows = []
    for name, setting in SETTINGS.items():
        values = [v for v in get_args(setting.annotation) if isinstance(v, str)]
        choices = f" ({', '.join(f'`{value}`' for value in values)})" if values else ""
        default = "" if setting.default is None else f"`{setting.default}`"
        rows.append(f"| {name} | {default} | {setting.description}{choices} |")
    return rows


def test_the_table_of_settings_is_the_settings() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    shown = page.split("| setting | default | what it is |\n|-|-|-|\n")[1]
    assert shown.splitlines() == settings_rows()


def test_help_names_every_setting_and_shows_brackets_as_they_are() -> None:
    output = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    assert "accept a [space] that became wider" in output
    assert all(
        name in output for kind in (ModelSettings, TrainSettings) for name in kind.model_fields
    )


def test_all_endings_that_are_read_are_named() -> None:
    table = README.split("| what | how it is read |")[1].split("\n\n")[0]
    assert {ending for ending in FORMATS if f"`{ending}`" not in table} == set()
    for page in re.findall(r"\]\(([\w./-]+)\)", README):
        assert (ROOT / page).is_file(), page


def test_the_ceilings_are_the_computed_ones() -> None:
    assert f"{BAG_OF_WORDS_CEILING:.4f}" in README
    assert f"no model at all more often than {CEILING:.4f}" in " ".join(README.split())


def test_every_option_shown_exists() -> None:
    docs = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    docs = re.sub(r"^ *(#SBATCH|srun|ray) .*$", "", docs, flags=re.MULTILINE)  # other programs'
    shown = set(re.findall(r"(--[a-z-]+)", README + docs)) - {"--open"}
    shown -= {"--kills"}  # of a benchmark
    commands = (
        app, status_app, inspect_app, final_app, ablate_app, predict_app, export_app, report_app
    )  # fmt: skip
    helped = "".join(
        CliRunner().invoke(command, ["--help"], env={"COLUMNS": "200"}).output
        for command in commands
    )
    assert {option for option in shown if option not in helped} == set()
