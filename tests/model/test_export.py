"""An export is whole or not there, is checked, and classifies without any of this program."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

import model.export
import model.graph
from data.kinds import KINDS
from data.vocabulary import SPECIALS
from model.classify import Classifier
from model.export import (
    FILES,
    CannotExportError,
    UnlikeError,
    check_exportable,
    check_output,
    write_export,
)
from model.settings import Cell
from tests.model.classifiers import TEXTS, classifier

# Runs a program as if only the standard library and onnxruntime with its numpy were there.
ALONE = """
import runpy, sys
sys.modules.update(dict.fromkeys(("torch", "nltk", "data", "model", "search", "onnx"), None))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def alone(folder: Path, *arguments: str, stdin: str = "") -> list[list[str]]:
    """What the folder's ``classify.py`` prints, run from elsewhere: label, probability, text."""
    command = [sys.executable, "-I", "-c", ALONE, str(folder / "classify.py"), *arguments]
    done = subprocess.run(
        command, cwd=folder.parent, input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


@pytest.mark.parametrize("cell", get_args(Cell))
@pytest.mark.parametrize(
    ("tokens", "truncate"),
    [
        ("words", "head"),
        ("keep", "tail"),
        ("space", "both"),
        ("mixed", "both"),
        ("characters", "tail"),
    ],
)
def test_the_files_say_what_the_classifier_says(
    tmp_path: Path, cell: str, tokens: str, truncate: str
) -> None:
    made = classifier(cell=cell, tokens=tokens, truncate=truncate)
    said = write_export(tmp_path / "out", made, TEXTS)
    assert said.startswith(f"checked against the net on {len(TEXTS)} texts and 256 made-up texts")
    assert float(said.rpartition(" ")[2]) < 1e-5
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)


@pytest.mark.slow
def test_it_classifies_where_this_program_is_not(tmp_path: Path) -> None:
    made = classifier((7, True, "x"), tokens="keep", bidirectional=True, pooling="max+last")
    write_export(tmp_path / "out", made)
    texts = [text for text in TEXTS if text]
    printed = alone(tmp_path / "out", *texts)
    expected = made.predict_proba(texts)
    assert [row[0] for row in printed] == [str(label) for label in made.predict(texts)]
    np.testing.assert_allclose([float(row[1]) for row in printed], expected.max(1), atol=1e-4)
    assert [row[2] for row in printed] == texts
    assert alone(tmp_path / "out", stdin="\n".join(texts) + "\n") == printed


def test_tokenizer_and_labels_are_plain_values(tmp_path: Path) -> None:
    made = classifier((3, False, "x"), truncate="both")
    write_export(tmp_path / "out", made)
    assert json.loads((tmp_path / "out/labels.json").read_text("utf-8")) == [3, False, "x"]
    stored = json.loads((tmp_path / "out/tokenizer.json").read_text("utf-8"))
    assert stored["words"] == [*SPECIALS, *made.vocabulary.words]
    assert {key: stored[key] for key in ("kind", "max_length", "truncate", "special")} == {
        "kind": "words",
        "max_length": 20,
        "truncate": "both",
        "special": {"<unk>": 0, "<bos>": 1, "<eos>": 2, "<pad>": 3},
    }


def test_all_kinds_can_be_exported() -> None:
    for kind in KINDS:
        check_exportable(classifier(tokens=kind))


@pytest.mark.parametrize(
    ("broken", "said"),
    [("gates", "above 1e-04"), ("rules", "the exported tokeniser reads"), ("weights", "is nan")],
)
def test_files_that_differ_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, said: str
) -> None:
    """Gates in another order, another tokeniser, and a net that says no numbers."""
    made = classifier(cell="gru")
    if broken == "gates":
        monkeypatch.setitem(model.graph.GATES, "gru", [0, 1, 2])
    elif broken == "rules":
        monkeypatch.setattr(model.export, "export_rules", lambda _: {"steps": [], "token": "."})
    else:
        made.net.embedding.weight.data.fill_(float("nan"))
    with pytest.raises(UnlikeError, match=said):
        write_export(tmp_path / "new/out", made, TEXTS)
    assert list(tmp_path.iterdir()) == []


def test_without_onnxruntime_it_says_that_nothing_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.export, "find_spec", lambda name: None)
    said = write_export(tmp_path / "out", classifier())
    assert said.startswith(
        "not checked against the net, since onnxruntime is missing: pip install"
    )
    with pytest.raises(CannotExportError, match=r"pip install 'recurrent-search\[onnx\]'"):
        check_exportable(classifier())


def test_an_earlier_export_is_replaced_and_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    check_output(out)
    write_export(out, classifier(("old", "er")))
    (out / "__pycache__").mkdir()  # classify.py was imported
    check_output(out)
    write_export(out, classifier(("new", "er")))
    assert json.loads((out / "labels.json").read_text("utf-8")) == ["new", "er"]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("model.export.shutil.copyfile", full)
    with pytest.raises(OSError, match="No space"):
        write_export(out, classifier(("newest", "one")))
    assert json.loads((out / "labels.json").read_text("utf-8")) == ["new", "er"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "out").symlink_to("there")
    write_export(tmp_path / "out", classifier())
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "there/model.onnx").is_file()


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"notes.txt": "mine"}, "notes.txt"),
        ({"model.onnx": "of another program"}, "model.onnx"),
        ({"tokenizer.json": '{"version": "1.0"}', "model.onnx": ""}, "model.onnx"),
        ({"tokenizer.json": "[]"}, "tokenizer.json"),
    ],
)
def test_what_is_of_no_export_is_not_overwritten(
    tmp_path: Path, files: dict[str, str], named: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(CannotExportError, match=named):
        check_output(tmp_path)


def test_an_export_with_a_file_of_the_users_is_not_overwritten(tmp_path: Path) -> None:
    write_export(tmp_path / "out", classifier())
    (tmp_path / "out/notes.txt").write_text("mine")
    with pytest.raises(CannotExportError, match=r"notes\.txt"):
        check_output(tmp_path / "out")
    with pytest.raises(CannotExportError, match="a file is there"):
        check_output(tmp_path / "out/notes.txt")


def test_what_cannot_be_exported_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.graph.LARGEST", 2**20 + 999)
    with pytest.raises(CannotExportError, match="less than 2 GiB"):
        check_exportable(classifier())
    monkeypatch.undo()
    made = classifier()
    made.net.settings = made.net.settings.model_copy(update={"tokens": "auto"})
    with pytest.raises(CannotExportError, match="auto"):
        check_exportable(replace(made))


def test_standard_input_is_utf8_whatever_the_system_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_export(tmp_path / "out", classifier())
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "out/classify.py")],
        input="größer\n".encode() + b"\xff\n",
        capture_output=True,
        check=False,
    )
    texts = [line.split("\t")[2] for line in done.stdout.decode().splitlines()]
    assert (texts, done.stderr) == (["größer", "\ufffd"], b"")


def test_it_is_imported_for_any_number_of_texts(tmp_path: Path) -> None:
    write_export(tmp_path / "out", classifier())
    exported = Classifier(tmp_path / "out")
    assert exported.predict_proba([]) == []
    np.testing.assert_allclose(
        exported.predict_proba(TEXTS), classifier().predict_proba(TEXTS), atol=1e-5
    )
