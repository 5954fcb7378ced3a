"""SIGKILL at random moments: does the study that goes on equal one that was never killed?

``python -m benchmarks.kill --kills 200``. Searches run in forked processes, so that a start costs
a fraction of a second; they are killed after random times and started again until they end by
themselves. Then the whole study and its best classifier are compared with the unbroken one's.
"""

import multiprocessing
import os
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import filelock  # noqa: F401
import optuna
import torch
import typer
from optuna.trial import TrialState

# Imported here, all that a search imports late makes a forked one start at once.
import search.console.searching
import search.trials.loop
import search.trials.plan
import search.workers.placement  # noqa: F401
from search.run import app as command

TRIALS = 8
START = 0.4  # seconds a forked search takes to its first trial, about
STUDY = """
[data]
dataset = "demo"
examples = 600
[search]
epochs = 4
seed = {seed}
[space]
cell = ["rnn", "gru", "lstm"]
hidden_dim = {{ low = 4, high = 12, step = 4 }}
lr = {{ low = 1e-3, high = 1e-1, log = true }}
dropout = {{ low = 0.0, high = 0.5 }}
schedule = ["none", "plateau"]
ema = [0.0, 0.9]
[fixed]
batch_size = 64
precision = "float32"
[[enqueue]]
lr = 0.01
"""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
fork = multiprocessing.get_context("fork")


@app.command()
def kill(
    *,
    kills: Annotated[int, typer.Option(min=1, help="how many")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="of the moments")] = 0,
) -> None:
    """Kill searches at random moments and compare what comes of them with unbroken ones."""
    rng = random.Random(seed)
    moments: Counter[str] = Counter()
    studies = different = 0
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        os.chdir(folder)
        optuna.storages.RDBStorage("sqlite:///unused.db").engine.dispose()  # imports a lot
        while moments.total() < kills:
            Path("study.toml").write_text(STUDY.format(seed=studies), "utf-8")
            unbroken, broken = f"unbroken-{studies}", f"broken-{studies}"
            finish(unbroken)
            while moments.total() < kills and (moment := run_and_kill(broken, rng)):
                moments[moment] += 1
            finish(broken)
            unlike = differences(whole(unbroken), whole(broken))
            different += bool(unlike)
            studies += 1
            print(f"study {studies}: {moments.total()} kills, {'DIFFERENT' if unlike else 'same'}")
            print(*unlike, sep="\n", end="")
    for moment, count in moments.most_common():
        print(f"{count:5} {moment}")
    print(f"{moments.total()} kills; {studies - different} of {studies} studies as if unbroken")
    raise typer.Exit(bool(different))


def start(name: str) -> multiprocessing.process.BaseProcess:
    """Start a search of the study ``name`` in a process of its own."""
    process = fork.Process(target=_search, args=(name,))
    process.start()
    return process


def finish(name: str) -> None:
    """Run the search of the study ``name`` to its end, which nothing may come before."""
    process = start(name)
    process.join()
    if process.exitcode != 0:
        raise SystemExit(f"the search of {name} ended with {process.exitcode}")


def run_and_kill(name: str, rng: random.Random) -> str:
    """Run the search and kill it; the moment it was killed in, "" if it ended before."""
    process = start(name)
    process.join(START * rng.random() + rng.choice([0, 0.5, 1]) * rng.random())
    if not process.is_alive():
        return ""
    process.kill()
    process.join()
    return moment(name)


def moment(name: str) -> str:
    """What a killed search was about to do, as far as what it left tells."""
    running = Path("studies", name, "running")
    study = _load(name) if Path("studies/studies.db").exists() else None
    if study is None or not running.exists():
        return "before the study was made"
    trials = [t for t in study.get_trials(deepcopy=False) if t.state == TrialState.RUNNING]
    if any(running.glob("*.draft")):
        return "while a state was written"
    if not trials:
        return "between two trials"
    stored, told = (running / f"{trials[0].number}.pt").exists(), trials[0].last_step
    if not stored:
        return "in the first epoch"
    curve = torch.load(running / f"{trials[0].number}.pt", weights_only=True)["curve"]
    if len(curve) > (told or 0):
        return "between a state and its report"
    return "in a later epoch, or at a trial's end"


def whole(name: str) -> dict[str, Any]:
    """All of the study that must not depend on kills."""
    study = _load(name)
    assert study is not None
    trials = [
        {
            "number": trial.number,
            "state": trial.state,
            "params": trial.params,
            "distributions": trial.distributions,
            "values": trial.values,
            "intermediate": trial.intermediate_values,
            "system": trial.system_attrs,
            **{k: v for k, v in trial.user_attrs.items() if k not in NOT_COMPARED},
            "curve": [{**row, "seconds": 0} for row in trial.user_attrs["curve"]],
        }
        for trial in study.get_trials(deepcopy=False)
    ]
    folder = Path("studies", name)
    weights = torch.load(folder / "best" / "weights.pt", weights_only=True)
    return {
        "trials": trials,
        "best": study.best_trial.number,
        "weights": {key: value.tolist() for key, value in weights.items()},
        "left": sorted(path.name for path in folder.rglob("*.pt")),
    }


def differences(unbroken: dict[str, Any], broken: dict[str, Any]) -> list[str]:
    """A line for each that differs, trials one by one."""
    parts = [
        {
            **study,
            **{f"trial {trial['number']}": trial for trial in study["trials"]},
            "trials": len(study["trials"]),
        }
        for study in (unbroken, broken)
    ]
    names = list({**parts[0], **parts[1]})
    pairs = [(name, parts[0].get(name), parts[1].get(name)) for name in names]
    return [f"  {name}: {a!s:.2000}\n    {b!s:.2000}\n" for name, a, b in pairs if a != b]


NOT_COMPARED = {"seconds", "owner", "environment"}


def _load(name: str) -> optuna.Study | None:
    storage = optuna.storages.RDBStorage("sqlite:///studies/studies.db")
    try:
        return optuna.load_study(study_name=name, storage=storage)
    except KeyError:
        return None
    finally:
        storage.engine.dispose()


def _search(name: str) -> None:
    """A child's life; it must not inherit a thread of PyTorch's: the parent never computes."""
    arguments = ["--study", "study.toml", "--name", name, "--trials", str(TRIALS), "--quiet"]
    command(arguments, standalone_mode=False)


if __name__ == "__main__":
    app()
