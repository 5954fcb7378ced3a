"""Files of word vectors in a study: which there are, whether they fit, what a study calls them."""

from pathlib import Path
from typing import Any

import pytest

from data.errors import DataError
from search.definition.starts import find_files, known_names, renamed, with_names
from search.definition.tables import Definition
from search.errors import StudyError
from tests.data.word_vectors import write_vectors

FOUR, EIGHT = {"the": [1.0, 2, 3, 4]}, {"the": [1.0, 2, 3, 4, 5, 6, 7, 8]}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_vectors(tmp_path / "4.txt", FOUR)
    write_vectors(tmp_path / "same.txt", FOUR)
    write_vectors(tmp_path / "8.vec", EIGHT, "fastText")


def study(
    space: dict[str, Any] | None = None,
    fixed: dict[str, Any] | None = None,
    enqueue: list[dict[str, Any]] | None = None,
) -> Definition:
    tables = {"space": {"lr": [0.1], **(space or {})}, "fixed": fixed or {}}
    if enqueue:
        tables = {"fixed": fixed or {}}
    return Definition.model_validate({**tables, "enqueue": enqueue or []})


FILE = {"embedding_init": "4.txt"}
WIDE = {"low": 4, "high": 12, "step": 4}
FITTING: dict[str, tuple[Definition, list[str]]] = {
    "none": (study({"embedding_init": ["random", "corpus"], "hidden_dim": WIDE}), []),
    "embedding_dim": (study({"hidden_dim": WIDE}, {"embedding_dim": 4, **FILE}), ["4.txt"]),
    "hidden_dim": (study({}, {"hidden_dim": 8, "embedding_init": "8.vec"}), ["8.vec"]),
    "a choice of one": (study({"embedding_dim": [4]}, {"embedding_init": "4.txt"}), ["4.txt"]),
    "one of several starts": (
        study({"embedding_init": ["corpus", "4.txt"]}, {"embedding_dim": 4}),
        ["4.txt"],
    ),
    "with a default": (
        study(
            {"embedding_init": {"choices": ["corpus", "8.vec"], "default": "corpus"}},
            {"embedding_dim": 8},
        ),
        ["8.vec"],
    ),
    "configurations, each its own": (
        study(
            enqueue=[
                {"embedding_init": "4.txt", "hidden_dim": 4},
                {"embedding_init": "8.vec", "embedding_dim": 8},
                {"embedding_init": "random"},
            ]
        ),
        ["4.txt", "8.vec"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("definition", "names"), FITTING.values(), ids=FITTING)
def test_files_that_fit(definition: Definition, names: list[str]) -> None:
    assert list(find_files(definition)) == names


REFUSED: dict[str, tuple[Definition, str]] = {
    "default width": (
        study({}, FILE),
        "embedding_init = '4.txt': its vectors have 4 numbers, but hidden_dim is 256 and "
        "embedding_dim is not set: set embedding_dim = 4 under [fixed]",
    ),
    "another width": (
        study({}, {**FILE, "embedding_dim": 8}),
        "have 4 numbers, but embedding_dim is 8: set embedding_dim = 4 under [fixed]",
    ),
    "searched hidden_dim": (
        study({"hidden_dim": WIDE}, FILE),
        "but hidden_dim is searched (4 to 12) and embedding_dim is not set: set embedding_dim = 4",
    ),
    "searched embedding_dim": (
        study({"embedding_dim": [4, 8]}, FILE),
        "but embedding_dim is searched (4, 8): set embedding_dim = 4 under [fixed]",
    ),
    "one of several starts": (
        study({"embedding_init": ["random", "8.vec"]}, {"embedding_dim": 4}),
        "embedding_init = '8.vec': its vectors have 8 numbers, but embedding_dim is 4",
    ),
    "two widths": (
        study({"embedding_init": ["8.vec", "4.txt"]}, {"embedding_dim": 4}),
        "the vectors of 8.vec have 8 numbers and those of 4.txt have 4: a search takes one width",
    ),
    "the same twice": (
        study({"embedding_init": ["same.txt", "4.txt"]}, {"embedding_dim": 4}),
        "embedding_init: same.txt and 4.txt are the same: keep one of them",
    ),
    "a configuration": (
        study(enqueue=[{"cell": "gru"}, {"embedding_init": "8.vec", "hidden_dim": 4}]),
        "but [[enqueue]] number 2 has embeddings of 4: set embedding_dim = 8",
    ),
    "a configuration of a fixed start": (
        study({}, {**FILE, "embedding_dim": 4}, [{"hidden_dim": 4}, {"embedding_dim": 5}]),
        "but [[enqueue]] number 2 has embeddings of 5: set embedding_dim = 4",
    ),
    "no such file": (study({}, {"embedding_init": "glove"}), "= 'glove': no such file; choose"),
}


@pytest.mark.parametrize(("definition", "message"), REFUSED.values(), ids=REFUSED)
def test_files_that_do_not_fit_are_refused_with_both_numbers_and_the_way_out(
    definition: Definition, message: str
) -> None:
    with pytest.raises((StudyError, DataError)) as caught:
        find_files(definition)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_moved_file_keeps_the_name_that_the_study_knows() -> None:
    space = {"embedding_init": {"choices": ["corpus", "4.txt"], "default": "4.txt"}}
    definition = study(space, {"embedding_dim": 4})
    found = find_files(definition)
    content = found["4.txt"].fingerprint
    for stored, name in (
        (None, "4.txt"),
        ({}, "4.txt"),
        ({"vectors": {"first.txt": content}}, "first.txt"),
        ({"vectors": {"first.txt": "other"}}, "4.txt"),
        ({"vectors": {"first.txt": content, "4.txt": "other"}}, "4.txt"),
    ):
        names = known_names(found, stored)
        assert names == {"4.txt": name}
        now = with_names(definition, names)
        assert now.values_of("embedding_init") == ["corpus", name]
        assert now.space["embedding_init"].default == name  # type: ignore[union-attr]
        assert renamed({"embedding_init": "4.txt"}, names) == {"embedding_init": name}
    names = {"4.txt": "first.txt"}
    fixed = with_names(study({}, {"embedding_init": "4.txt", "cell": "gru"}), names)
    assert fixed.fixed == {"embedding_init": "first.txt", "cell": "gru"}
    rows = with_names(study(enqueue=[FILE, {"embedding_init": "corpus"}]), names).enqueue
    assert [row["embedding_init"] for row in rows] == ["first.txt", "corpus"]
