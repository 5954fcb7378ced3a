"""Where answers go: a whole file or none, and never over what was read."""

import gzip
import resource
import signal
from pathlib import Path

import numpy as np
import pytest

from tests.search.commands import ended, start_module, wait_for
from tests.search.prediction.classifiers import objects, predict
from tests.search.prediction.rows import check, csv_bytes, csv_rows


def test_columns_that_are_called_like_answers_stay(here: Path) -> None:
    Path("a.csv").write_text("text,class\nthe team,mine\n")
    done = predict("--input", "a.csv", "--json")
    (row,) = objects(done.stdout)
    assert row["class"] == "mine"
    assert row["predicted_class"] in (1, 2, 3)
    assert "the answers' columns are called predicted_class and so on" in done.stderr


def test_the_file_that_is_read_is_never_written(here: Path) -> None:
    Path("a.csv").write_bytes(csv_bytes())
    Path("link.csv").symlink_to("a.csv")
    for output in ("a.csv", "link.csv"):
        done = predict("--input", "a.csv", "--output", output, "--overwrite", expect=2)
        assert "is the file that is read" in done.stderr
    assert Path("a.csv").read_bytes() == csv_bytes()


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(here: Path) -> None:
    Path("a.csv").write_bytes(csv_bytes())
    Path("real").mkdir()
    Path("real/o.csv").write_text("old")
    Path("o.csv").symlink_to("real/o.csv")
    predict("--input", "a.csv", "--output", "o.csv", "--overwrite")
    assert Path("o.csv").is_symlink()
    check(csv_rows(Path("real/o.csv")), typed=False)


def test_a_failure_leaves_the_old_output_and_no_draft(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.csv.gz").write_bytes(gzip.compress(csv_bytes())[:-4])
    Path("o.csv").write_text("old")
    predict("--input", "a.csv.gz", "--output", "o.csv", "--overwrite", expect=2)
    assert Path("o.csv").read_text() == "old"
    assert sorted(path.name for path in here.iterdir()) == ["a.csv.gz", "model", "o.csv"]


def test_a_folder_that_is_not_there_is_said_before_any_work(here: Path) -> None:
    Path("a.csv").write_bytes(csv_bytes())
    done = predict("--input", "a.csv", "--output", "nowhere/o.csv", expect=1)
    assert done.stderr.startswith("error: --output nowhere/o.csv: there is no folder")


@pytest.mark.parametrize("output", ["o.csv", "o.jsonl", "o.parquet", "o.csv.gz"])
def test_a_disk_that_is_full_is_one_message(here: Path, output: str) -> None:
    """A file may not grow beyond a limit here, which fails at the same places."""
    random = np.random.default_rng(0)
    words = ["".join(random.choice(list("abcdefgh"), 9)) for _ in range(20_000)]
    Path("a.csv").write_text("text\n" + "".join(f"{word}\n" for word in words))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        done = predict("--input", "a.csv", "--output", output, expect=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = done.stderr.splitlines()[1:]
    assert [line.partition(" cannot be written: ")[0] for line in said] == [f"error: {output}"]
    assert sorted(path.name for path in here.iterdir()) == ["a.csv", "model"]


@pytest.mark.slow
@pytest.mark.parametrize("output", ["o.csv", "o.parquet"])
def test_an_interrupt_leaves_nothing_half(here: Path, output: str) -> None:
    line = "the team won against the market and cannot be told\n"
    Path("a.csv").write_text("text\n" + line * 1_000_000)
    Path(output).write_text("old")
    options = ("--model", "model", "--input", "a.csv", "--output", output, "--overwrite")
    running = start_module("search.predict", *options)
    wait_for(lambda: any(path.stat().st_size for path in here.glob(".o*.draft-*")))
    running.send_signal(signal.SIGINT)
    said = ended(running)
    assert running.returncode == 130
    assert said.endswith("interrupted; nothing is written\n")
    assert "Traceback" not in said
    assert Path(output).read_text() == "old"
    assert sorted(path.name for path in here.iterdir()) == sorted(["a.csv", "model", output])
