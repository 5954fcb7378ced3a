"""What docs/exporting.md shows is true: its code runs, and its names are the files'."""

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from model.checkpoint import save
from model.export import CHECKED, FILES, TOLERANCE, write_export
from model.graph import OPSET
from tests.model.classifiers import classifier

PAGE = (Path(__file__).parents[1] / "docs/exporting.md").read_text("utf-8")
IMPORTED, SERVED = re.findall(r"```python\n(.*?)```", PAGE, re.S)


def test_the_table_names_the_files_and_what_is_in_them(tmp_path: Path) -> None:
    write_export(tmp_path / "out", classifier())
    assert re.findall(r"^\| `(\S+)` \|", PAGE, re.M) == list(FILES)
    assert f"ONNX opset {OPSET}," in PAGE
    assert f"more than {TOLERANCE:.0e}".replace("e-0", "e-") in PAGE
    assert f"the first {CHECKED} lines" in PAGE
    session = onnxruntime.InferenceSession(tmp_path / "out/model.onnx")
    for value in [*session.get_inputs(), *session.get_outputs()]:
        assert f"`{value.name}`" in PAGE


def test_what_is_imported_classifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = classifier(("yes", "no"))
    write_export(tmp_path / "exported", made)
    monkeypatch.syspath_prepend(tmp_path)
    names: dict[str, Any] = {}
    exec(IMPORTED, names)
    printed = ast.literal_eval(capsys.readouterr().out)
    assert list(printed) == ["yes", "no"]
    expected = made.predict_proba(names["texts"])[0]
    np.testing.assert_allclose(list(printed.values()), expected, atol=1e-6)


def test_what_is_served_are_the_classifiers_probabilities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fastapi", reason="fastapi is not installed")
    from fastapi.testclient import TestClient

    monkeypatch.chdir(tmp_path)
    made = classifier((1, 2))
    save(tmp_path / "studies/demo/best", made)
    assert len([line for line in SERVED.splitlines() if line]) == 8
    names: dict[str, Any] = {}
    exec(SERVED, names)
    texts = ["The merger", "the cup final"]
    served = TestClient(names["app"]).post("/classify", json=texts).json()
    assert [list(row) for row in served] == [["1", "2"]] * 2
    found = [list(row.values()) for row in served]
    np.testing.assert_allclose(found, made.predict_proba(texts), atol=1e-6)
