"""The command: totals, resuming, what is stored, and what is printed."""

import json
import subprocess
import sys
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState
from typer.testing import CliRunner

from model.checkpoint import load
from search.run import app
from tests.search.commands import facts, python_path, search, trials
from tests.search.conftest import edit


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


def test_where_an_embedding_starts_is_searched_like_any_setting(place: Path) -> None:
    start = ("[fixed]", 'embedding_init = ["random", "corpus"]\n[fixed]')
    edit(place / "small.toml", start, ("vocab_threshold = 0", "vocab_threshold = 3"))
    search("--trials", "3", "--epochs", "2")
    search("--trials", "6", "--epochs", "2")
    search("--trials", "6", "--epochs", "2", "--name", "unbroken")
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]
    assert {t.params["embedding_init"] for t in trials()} == {"random", "corpus"}
    load(place / "studies" / "small" / "best").predict(["goal the of market new"])


def test_an_embedding_that_starts_from_the_corpus_learns_otherwise(place: Path) -> None:
    losses: list[float | None] = []
    for start in ("random", "corpus"):
        before, now = "embedding_init = 'random'", f"embedding_init = {start!r}"
        edit(place / "small.toml", ("[fixed]", f"[fixed]\n{now}") if not losses else (before, now))
        search("--trials", "1", "--epochs", "1", "--name", start)
        losses.append(trials(start)[0].value)
    assert len(set(losses)) == 2


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
            "score",
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
    first = (place / "studies/small/best/weights.pt").read_bytes()
    search("--trials", "8")
    best = min((t for t in trials() if t.value is not None), key=lambda t: t.value or 0)
    classifier = load("studies/small/best")
    assert classifier.net.settings.hidden_dim == best.params["hidden_dim"]
    assert classifier.net.settings.cell == best.params["cell"]
    assert classifier.predict(["goal the of market", "market the of goal"]) == ["goal", "market"]
    now = (place / "studies/small/best/weights.pt").read_bytes()
    assert best.number == 0 or first != now


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


def test_hyperband_prunes_too_and_resumes_alike(place: Path) -> None:
    search("--trials", "4", "--pruner", "hyperband")
    search("--trials", "12", "--pruner", "hyperband")
    # the same name elsewhere: Hyperband draws a trial's bracket from the study's name
    search("--trials", "12", "--pruner", "hyperband", "--storage", "unbroken.db")
    unbroken = optuna.load_study(study_name="small", storage="sqlite:///unbroken.db").trials
    assert [facts(t) for t in trials()] == [facts(t) for t in unbroken]
    assert TrialState.PRUNED in {t.state for t in unbroken}


def test_another_storage_holds_the_study(place: Path) -> None:
    output = search("--trials", "1", "--storage", "sqlite:///mine.db").output
    assert "optuna-dashboard sqlite:///mine.db" in output
    assert "--study small --storage sqlite:///mine.db" in output
    assert optuna.get_all_study_names("sqlite:///mine.db") == ["small"]
    assert not (place / "studies/studies.db").exists()
    assert "going on: 1 of 2" in search("--trials", "2", "--storage", "mine.db").output


def test_examples_and_precision_reach_the_training(place: Path) -> None:
    output = search("--trials", "1", "--examples", "50").output
    assert "50 training and 48 validation texts" in output
    text = (place / "small.toml").read_text().replace('precision = "float32"\n', "")
    (place / "small.toml").write_text(text)
    search("--trials", "1", "--precision", "bf16", "--name", "short")
    assert trials("short")[0].user_attrs["environment"]["precision"] == "bf16"


def test_without_the_hub_the_first_line_says_that_the_demo_runs(place: Path) -> None:
    (place / "small.toml").unlink()
    options = ["--trials", "1", "--epochs", "1", "--examples", "100"]
    environment = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(place)}
    result = CliRunner().invoke(app, options, env=environment)
    assert result.exit_code == 0, result.output
    first = result.output.splitlines()[0]
    assert "the built-in demo runs instead" in first
    assert "--dataset PATH" in first
    for named in ("--study", "--dataset"):
        result = CliRunner().invoke(app, [named, "ag_news", *options], env=environment)
        assert result.exit_code == 2, "asked for by name, it never falls back"
        assert "'ag_news' is no path, not cached" in result.output


@pytest.mark.parametrize("command", ["search.run", "search.report", "search.status"])
def test_help_answers_without_loading_torch(command: str) -> None:
    code = (
        f"import sys, {command}\n"
        f"sys.argv = ['x', '--help']\n"
        f"try:\n    {command}.app()\nexcept SystemExit:\n    pass\n"
        "assert not {'torch', 'optuna', 'datasets', 'plotly', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=python_path())
