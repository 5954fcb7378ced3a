"""The command: totals, resuming, what is stored, what is printed, and bad input."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import optuna
import pytest
from optuna.trial import FrozenTrial, TrialState
from typer.testing import CliRunner, Result

from model.checkpoint import load
from search.run import app
from tests.search.conftest import write_news

ROOT = Path(__file__).parents[2]
SMALL = ("--study", "small.toml")


def search(*arguments: str, expect: int = 0) -> Result:
    result = CliRunner().invoke(app, [*SMALL, *arguments])
    assert result.exit_code == expect, result.output
    return result


def trials(name: str = "small") -> list[FrozenTrial]:
    study = optuna.load_study(study_name=name, storage="sqlite:///studies/studies.db")
    return study.get_trials()


def facts(trial: FrozenTrial) -> tuple[object, ...]:
    """What must not depend on when or how often the search was interrupted."""
    curve = [{k: v for k, v in row.items() if k != "seconds"} for row in trial.user_attrs["curve"]]
    return trial.number, trial.state, trial.params, trial.value, trial.intermediate_values, curve


def test_total_counts_what_is_there_and_a_larger_one_extends(place: Path) -> None:
    search("--trials", "2")
    assert len(trials()) == 2
    again = search("--trials", "2")
    assert "nothing to do" in again.output
    assert len(trials()) == 2
    more = search("--trials", "3")
    assert "going on: 2 of 3" in more.output
    assert len(trials()) == 3


@pytest.mark.parametrize("sampler", ["tpe", "gp", "cmaes", "random"])
def test_a_resumed_search_is_the_unbroken_one(place: Path, sampler: str) -> None:
    options = ("--sampler", sampler, "--epochs", "2")
    search("--trials", "4", *options)
    search("--trials", "8", *options)
    search("--trials", "8", "--name", "unbroken", *options)
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]
    assert len({json.dumps(t.params) for t in trials()}) == 8


def test_proposals_learn_from_results_beyond_the_start(place: Path) -> None:
    """After its random start the sampler must draw near the good ones, not at random."""
    search("--trials", "14", "--epochs", "1", "--pruner", "none")
    search("--trials", "14", "--epochs", "1", "--pruner", "none", "--sampler", "random",
           "--name", "random")  # fmt: skip
    params, random_params = ([t.params for t in trials(n)] for n in ("small", "random"))
    assert params[10:] != random_params[10:]


def test_every_trial_stores_its_curve_and_where_it_comes_from(place: Path) -> None:
    search("--trials", "8")
    states = {t.state for t in trials()}
    assert states == {TrialState.COMPLETE, TrialState.PRUNED}
    for trial in trials():
        attributes = trial.user_attrs
        losses = [row["validation_loss"] for row in attributes["curve"]]
        assert [row["number"] for row in attributes["curve"]] == list(range(1, len(losses) + 1))
        assert set(attributes["curve"][0]) == {
            "number", "train_loss", "validation_loss", "accuracy", "macro_f1", "lr", "seconds",
        }  # fmt: skip
        assert list(trial.intermediate_values.values()) == losses
        assert attributes["best_loss"] == min(losses)
        assert losses[attributes["best_epoch"] - 1] == min(losses)
        if trial.state == TrialState.COMPLETE:
            assert trial.value == min(losses)
            assert len(losses) == 3
        else:
            assert 1 < len(losses) < 3, "pruned only after the warm-up, before the last epoch"
        assert attributes["parameters"] > 100
        assert attributes["seconds"] > 0
        environment = attributes["environment"]
        assert environment["precision"] == "float32"
        assert environment["device"].startswith("CPU")
        assert {"torch", "optuna", "python"} <= set(environment["versions"])
        assert "git" in environment
        assert environment["command"]


def test_pruning_follows_the_median_rule(place: Path) -> None:
    search("--trials", "9")
    for trial in trials():
        before = [t for t in trials()[: trial.number] if t.state == TrialState.COMPLETE]
        last = trial.last_step or 0
        best = min(trial.intermediate_values.values())
        others = sorted(t.intermediate_values[last] for t in before)
        if trial.state == TrialState.PRUNED:
            assert len(before) >= 5
            middle = (others[(len(others) - 1) // 2] + others[len(others) // 2]) / 2
            assert best > middle


def test_the_best_classifier_is_kept_and_beaten(place: Path) -> None:
    search("--trials", "1")
    first = (place / "studies/small/best").resolve()
    search("--trials", "8")
    best = min((t for t in trials() if t.value is not None), key=lambda t: t.value or 0)
    classifier = load("studies/small/best")
    assert classifier.net.settings.hidden_dim == best.params["hidden_dim"]
    assert classifier.net.settings.cell == best.params["cell"]
    assert classifier.predict(["goal the of market", "market the of goal"]) == ["goal", "market"]
    assert best.number == 0 or first != (place / "studies/small/best").resolve()


def test_what_is_printed_names_the_best_and_the_next_commands(place: Path) -> None:
    output = search("--trials", "2").output
    best = min(trials(), key=lambda t: t.value or 9)
    assert f"best trial {best.number}: validation loss {best.value:.4f}" in output
    assert "python -m search.report --study small" in output
    assert "optuna-dashboard sqlite:///studies/studies.db" in output
    assert "\x1b" not in output, "plain where there is no terminal"
    assert search("--trials", "3", "--quiet").output == ""


def test_enqueued_configurations_run_first_and_once(place: Path) -> None:
    with (place / "small.toml").open("a") as file:
        file.write("[[enqueue]]\ncell = 'rnn'\nlr = 0.05\n[[enqueue]]\ncell = 'gru'\nlr = 0.02\n")
    search("--trials", "1")
    search("--trials", "4")
    chosen = [(t.params["cell"], t.params["lr"]) for t in trials()]
    assert chosen[:2] == [("rnn", 0.05), ("gru", 0.02)]
    assert not set(chosen[:2]) & set(chosen[2:])


def test_without_a_space_only_the_enqueued_run(place: Path) -> None:
    text = (place / "small.toml").read_text()
    start, end = text.index("[space]"), text.index("[fixed]")
    rows = "[[enqueue]]\ncell = 'rnn'\n[[enqueue]]\ncell = 'gru'\nepochs = 2\n"
    (place / "small.toml").write_text(text[:start] + text[end:] + rows)
    search("--trials", "50")
    assert [(t.params["cell"], len(t.intermediate_values)) for t in trials()] == [
        ("rnn", 3),
        ("gru", 2),
    ]
    assert "nothing to do" in search("--trials", "50").output


def test_timeout_starts_no_new_trial(place: Path) -> None:
    search("--trials", "5", "--timeout", "0")
    assert trials() == []


def test_a_gpu_that_is_not_there_is_said_and_the_cpu_goes_on(place: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    output = search("--trials", "1", "--gpu", "0").output
    assert output.startswith("--gpu 0: there is no CUDA device here; going on with the CPU")
    assert trials()[0].state == TrialState.COMPLETE


def test_a_failing_trial_keeps_its_reason_and_three_in_a_row_stop_the_run(place: Path) -> None:
    text = (place / "small.toml").read_text()
    (place / "small.toml").write_text(
        text.replace("lr = { low = 1e-3, high = 1e-1, log = true }", "lr = [9.0]").replace(
            "[fixed]", "[fixed]\noptimizer = 'adamw'\nweight_decay = 1e30"
        )
    )
    result = search("--trials", "5", expect=1)
    assert "3 trials in a row failed (not finite)" in result.output
    assert [t.state for t in trials()] == [TrialState.FAIL] * 3
    failure = trials()[0].user_attrs["failure"]
    assert failure["kind"] == "not finite"
    assert "loss became" in failure["message"]
    assert "epoch" in failure["message"]


def test_the_search_never_opens_the_test_rows(place: Path) -> None:
    folder = place / "folder"
    folder.mkdir()
    (place / "news.csv").rename(folder / "train.csv")
    (folder / "test.csv").write_text("sealed")
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None)\n"
        "from search.run import app\n"
        "sys.argv = ['run', '--study', 'small.toml', '--dataset', 'folder', '--trials', '1']\n"
        "try:\n    app()\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        "assert any(name.endswith('train.csv') for name in opened)\n"
        "assert not any('test.csv' in name for name in opened)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=python_path())


def python_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_a_study_that_goes_on(place: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "search.run", *SMALL, "--trials", "40"]
    running = subprocess.Popen(
        command,
        env=python_path(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_hear_interrupts,  # noqa: PLW1509 - sets one signal's handler, no more
    )
    deadline = time.monotonic() + 60
    while not _has_trials(2) and time.monotonic() < deadline:
        time.sleep(0.05)
    sent = time.monotonic()
    running.send_signal(number)
    output, _ = running.communicate(timeout=20)
    assert time.monotonic() - sent < 5
    assert running.returncode == 130, output
    assert "python -m search.run --study small.toml --trials 40" in output
    assert "Traceback" not in output
    assert all(t.state != TrialState.FAIL for t in trials())
    total = len(trials()) + 2
    search("--trials", str(total))
    search("--trials", str(total), "--name", "unbroken")
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]


def _hear_interrupts() -> None:
    """A shell's background job is born deaf to Ctrl-C, and so are its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _has_trials(count: int) -> bool:
    try:
        return len(trials()) >= count
    except Exception:  # the database is not there yet
        return False


BAD = {
    "no trials": (["--trials", "0"], "'--trials': Input should be greater than or equal to 1"),
    "unknown study": (["--study", "nope"], "--study nope: no such study"),
    "unknown sampler": (["--sampler", "grid"], "'grid' is not one of 'tpe'"),
    "unknown storage": (["--storage", "foo://bar"], "--storage foo://bar: not a database"),
    "storage not a database": (["--storage", "text.db"], "not an SQLite database"),
    "storage a folder": (["--storage", "."], "is a folder"),
    "storage unwritable": (["--storage", "/proc/nowhere/x.db"], "cannot be written"),
    "missing data": (["--dataset", "gone.csv"], "gone.csv"),
    "empty data": (["--dataset", "empty.csv"], "empty.csv"),
    "binary data": (["--dataset", "binary.csv"], "binary.csv"),
    "one class": (["--dataset", "one.csv"], "class"),
    "class too small": (["--dataset", "lone.csv"], "class"),
    "missing label": (["--dataset", "unlabelled.csv"], "label"),
    "unknown column": (["--text-column", "body"], "body"),
    "too many examples": (["--examples", "9999"], "--examples 9999"),
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
        (["--dataset", "other.csv"], "data.fingerprint: "),
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


@pytest.mark.parametrize("command", ["search.run", "search.report"])
def test_help_answers_without_loading_torch(command: str) -> None:
    code = (
        f"import sys, {command}\n"
        f"sys.argv = ['x', '--help']\n"
        f"try:\n    {command}.app()\nexcept SystemExit:\n    pass\n"
        "assert not {'torch', 'optuna', 'datasets', 'plotly', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=python_path())
