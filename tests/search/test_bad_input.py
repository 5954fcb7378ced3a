"""Bad input is one message, exit code 2, and nothing written; a study stays what it was."""

import sqlite3
from pathlib import Path

import optuna
import pytest

from tests.search.commands import search, trials
from tests.search.conftest import write_news

BAD = {
    "no trials": (["--trials", "0"], "'--trials': Input should be greater than or equal to 1"),
    "unknown study": (["--study", "nope"], "--study nope: no such study"),
    "unknown sampler": (["--sampler", "grid"], "'grid' is not one of 'tpe'"),
    "unknown storage": (["--storage", "foo://bar"], "--storage foo://bar: not a database"),
    "storage not a database": (["--storage", "text.db"], "not an SQLite database"),
    "storage a folder": (["--storage", "."], "is a folder"),
    "storage unwritable": (["--storage", "/proc/nowhere/x.db"], "cannot be written"),
    "unknown key": (["--study", "key.toml"], "key.toml: [search] epoch: unknown key"),
    "reversed bounds": (["--study", "bounds.toml"], "bounds.toml: [space] lr: low 1.0 is above"),
    "empty choice": (["--study", "choice.toml"], "choice.toml: [space] cell: an empty choice"),
    "missing data": (["--dataset", "gone.csv"], "no such folder or file: "),
    "empty data": (["--dataset", "empty.csv"], "empty.csv is empty"),
    "binary data": (["--dataset", "binary.csv"], "binary (a NUL byte)"),
    "one class": (["--dataset", "one.csv"], "one class only"),
    "class too small": (["--dataset", "lone.csv"], "'b' is too small to split"),
    "missing label": (["--dataset", "unlabelled.csv"], "has no label"),
    "unknown column": (["--text-column", "body"], "is no column"),
    "too many examples": (["--examples", "9999"], "choose a number from 2 to 192"),
}


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_message_exit_2_and_nothing_written(
    place: Path, arguments: list[str], message: str
) -> None:
    (place / "text.db").write_text("this is no database, " * 100)
    (place / "empty.csv").touch()
    (place / "binary.csv").write_bytes(bytes(range(256)) * 20)
    (place / "one.csv").write_text("text,label\n" + "hello,a\n" * 20)
    (place / "lone.csv").write_text("text,label\n" + "hello,a\n" * 20 + "there,b\n")
    (place / "unlabelled.csv").write_text(
        "text,label\n" + "hello,a\n" * 9 + "there,\nyou,b\nx,b\n"
    )
    (place / "key.toml").write_text("[search]\nepoch = 1\n[space]\ncell = ['gru']\n")
    (place / "bounds.toml").write_text("[space]\nlr = { low = 1.0, high = 0.1 }\n")
    (place / "choice.toml").write_text("[space]\ncell = []\n")
    before = sorted(place.rglob("*"))
    result = search(*arguments, expect=2)
    assert message in " ".join(result.output.split()), result.output
    assert "Traceback" not in result.output
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--seed", "8"], "search.seed: 7 -> 8"),
        (["--epochs", "2"], "search.epochs: 3 -> 2"),
        (["--examples", "50"], "data.examples: None -> 50"),
        (["--precision", "bf16"], "fixed.precision: float32 -> bf16"),
        (["--dataset", "other.csv"], "add --name small-other"),
    ],
)
def test_a_resume_with_another_definition_stops_with_the_difference(
    place: Path, options: list[str], line: str
) -> None:
    search("--trials", "1")
    write_news(place / "other.csv", seed=1)
    result = search("--trials", "2", *options, expect=2)
    assert line in result.output
    assert "--name" in result.output
    assert len(trials()) == 1


def test_a_changed_space_stops_with_the_difference(place: Path) -> None:
    search("--trials", "1")
    text = (place / "small.toml").read_text()
    (place / "small.toml").write_text(text.replace("high = 12", "high = 16"))
    result = search("--trials", "2", expect=2)
    assert "space.hidden_dim" in result.output
    assert "'high': 12" in result.output
    assert "'high': 16" in result.output


def test_the_same_texts_elsewhere_are_the_same_study(place: Path) -> None:
    search("--trials", "1")
    (place / "news.csv").rename(place / "moved.csv")
    search("--trials", "2", "--dataset", "moved.csv")
    assert len(trials()) == 2


def test_a_study_of_another_program_is_refused(place: Path) -> None:
    (place / "studies").mkdir()
    study = optuna.create_study(study_name="small", storage="sqlite:///studies/studies.db")
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    before = (place / "studies/studies.db").read_bytes()
    result = search("--trials", "3", expect=2)
    assert "was made by another program" in result.output
    assert (place / "studies/studies.db").read_bytes() == before


def test_an_sqlite_file_of_something_else_is_refused_untouched(place: Path) -> None:
    with sqlite3.connect(place / "mine.db") as connection:
        connection.execute("CREATE TABLE studies (name TEXT)")
    before = (place / "mine.db").read_bytes()
    result = search("--storage", "mine.db", expect=2)
    assert "mine.db: an SQLite database, but not one of Optuna's" in result.output
    assert (place / "mine.db").read_bytes() == before
