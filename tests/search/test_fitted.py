"""``search.run --dataset FILE``: a study is made for these texts, kept as a file, gone on with."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.corpus import Corpus
from search.definition.reading import read_definition
from search.definition.tables import Definition
from search.request import Request
from search.run import app
from search.trials import fitted
from tests.search.commands import trials

SHORT = ("--epochs", "2", "--validation", "0.2")
FILE = Path("studies/news/study.toml")


def run(*arguments: str, expect: int = 0) -> str:
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    assert result.exit_code == expect, result.output
    return result.output


def test_it_says_why_is_kept_and_goes_on_by_texts_or_name(place: Path) -> None:
    first = run("--dataset", "news.csv", "--trials", "1", *SHORT)
    assert "192 training texts of 2 classes: batches of 16, up to 2 epochs" in first
    assert "unless pruned a trial takes" in first
    written = FILE.read_text("utf-8")
    definition = read_definition(FILE)
    assert definition.data.validation == 0.2
    assert (definition.fixed["batch_size"], definition.search.epochs) == (16, 2)
    assert trials("news")[0].params["cell"] == "lstm"
    # The same command, the same without what the file has by now, and by name.
    for number, command in enumerate(
        [("--dataset", "news.csv", *SHORT), ("--dataset", "news.csv"), ("--study", "news")], 2
    ):
        output = run(*command, "--trials", str(number))
        assert f"going on: {number - 1} of {number} trials" in output
        assert "unless pruned a trial takes" not in output, "nothing is fitted again"
    assert len(trials("news")) == 4
    assert FILE.read_text("utf-8") == written


def test_without_its_file_the_study_in_the_database_goes_on(place: Path) -> None:
    """It may have been killed before the file was written, or an earlier version made it."""
    run("--dataset", "news.csv", "--trials", "1", *SHORT)
    before = read_definition(FILE)
    FILE.unlink()
    assert "going on: 1 of 2 trials" in run("--dataset", "news.csv", "--trials", "2")
    assert read_definition(FILE) == before
    assert FILE.read_text("utf-8").startswith("# A study as its database has it;")


@pytest.mark.parametrize("name", ["news", "other"])
def test_by_its_name_a_study_goes_on_from_the_database_alone(place: Path, name: str) -> None:
    """Its file is gone, or its name was never a file's."""
    first = ("--dataset", "news.csv") if name == "news" else ("--study", "small.toml")
    run(*first, "--trials", "1", "--name", name, "--epochs", "2", "--validation", "0.2")
    (place / "studies" / name / "study.toml").unlink(missing_ok=True)
    assert "going on: 1 of 2 trials" in run("--study", name, "--trials", "2")
    assert len(trials(name)) == 2
    assert "--study nobody: no such study" in run("--study", "nobody", expect=2)


def test_what_a_person_wrote_into_the_file_holds(place: Path) -> None:
    run("--dataset", "news.csv", "--trials", "1", *SHORT)
    FILE.write_text(FILE.read_text("utf-8").replace("batch_size = 16", "batch_size = 64"), "utf-8")
    refused = run("--dataset", "news.csv", "--trials", "2", expect=2)
    assert "fixed.batch_size: 16 -> 64" in refused
    Path("studies/studies.db").unlink()  # the file alone is left: it is what is searched
    run("--dataset", "news.csv", "--trials", "1")
    assert read_definition(FILE).fixed["batch_size"] == 64
    assert trials("news")[0].state.is_finished()


def test_another_name_and_another_database_have_studies_of_their_own(place: Path) -> None:
    run("--dataset", "news.csv", "--trials", "1", "--name", "mine", *SHORT)
    assert Path("studies/mine/study.toml").is_file()
    run("--dataset", "news.csv", "--trials", "1", "--storage", "other.db", *SHORT)
    assert Path("other.db.studies/news/study.toml").is_file()
    run("--study", "news", "--storage", "other.db", "--trials", "2")
    assert len(trials("news", "sqlite:///other.db")) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--plan",), 0, "largest: "),
        (("--tokens", "space", "--enqueue", "cell=gru hidden_dim=7"), 2, "hidden_dim"),
        (("--hours", "0.00001"), 2, "--hours 1e-05: one trial takes about"),
        (("--gpu", "x"), 2, "is not a list of device numbers"),
    ],
)
def test_where_nothing_is_searched_nothing_is_written(
    place: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    output = run("--dataset", "news.csv", *SHORT, *arguments, expect=code)
    assert says in " ".join(output.replace("\u2502", " ").split())
    assert not Path("studies").exists()


def test_a_copied_file_is_a_study_like_any_other(place: Path) -> None:
    run("--dataset", "news.csv", "--trials", "1", *SHORT)
    shutil.copy(FILE, "copied.toml")
    run("--study", "copied.toml", "--trials", "1")
    assert [t.params for t in trials("copied")] == [t.params for t in trials("news")]


@pytest.mark.parametrize(
    ("name", "options"), [("news", ()), ("quick", ()), ("demo", ("--storage", "other.db"))]
)
def test_the_file_names_the_command_that_runs_it(
    place: Path, name: str, options: tuple[str, ...]
) -> None:
    """Also where ``--study NAME`` is one of the studies that come with the project."""
    run("--dataset", "news.csv", "--name", name, "--trials", "1", *SHORT, *options)
    (file,) = Path().glob(f"**/{name}/study.toml")
    command = file.read_text("utf-8").splitlines()[1].removeprefix("#").split()
    assert command[:3] == ["python", "-m", "search.run"]
    assert "going on: 1 of 2 trials" in run(*command[3:], "--trials", "2")


def test_of_two_runs_that_fit_at_once_the_second_takes_what_the_first_has_made(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = fitted.fitted

    def overtaken(draft: Definition, corpus: Corpus, request: Request) -> object:
        with monkeypatch.context() as other:
            other.setattr(fitted, "fitted", slow)
            other.setattr(fitted, "FEWEST", 10**9)  # so that the smallest nets are all it affords
            run("--dataset", "news.csv", "--trials", "1", *SHORT)
        return slow(draft, corpus, request)

    monkeypatch.setattr(fitted, "fitted", overtaken)
    output = run("--dataset", "news.csv", "--trials", "2", *SHORT)
    assert "going on: 1 of 2 trials" in output
    assert read_definition(FILE).space["hidden_dim"] == [32]


def test_other_texts_under_a_name_that_is_taken_are_told_of_the_study(place: Path) -> None:
    Path("train.csv").write_text(Path("news.csv").read_text("utf-8"), "utf-8")
    run("--dataset", "train.csv", "--text-column", "text", "--trials", "1", *SHORT)
    Path("train.csv").write_text("review,stars\n" + "good,1\nbad,2\n" * 20, "utf-8")
    refused = run("--dataset", "train.csv", "--trials", "2", expect=2)
    assert "--text-column 'text' is no column" in refused
    assert "study train as studies/train/study.toml has it; if these are other texts" in refused
