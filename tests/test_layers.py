"""Imports run one way, each library has its place, and what is private has one file."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("data", "model", "search")
# From the ground up; rooms of one floor do not know each other.
FLOORS = (
    ("search.errors", "search.own_packages"),
    ("search.interrupts",),
    ("search.definition", "search.workers"),
    ("search.storage",),
    ("search.request", "search.options"),
    ("search.findings", "search.prediction"),
    ("search.trials",),
    ("search.job",),
    ("search.preparing",),
    ("search.auditing",),
    ("search.api", "search.confirmation"),
    ("search.console",),
    (
        "search.run",
        "search.status",
        "search.report",
        "search.inspect",
        "search.final",
        "search.ablate",
        "search.predict",
        "search.export",
    ),
    ("search.__main__",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# Where a library may be imported: prefixes of files.
PLACES = {
    "datasets": ("data/hub.py",),
    "pyarrow": ("data/parquet.py", "search/prediction/parquet_"),
    "nltk": ("data/tokens.py",),
    "joblib": ("data/",),
    "sklearn": ("data/", "model/baseline.py", "model/calibration.py"),
    "rich": ("search/console/",),
    "typer": (
        "search/__main__.py", "search/options.py", "search/run.py", "search/status.py",
        "search/report.py", "search/inspect.py", "search/final.py", "search/predict.py",
        "search/export.py", "search/ablate.py",
    ),
    "ray": ("search/workers/cluster.py", "search/workers/nodes.py"),
    "onnx": ("model/graph.py",),
    "onnxruntime": ("model/classify.py",),
    "plotly": ("search/findings/",),
    "jinja2": ("search/findings/",),
    "sqlalchemy": ("search/storage/",),
    "filelock": ("search/storage/",),
    "optuna": (
        "search/definition/space.py", "search/storage/", "search/findings/", "search/trials/",
        "search/job.py", "search/auditing.py", "search/api.py", "search/confirmation/",
        "search/console/",
    ),
    "torch": ("data/", "model/", "search/workers/", "search/trials/", "search/confirmation/"),
}  # fmt: skip
INSIDE_OPTUNA = tuple(
    f"search/storage/{name}.py" for name in ("inside_optuna", "own_trial", "rows")
)
# The first two read them, the others store them.
ATTRIBUTES = ("search/storage/record.py", "search/storage/trial_record.py", *INSIDE_OPTUNA)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
MOST_INSIDE = 36  # imports inside functions: each command's, extras, and PyTorch where it can wait
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def statements(path: Path) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """All imports of the file, and whether they stand inside a function."""

    def walk(node: ast.AST, inside: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.Import, ast.ImportFrom)):
                yield child, inside
            yield from walk(child, inside or isinstance(child, FUNCTIONS))

    return walk(ast.parse(path.read_text("utf-8")), False)


def imports(path: Path) -> Iterator[str]:
    """Names of all that the file imports, wherever that stands."""
    for statement, _ in statements(path):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        else:
            assert statement.level == 0, f"{path}: a relative import"
            yield from (f"{statement.module}.{alias.name}" for alias in statement.names)


def modules() -> dict[str, Path]:
    return {place(path).removesuffix(".py").replace("/", "."): path for path in FILES}


@cache
def arrows() -> dict[str, set[str]]:
    """Which module of ours imports which."""
    known = modules()
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        named = list(imports(path))
        found[name] = {
            m for i in named for m in (i, i.rpartition(".")[0]) if m in known and m != name
        }
    return found


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("path", FILES, ids=place)
def test_each_library_has_its_place(path: Path) -> None:
    for library, places in PLACES.items():
        used = library in {name.split(".")[0] for name in imports(path)}
        assert not used or place(path).startswith(places), library


def test_test_rows_are_read_in_one_place() -> None:
    readers = {module for module, used in arrows().items() if "data.testing" in used}
    assert readers == {"search.confirmation.sealed"}


@pytest.mark.parametrize("module", arrows())
def test_imports_run_down(module: str) -> None:
    package = module.split(".", maxsplit=1)[0]
    for used in arrows()[module]:
        assert PACKAGES.index(used.split(".")[0]) <= PACKAGES.index(package), used
        if used.startswith("search.") and room(used) != room(module):
            assert FLOOR[room(used)] < FLOOR[room(module)], f"{module} -> {used}"


def test_every_room_has_a_floor() -> None:
    rooms = {room(m) for m in modules() if m.startswith("search.") and m != "search.__init__"}
    assert rooms == set(FLOOR)


def test_no_module_imports_itself_by_way_of_others() -> None:
    left = {module: set(used) for module, used in arrows().items()}
    while free := [module for module, used in left.items() if not used & left.keys()]:
        for module in free:
            del left[module]
    assert not left, "these import each other in a circle"


def test_imports_stand_at_the_top_of_their_file() -> None:
    inside = [
        f"{place(path)}:{statement.lineno}"
        for path in FILES
        for statement, is_inside in statements(path)
        if is_inside
    ]
    assert len(inside) <= MOST_INSIDE, inside


@pytest.mark.parametrize("path", FILES, ids=place)
def test_attributes_and_private_names_have_one_file(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "user_attrs" not in text or place(path) in ATTRIBUTES
    private = ("._storage", "._trial_id", "._study_id", "storages._")
    touched = [name for name in private if name in text]
    assert not touched or place(path) in INSIDE_OPTUNA


@pytest.mark.parametrize("path", [f for f in FILES if f.name == "__init__.py"], ids=place)
def test_packages_hold_a_docstring_and_nothing_else(path: Path) -> None:
    body = ast.parse(path.read_text("utf-8")).body
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
