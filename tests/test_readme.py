"""What the README shows is true: its code runs, its files exist, its numbers are the code's."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.demo import BAG_OF_WORDS_CEILING, CEILING
from search.definition.reading import read_definition
from search.run import app
from search.status import app as status_app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", README, re.S)
    assert len(found) == 1
    return str(found[0])


def test_three_lines_load_the_best_classifier_and_classify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ["--study", "demo", "--trials", "1", "--epochs", "1", "--examples", "500"]
    assert CliRunner().invoke(app, options).exit_code == 0
    assert len([line for line in block("python").splitlines() if line]) == 3
    code = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{block('python')}"
    code += "assert not {'optuna', 'datasets'} & set(sys.modules)\n"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert re.fullmatch(r"\['(World|Sports|Business|Sci/Tech)'\]\n", printed.stdout.decode())


def test_the_study_file_is_valid(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(block("toml"))
    assert list(read_definition(tmp_path / "mine.toml").space) == ["cell", "hidden_dim", "lr"]


def test_every_file_named_in_the_tree_exists() -> None:
    tree = README.split("## Where things are")[1].split("```")[1]
    folder = ROOT
    for line in tree.strip().splitlines():
        if re.match(r"\w+/", line):
            folder = ROOT / line.split("/")[0]
            assert folder.is_dir()
        for name in re.findall(r"\w+\.py", line):
            assert (folder / name).is_file(), name


def test_the_ceilings_are_the_computed_ones() -> None:
    assert f"{BAG_OF_WORDS_CEILING:.4f}" in README
    assert f"no model at all more often than {CEILING:.4f}" in " ".join(README.split())


def test_every_option_shown_exists() -> None:
    shown = set(re.findall(r"(--[a-z-]+)", README)) - {"--open"}
    shown -= {"--kills"}  # of a benchmark
    commands = (app, status_app)
    helped = "".join(
        CliRunner().invoke(command, ["--help"], env={"COLUMNS": "200"}).output
        for command in commands
    )
    assert {option for option in shown if option not in helped} == set()
