"""``search.predict``: texts in, answers out, and what goes wrong is one message."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from data.errors import DataError
from model.checkpoint import ARRAYS, load, save
from search.__main__ import app as all_commands
from search.console import predicting
from search.errors import UnavailableError
from search.prediction.answers import FIELDS
from search.prediction.request import Request
from tests.search.commands import python_path
from tests.search.prediction.classifiers import make, objects, predict

TEXT = "the team won"
LONG = "x" * 300  # more than a file may be called


def run(*arguments: str, given: bytes = b"", after: str = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, in a shell with something behind it."""
    words = " ".join(f"'{word}'" for word in arguments)
    line = f"{sys.executable} -m search.predict --model model {words} {after}"
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        input=given.decode(),
        capture_output=True,
        text=True,
        check=False,
        env=python_path(),
    )


def test_a_text_has_its_most_probable_class(here: Path) -> None:
    done = predict(TEXT, "the market\nfell\x1b[2J")
    probabilities = load("model").predict_proba([TEXT])[0]
    first, second = done.stdout.splitlines()
    label = load("model").classes_[probabilities.argmax()]
    assert first == f"{label}  {probabilities.max():.4f}  {TEXT}"
    assert second.endswith("  the market\\nfell\\x1b[2J"), "one line, and no command"


def test_json_has_the_answer_in_the_labels_own_type(here: Path) -> None:
    (found,) = objects(predict("--json", "the strange market").stdout)
    probabilities = load("model").predict_proba(["the strange market"])[0]
    order = probabilities.argsort()[::-1]
    classes = load("model").classes_
    assert list(found) == ["text", *FIELDS]
    assert (found["class"], found["runner_up"]) == (classes[order[0]], classes[order[1]])
    assert found["probability"] == pytest.approx(probabilities[order[0]], abs=1e-6)
    assert found["runner_up_probability"] == pytest.approx(probabilities[order[1]], abs=1e-6)
    assert found["unknown_share"] == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize("classes", [("yes", "no"), (True, False), (10**30, 1), ("only",)])
def test_any_labels(here: Path, classes: tuple[str | int | bool, ...]) -> None:
    make(Path("model"), classes)
    (found,) = objects(predict("--json", TEXT).stdout)
    assert found["class"] in classes
    assert type(found["class"]) is type(classes[0])
    assert (found["runner_up"] is None) == (len(classes) == 1)


def test_standard_input_has_a_text_a_line(here: Path) -> None:
    given = b"\xef\xbb\xbfthe team\r\n\nthe \xff market\nlast \x00 one"
    done = predict("--json", expect=1, given=given)
    found = objects(done.stdout)
    texts = ["the team", "", "the \ufffd market", "last \x00 one"]
    assert [row["text"] for row in found] == texts
    assert [row["class"] is None for row in found] == [False, False, True, False]
    assert found[1]["unknown_share"] is None, "it has no words"
    assert "standard input, row 3: byte 0xff is not text" in done.stderr
    assert "1 text has no words" in done.stderr
    assert predict(given=b"").stdout == ""
    umlaut = "größer\n".encode("cp1252")
    (row,) = objects(predict("--json", "--encoding", "cp1252", given=umlaut).stdout)
    assert row["text"] == "größer"


def test_a_study_has_its_confirmed_model_or_its_best(here: Path) -> None:
    home = Path("studies/mine")
    make(home / "best")
    assert "classifier: studies/mine/best\n" in predict("--study", "mine", TEXT).stderr
    make(home / "model", ("confirmed", "model"))
    done = predict("--study", "mine", TEXT)
    assert "classifier: studies/mine/model\n" in done.stderr
    assert done.stdout.startswith(("confirmed", "model"))
    make(Path("other.db.studies/mine/best"), ("elsewhere", "there"))
    done = predict("--study", "mine", "--storage", "other.db", TEXT)
    assert done.stdout.startswith(("elsewhere", "there"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--model", "nowhere", TEXT), "nowhere: there is no such folder"),
        (("--model", "empty", TEXT), "no classifier of this program: there is no settings.json"),
        (("--model", "cut", TEXT), "cut: its classifier is damaged"),
        (("--model", "half", TEXT), "half: its classifier is damaged"),
        (("--model", "foreign", TEXT), "foreign: its classifier is damaged, or not of this"),
        (("--study", "unknown", TEXT), "--study unknown: studies/unknown has no classifier"),
        (("--study", "../x", TEXT), "cannot be a study's name"),
        (("--study", "x", "--model", "model", TEXT), "which classifier?"),
        (("--input", "a.csv", TEXT), "not both"),
        (("--text-column", "x", TEXT), "--text-column goes with --input"),
        (("--no-header", TEXT), "--header/--no-header goes with --input"),
        (("--separator", ";"), "--separator goes with --input"),
        (("--encoding", "latin1", TEXT), "--encoding goes with"),
        (("--encoding", "klingon"), "--encoding 'klingon' is not known"),
        (("--encoding", "base64"), "--encoding 'base64' is not known"),
        (("--encoding", "idna"), "is not known"),
        (("--input", "good.csv", "--encoding", "idna"), "cannot be read in that encoding"),
        (("--overwrite", TEXT), "--overwrite goes with --output"),
        (("--json", "--output", "x.csv", TEXT), "--json is for standard output"),
        (("--output", "x.docx", TEXT), "its ending says no format"),
        (("--output", "x.parquet.gz", TEXT), "its ending says no format"),
        (("--output", "old.csv", TEXT), "old.csv is there already: --overwrite replaces it"),
        (("--output", "folder.csv", "--overwrite", TEXT), "folder.csv is no ordinary file"),
        (("--input", "none.csv"), "--input none.csv: there is no such file"),
        (("--input", "folder.csv"), "no ordinary file"),
        (("--input", f"{LONG}.csv"), f"--input {LONG}.csv: File name too long"),
        (("--output", f"{LONG}.csv", TEXT), f"--output {LONG}.csv: File name too long"),
        (("--model", LONG, TEXT), f"--model {LONG}: File name too long"),
    ],
)
def test_wrong_use_is_one_message(here: Path, arguments: tuple[str, ...], message: str) -> None:
    make(Path("cut"))
    os.truncate("cut/weights.pt", 500)
    make(Path("half"))
    Path("half/vocabulary.json").write_text('{"words": ["a"], "counts": [1]}')
    for name in ("empty", "folder.csv", "foreign"):
        Path(name).mkdir()
    Path("foreign/settings.json").write_text("[]")
    Path("foreign/vocabulary.json").write_text("{}")
    Path("old.csv").write_text("text\n")
    Path("good.csv").write_text("text,b\nthe,1\n")
    done = predict(*arguments, expect=2)
    assert message in done.stderr
    assert len([line for line in done.stderr.splitlines() if "; the text is" not in line]) == 1
    assert Path("old.csv").read_text() == "text\n"


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_damaged_arrays_are_one_message(here: Path, damage: str) -> None:
    Path("model/settings.json").write_text('{"linear": {}, "classes": [1, 2], "about": {}}')
    file = Path("model/linear.npz")
    arrays: dict[str, Any] = dict.fromkeys(ARRAYS, np.arange(5000) % 97)
    np.savez_compressed(file, **arrays)
    found = file.read_bytes()
    file.write_bytes(found[:-200] if damage == "cut" else found[:60] + b"\xff" * 99 + found[159:])
    assert "model: its classifier is damaged" in predict(TEXT, expect=2).stderr


def test_a_net_without_numbers_says_so(here: Path) -> None:
    made = make()
    for weights in made.net.parameters():
        weights.data.fill_(float("nan"))
    save(Path("model"), made)
    assert "probabilities are no numbers" in predict(TEXT, expect=1).stderr


def test_it_is_a_command_of_the_one_program(here: Path) -> None:
    done = CliRunner().invoke(all_commands, ["predict", "--model", "model", TEXT])
    assert done.stdout.endswith(f"  {TEXT}\n")


HEAVY = ("optuna", "datasets", "scipy", "sklearn", "plotly", "pandas", "nltk", "pyarrow")


@pytest.mark.slow
def test_a_text_needs_no_library_of_searches_and_data(here: Path) -> None:
    make(here / "studies/mine/best")
    code = f"""
import sys
from search.predict import app
for which in (["--model", "model"], ["--study", "mine"]):
    try:
        app([*which, "the team cannot win"])
    except SystemExit as end:
        assert not end.code
    found = [name for name in {HEAVY!r} if name in sys.modules]
    assert not found, (which, found)
"""
    subprocess.run([sys.executable, "-c", code], check=True, env=python_path())


@pytest.mark.slow
def test_a_line_is_answered_before_the_next_one_comes(here: Path) -> None:
    command = [sys.executable, "-m", "search.predict", "--model", "model"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=python_path()) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for text in (b"the team won\n", b"the market fell\n"):
            running.stdin.write(text)
            running.stdin.flush()
            assert running.stdout.readline().endswith(text)


@pytest.mark.slow
def test_a_reader_that_goes_away_and_a_full_disk(here: Path) -> None:
    many = b"the team won\n" * 50_000
    done = run(given=many, after="| head -1")
    assert (done.returncode, done.stderr) == (0, ""), "the reader had enough"
    done = run(TEXT, after="> /dev/full")
    assert (done.returncode, done.stderr) == (
        1,
        "error: standard output cannot be written: No space left on device\n",
    )


@pytest.mark.parametrize(
    ("stream", "texts", "message"),
    [
        ("stdin", (), "no texts: give them as arguments"),
        ("stdout", (TEXT,), "standard output is closed"),
    ],
)
def test_a_stream_that_is_closed(
    here: Path, stream: str, texts: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python has ``None`` for it then."""
    monkeypatch.setattr(sys, stream, None)
    with pytest.raises((DataError, UnavailableError), match=message):
        predicting.predict(Request(model=Path("model"), texts=texts))
