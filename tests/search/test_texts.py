"""Texts as people bring them, by the commands: what is said, kept, and predicted."""

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model.checkpoint import load
from model.prediction import TextClassifier
from search.api import open_study
from search.findings.evidence import Evidence
from search.findings.page import render
from search.findings.sections import findings_of
from search.inspect import app as inspect_app
from tests.search.commands import ended, search, start, trials
from tests.search.conftest import edit
from tests.sets import FOLDER, needs_sets

CHINESE = [("球队今天赢了比赛", "sport"), ("股市今天上涨了很多", "money")]


def write(path: Path, rows: Sequence[tuple[str, object]], times: int = 60) -> None:
    """Rows that differ by a number, so that none is another's repetition."""
    lines = [f"{text} {i},{label}" for i in range(times) for text, label in rows]
    path.write_text("\n".join(["text,label", *lines]) + "\n", "utf-8")


def inspected(*arguments: str, expect: int = 0) -> str:
    result = CliRunner().invoke(inspect_app, arguments)
    assert result.exit_code == expect, result.output
    return result.output


def test_what_was_read_is_said_before_training_and_kept(place: Path) -> None:
    write(place / "rare.csv", [("usual words", "other")] * 30 + [("help now", "urgent")], 10)
    output = search("--dataset", "rare.csv", "--trials", "1", "--validation", "0.2").output
    block = output[: output.index("trial   0")]
    assert "rare.csv: 248 training and 62 validation rows" in block
    assert "2 classes: 'other' 300, 'urgent' 10; the largest has 97%" in block
    warning = "97% of the validation rows are of the class 'other'"
    assert block.count(f"warning: {warning}") == 1
    record = open_study("small").record
    assert any(line.startswith("2 classes: 'other' 300") for line in record.card.lines)
    page = html.unescape(render(findings_of(Evidence(record=record))))
    assert page.index(warning) < page.index('class="summary"'), "first on the page"
    assert "<td>2 classes</td><td>'other' 300" in page


def test_quiet_keeps_it_out_of_the_terminal_and_the_study_keeps_it(place: Path) -> None:
    assert search("--trials", "1", "--quiet").output == ""
    assert open_study("small").record.card.lines


def test_inspect_prints_it_alone(place: Path) -> None:
    output = inspected("--dataset", "news.csv", "--validation", "0.2")
    assert "news.csv: 192 training and 48 validation rows" in output
    assert output.count("\n  'goal ") == 3, "three texts of each class"
    told = json.loads(inspected("--dataset", "news.csv", "--json"))
    assert {"rows", "classes", "largest", "warnings", "repeats", "unknown", "cut"} <= set(told)
    assert not (place / "studies").exists()
    assert "no such folder or file" in inspected("--dataset", "gone.csv", expect=2)


def test_a_classifier_reads_texts_as_its_training_did(place: Path) -> None:
    write(place / "chinese.csv", CHINESE)
    edit(place / "small.toml", ("epochs = 3", "epochs = 8"))
    search("--dataset", "chinese.csv", "--trials", "1")
    best = load("studies/small/best")
    assert isinstance(best, TextClassifier)
    assert best.net.settings.tokens == "mixed"
    assert best.predict(["比赛赢了", "股市上涨"]) == ["sport", "money"]
    assert best.about["dataset"] == "chinese.csv"
    assert best.about["accuracy"] == trials()[0].user_attrs["accuracy"]
    assert {"trained", "trainer_version", "fingerprint", "trial"} <= set(best.about)


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ((1234567890123456789, 1234567890123456790), (1234567890123456789, 1234567890123456790)),
        (("1", "0"), (0, 1)),
        (("yes", "no"), ("no", "yes")),
    ],
)
def test_predictions_have_the_labels_own_type(
    place: Path, labels: tuple[object, object], classes: tuple[object, ...]
) -> None:
    write(place / "typed.csv", [("goal match", labels[0]), ("market bank", labels[1])])
    search("--dataset", "typed.csv", "--trials", "1")
    assert load("studies/small/best").classes_ == classes
    assert {type(label) for label in load("studies/small/best").predict(["goal"])} == {
        type(classes[0])
    }


@pytest.mark.parametrize("truncate", ["head", "tail"])
def test_truncate_reaches_training_and_prediction(place: Path, truncate: str) -> None:
    rows = [(f"{'so ' * 20}{word}", word) for word in ("goal", "market")]
    write(place / "long.csv", rows, 100)
    edit(place / "small.toml", ("[fixed]", f"[fixed]\nmax_length = 5\ntruncate = '{truncate}'"))
    edit(place / "small.toml", ("lr = { low = 1e-3, high = 1e-1, log = true }", "lr = [0.05]"))
    search("--dataset", "long.csv", "--trials", "1", "--epochs", "6")
    best = load("studies/small/best")
    said = best.predict([f"{'so ' * 9}{word} 7" for word in ("goal", "market")])
    assert (said == ["goal", "market"]) == (truncate == "tail")


def test_a_separator_is_asked_for_kept_and_may_be_left_out_later(place: Path) -> None:
    rows = (place / "news.csv").read_text().replace(",", "^")
    (place / "caret.csv").write_text(rows)
    asked = ("--dataset", "caret.csv", "--separator", "^")
    assert "parted by '^'" in inspected(*asked)
    assert "--separator names" in inspected("--dataset", "caret.csv", expect=2)
    search(*asked, "--trials", "1")
    binding = open_study("small").record.binding
    assert binding is not None
    assert binding.definition.data.separator == "^"
    assert "nothing to do" in search("--dataset", "news.csv", "--trials", "1").output, (
        "the texts are the same"
    )


def test_tokens_are_searched_like_any_setting(place: Path) -> None:
    rows = [("well :)", "happy"), ("well :(", "sad")]
    write(place / "faces.csv", rows)
    edit(place / "small.toml", ("[fixed]", 'tokens = ["space", "keep"]\n[fixed]'))
    search("--dataset", "faces.csv", "--trials", "8", "--pruner", "none")
    best = dict.fromkeys(("space", "keep"), 0.0)
    for trial in trials():
        kind = trial.params["tokens"]
        best[kind] = max(best[kind], trial.user_attrs["accuracy"])
    assert best["space"] < 0.7
    assert best["keep"] == 1.0
    assert load("studies/small/best").predict(["well :)"]) == ["happy"]


def test_two_sets_of_one_name_are_told_apart(place: Path) -> None:
    for folder, seed in (("a", 0), ("b", 1)):
        (place / folder).mkdir()
        write(place / folder / "train.csv", [(f"goal {seed}", "x"), (f"bank {seed}", "y")])
    search("--dataset", "a/train.csv", "--trials", "1")
    output = search("--dataset", "b/train.csv", "--trials", "1", expect=2).output
    assert "begun with the texts of a/train.csv, and those of b/train.csv are others" in output
    assert "add --name small-b" in output
    search("--dataset", "b/train.csv", "--trials", "1", "--name", "small-b")


def test_words_that_are_all_too_rare_are_refused(place: Path) -> None:
    edit(place / "small.toml", ("vocab_threshold = 0", "vocab_threshold = 9999"))
    output = search("--trials", "1", expect=2).output
    assert "0 words are seen more than 9999 times: lower vocab_threshold" in output
    assert not (place / "studies/studies.db").exists()


def test_a_damaged_cache_is_made_anew_with_one_line(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The word vectors are read by both workers, and told by the search."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert "was damaged" not in ended(start("--trials", "2", "--jobs", "2"))
    for path in (tmp_path / "cache").rglob("*.pkl"):
        whole = path.read_bytes()
        path.write_bytes(whole[:-40] + b"\0\0\0\0" + whole[-36:])
    output = ended(start("--trials", "2", "--jobs", "2", "--name", "again"))
    told = re.findall(r"(\S+)\.pkl was damaged: it is made anew\n", output)
    assert sorted(set(told)) == sorted(told) != []
    assert trials("again")[0].value == trials()[0].value


@needs_sets
@pytest.mark.parametrize(
    ("name", "rows", "classes", "kind"),
    [
        ("trec.jsonl", 5452, 6, "space"),
        ("banking77.csv", 10003, 77, "space"),
        ("sst2.tsv", 6920, 2, "space"),
        ("waimai.csv", 11987, 2, "mixed"),
        ("gnad.csv", 1028, 9, "space"),
    ],
)
def test_real_sets_are_read_as_they_come(name: str, rows: int, classes: int, kind: str) -> None:
    told = json.loads(inspected("--dataset", str(FOLDER / name), "--json"))
    assert (told["rows"], len(told["classes"]), told["kind"]) == (rows, classes, kind)
