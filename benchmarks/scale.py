"""How costs grow: ``python -m benchmarks.scale``.

With the trials in a study on SQLite: what one more trial takes outside its training, the sampler
alone, the report. With the texts of a corpus: time and memory to make them ready.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import optuna
import torch
import typer
from optuna.trial import TrialState, create_trial
from rich.console import Console
from sqlalchemy import Connection, NullPool, create_engine

from benchmarks.measure import Row, in_turns, seconds, show
from data.demo import CLASS_NAMES
from data.vocabulary import Vocabulary
from model.criterion import BY_LOSS
from model.epoch import Epoch
from search.console.progress import Progress
from search.definition.reading import read_definition
from search.definition.space import draw
from search.definition.tables import Definition
from search.findings.evidence import Evidence
from search.findings.page import write_report
from search.findings.sections import findings_of
from search.storage.binding import Binding
from search.storage.environment import describe
from search.storage.home import StudyHome
from search.storage.record import StudyRecord
from search.storage.rows import put_ends, put_reported, put_trials
from search.storage.studies import open_study
from search.trials.limits import Limits
from search.trials.loop import Search
from search.trials.objective import Objective
from search.trials.samplers import make_sampler
from search.workers.events import Begun, Ended, Event
from search.workers.snapshots import SnapshotFolder
from search.workers.task import Task

EPOCHS = 8
FEW, MANY = 10, 60  # trials of the runs whose difference is timed
TEXTS = """
import sys, time
from pathlib import Path
from data.demo import demo_corpus
from data.preparation import prepare
from data.corpus import Corpus
import numpy as np
def peak():
    line = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    return int(line.split()[0])
texts, labels = demo_corpus(int(sys.argv[1]))
base = peak()
corpus = Corpus("demo", texts, np.array(labels), ("World", "Sports", "Business", "Sci/Tech"), "")
import data.preparation
from data.tokens import tokenize_all
data.preparation.load_tokens = tokenize_all
start = time.perf_counter()
prepare(corpus, share=0.05, examples=None, seed=0)
taken = time.perf_counter() - start
print(taken, base, peak())
"""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Nothing(SnapshotFolder):
    """Of trainings that never were."""

    def read(self, task: Task) -> tuple[dict[str, Any], list[Epoch]]:
        """An empty state."""
        return {}, []


class Replay:
    """Workers that train nothing: each trial has the same curve at once, worse than the others."""

    slots = 1

    def __init__(self) -> None:
        self.events: list[tuple[int, Event]] = []

    def submit(self, task: Task) -> None:
        """See ``search.workers.protocol.Workers``."""
        losses = enumerate((2.0 - e / 100 for e in range(1, EPOCHS + 1)), 1)
        curve = [Epoch(e, 1.0, loss, 0.5, 0.5, 0.001, 1.0, loss) for e, loss in losses]
        where = {"device": "none", "precision": "float32"}
        events: list[Event] = [Begun(0, "", 1, 1, where), *curve, Ended()]
        self.events = [(task.number, event) for event in events]

    def wait(self, seconds: float | None) -> list[tuple[int, Event]]:
        """See ``search.workers.protocol.Workers``."""
        return [self.events.pop(0)]

    def answer(self, number: int, *, go_on: bool) -> None:
        """See ``search.workers.protocol.Workers``."""

    def close(self) -> None:
        """See ``search.workers.protocol.Workers``."""


@app.command()
def scale(
    *,
    trials: Annotated[str, typer.Option(help="sizes of studies")] = "10,100,1000",
    texts: Annotated[str, typer.Option(help="sizes of corpora")] = "10000,100000,1000000",
    repeats: Annotated[int, typer.Option(min=1, help="the median of these counts")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Measure the growth with trials and with texts."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    cpu = torch.device("cpu")
    with tempfile.TemporaryDirectory(dir=".", prefix=".scale-") as folder:
        rows = [_with_trials(Path(folder), int(n), repeats) for n in trials.split(",")]
    show(f"trials in SQLite, {EPOCHS} epochs each", rows, device=cpu, as_json=as_json)
    rows = [_with_texts(int(n)) for n in texts.split(",")]
    show("texts of the built-in corpus, tokenised and encoded", rows, device=cpu, as_json=as_json)


def _with_trials(folder: Path, trials: int, repeats: int) -> Row:
    home = StudyHome(name="scale", url=f"sqlite:///{folder}/{trials}.db")
    study, objective = filled(folder, home, trials)
    definition = objective.definition
    ways: dict[str, Callable[[], float]] = {
        "a trial outside training, ms": partial(_trials, study, objective),
        "the sampler's part, ms": partial(_sampler, study, definition),
    }
    taken = in_turns(ways, repeats)
    return {
        "trials": trials,
        **{name: 1000 * time for name, time in taken.items()},
        "report, s": seconds(lambda: _report(study, folder)),
        "report, MB": (folder / "report.html").stat().st_size / 1e6,
        "database, MB": (folder / f"{trials}.db").stat().st_size / 1e6,
    }


def filled(
    folder: Path, home: StudyHome, trials: int, *, epochs: int = EPOCHS
) -> tuple[optuna.Study, Objective]:
    """A study of so many finished trials, and what others of it would have in common."""
    definition = read_definition(Path("studies/demo.toml"), {"epochs": epochs})
    study = open_study(home, Binding.of(definition, "none"))
    rng = np.random.default_rng(0)
    with create_engine(home.url, poolclass=NullPool).begin() as database:  # minutes, one by one
        for number in range(trials):
            losses = made_up_losses(rng, epochs)
            if number == 0:  # the best for good: there are no weights of another one to keep
                losses = [loss - 0.3 for loss in losses]
            _store(database, study._study_id, _finished(definition, number, losses))
    objective = Objective(
        definition=definition,
        home=home,
        vocabularies={"words": Vocabulary([], np.array([]))},
        classes=CLASS_NAMES,
        criterion=BY_LOSS,
        fingerprint="",
        dataset="none",
        snapshots=Nothing(folder / "running"),
        environment=describe(),
    )
    return study, objective


def _report(study: optuna.Study, folder: Path) -> None:
    findings = findings_of(Evidence(record=StudyRecord.of(study)))
    write_report(findings, folder / "report.html")


def _store(database: Connection, study_id: int, trial: optuna.trial.FrozenTrial) -> None:
    ended, trial.state = trial.state, TrialState.RUNNING
    ((trial_id, _),) = put_trials(database, study_id, [trial])
    steps = trial.intermediate_values.items()
    put_reported(database, [(trial_id, loss, step) for step, loss in steps])
    assert trial.datetime_complete is not None
    put_ends(database, {trial_id: (ended, trial.value)}, trial.datetime_complete)


def made_up_losses(rng: np.random.Generator, epochs: int) -> list[float]:
    """Of the epochs of a trial: they fall."""
    losses = 0.3 + 0.3 * rng.random() + np.exp(-np.arange(epochs) / 3)
    return list((losses + 0.02 * rng.random(epochs)).tolist())


def _finished(
    definition: Definition, number: int, losses: list[float]
) -> optuna.trial.FrozenTrial:
    """A trial like those that a search leaves, with a made-up curve."""
    space = optuna.create_study(sampler=optuna.samplers.RandomSampler(number))
    draw(space.ask(), definition)
    frozen = space.trials[0]
    curve = [Epoch(e, x, x, 0.9, 0.9, 0.001, 1.0, x)._asdict() for e, x in enumerate(losses, 1)]
    return create_trial(
        state=TrialState.COMPLETE,
        value=min(losses),
        params=frozen.params,
        distributions=frozen.distributions,
        intermediate_values={row["number"]: row["validation_loss"] for row in curve},
        user_attrs={**frozen.user_attrs, "curve": curve, "seconds": 5.0, "accuracy": 0.9},
    )


def _trials(study: optuna.Study, objective: Objective) -> float:
    """Seconds a trial that trains nothing: what a run of many takes more than one of few.

    So that what a run does once, as reading the study, is not in it.
    """
    few, many = (_run(study, objective, trials) for trials in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _run(study: optuna.Study, objective: Objective, trials: int) -> float:
    limits = Limits(trials=len(study.get_trials(deepcopy=False)) + trials)
    with Progress(Console(quiet=True), study, limits) as progress:
        search = Search(study, objective, limits=limits, watcher=progress)
        return seconds(lambda: search.run(Replay()))


def _sampler(study: optuna.Study, definition: Definition) -> float:
    """Seconds of one proposal by Optuna's sampler, on trials in memory."""
    copy = optuna.create_study(sampler=make_sampler(definition, 10**6))
    copy.add_trials(study.get_trials(deepcopy=False))
    space = study.get_trials(deepcopy=False)[0].distributions
    return seconds(lambda: copy.ask(space))


def _with_texts(texts: int) -> Row:
    done = subprocess.run(
        [sys.executable, "-c", TEXTS, str(texts)], check=True, stdout=subprocess.PIPE, text=True
    )
    taken, base, peak = map(float, done.stdout.split())
    return {
        "texts": texts,
        "s": taken,
        "the texts themselves, MB": base / 1e3,
        "peak, MB": peak / 1e3,
    }


if __name__ == "__main__":
    app()
