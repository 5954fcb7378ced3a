"""Imports run one way: data <- model <- search; and each library has its place."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("data", "model", "search")
FORBIDDEN = {
    "data": {"model", "search", "optuna", "plotly", "rich", "typer"},
    "model": {
        "search",
        "optuna",
        "plotly",
        "rich",
        "typer",
        "datasets",
        "nltk",
        "joblib",
        "sklearn",
    },
    "search": {"datasets", "nltk", "joblib", "sklearn"},
}
ONLY_IN = {"datasets": "data/hub.py", "nltk": "data/tokens.py"}
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Top-level names of all that the file imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names.add(str(node.module).split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_keep_to_the_arrows(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert not imported(path) & FORBIDDEN[package]
    for library, place in ONLY_IN.items():
        assert library not in imported(path) or str(path.relative_to(ROOT)) == place


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_hold_a_docstring_and_nothing_else(package: str) -> None:
    body = ast.parse((ROOT / package / "__init__.py").read_text("utf-8")).body
    assert len(body) == 1
    assert ast.get_docstring(ast.Module(body, [])) is not None


def test_no_test_file_is_imported() -> None:
    """What several of them use lies in files of its own: commands, records, conftest, texts."""
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert len(files) > 20
    for path in files:
        found = ast.walk(ast.parse(path.read_text("utf-8")))
        names = [str(node.module) for node in found if isinstance(node, ast.ImportFrom)]
        assert not [name for name in names if ".test_" in name], path
