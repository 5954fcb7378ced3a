"""The command: its options, and what it prints."""

import subprocess
import sys
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState
from typer.testing import CliRunner

from search.run import app
from tests.search.commands import python_path, search, trials
from tests.search.conftest import edit


def test_what_is_printed_names_the_best_and_the_next_commands(place: Path) -> None:
    output = search("--trials", "2").output
    best = min(trials(), key=lambda t: t.value or 9)
    assert f"best trial {best.number}: validation loss {best.value:.4f}" in output
    assert "python -m search.report --study small" in output
    assert "optuna-dashboard sqlite:///studies/studies.db" in output
    assert "\x1b" not in output, "plain where there is no terminal"
    assert search("--trials", "3", "--quiet").output == ""


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
    without_lstm = ('["rnn", "gru", "lstm"]', '["rnn", "gru"]')  # not every CPU has bf16 for one
    edit(place / "small.toml", ('precision = "float32"\n', ""), without_lstm)
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


def test_training_begins_without_what_is_needed_at_its_end(place: Path) -> None:
    code = (
        "import sys\n"
        "from search.console.progress import Progress\n"
        "def first(self, *begun):\n"
        "    print(*sys.modules)\n"
        "    raise SystemExit\n"
        "Progress.training_begun = first\n"
        "from search.run import app\n"
        "app(['--study', 'small.toml', '--trials', '2'])\n"
    )
    # NLTK, which makes tokens, imports much, and so does what makes word vectors of the texts.
    edit(place / "small.toml", ("[fixed]", "[fixed]\nembedding_init = 'random'"))
    search("--trials", "1")  # its tokens stay
    started = [sys.executable, "-c", code]
    said = subprocess.run(
        started, check=True, env=python_path(), stdout=subprocess.PIPE, text=True
    )
    modules = set(said.stdout.split())
    assert "search.trials.loop" in modules
    late = {"scipy.stats", "plotly", "sklearn", "pandas", "datasets", "torch"}
    assert late & modules == set()
