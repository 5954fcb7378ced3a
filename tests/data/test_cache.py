"""Stored results are checked; what is damaged is made anew, with one line."""

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import data.cache
from data.cache import CacheWarning, cached

CALLS: list[str] = []


def numbers(texts: list[str], name: str) -> dict[str, object]:
    CALLS.append(name)
    return {"texts": texts, "numbers": np.arange(1, 1001)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    CALLS.clear()
    return tmp_path


def call(name: str = "a") -> dict[str, object]:
    return cached(numbers, ignore=["texts"])(["a secret text"], name)


def test_a_result_is_computed_once_for_its_arguments(folder: Path) -> None:
    first, second = call("a"), call("a")
    assert isinstance(first["numbers"], np.memmap)
    assert isinstance(second["numbers"], np.memmap)
    np.testing.assert_array_equal(second["numbers"], np.arange(1, 1001))
    call("b")
    assert CALLS == ["a", "b"]
    assert len(list(folder.rglob("*.pkl"))) == 2
    assert not list(folder.rglob("*.draft"))


def damage_zeros(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100:-96] = bytes(4)
    path.write_bytes(content)


DAMAGES = {
    "four zero bytes": damage_zeros,
    "half of it": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "empty": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_result_is_made_anew_with_one_warning(folder: Path, damage: object) -> None:
    call()
    (path,) = folder.rglob("*.pkl")
    damage(path)  # type: ignore[operator]
    with pytest.warns(CacheWarning, match=r"\.pkl was damaged: it is made anew$") as caught:
        again = call()
    assert len(caught) == 1
    np.testing.assert_array_equal(np.asarray(again["numbers"]), np.arange(1, 1001))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call()
    assert CALLS == ["a", "a"]


def test_the_warning_is_one_line_without_texts(folder: Path) -> None:
    script = (
        "from data.tokens import load_tokens\n"
        "load_tokens(['a secret text'], 'x')\n"
        "from pathlib import Path\n"
        f"(path,) = Path({str(folder)!r}).rglob('*.pkl')\n"
        "path.write_bytes(path.read_bytes()[:-4] + bytes(4))\n"
        "load_tokens(['a secret text'], 'x')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(data.cache.__file__).parents[1],
    )
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "was damaged" in done.stderr
    assert "secret" not in done.stderr


def test_another_version_of_the_code_computes_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call()
    monkeypatch.setattr(data.cache, "_code", lambda: "another")
    call()
    assert CALLS == ["a", "a"]


def test_a_full_disk_stores_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(value: object, path: Path) -> None:
        path.write_bytes(b"the beginning")
        raise OSError("no space left")

    monkeypatch.setattr("joblib.dump", full)
    assert call()["texts"] == ["a secret text"]
    assert not [path for path in folder.rglob("*") if path.is_file()]
