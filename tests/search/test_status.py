"""What a study says of itself: all studies, one study, one trial; also while it runs."""

import signal
import statistics
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState, create_trial

from search.findings.evidence import Evidence
from search.findings.page import render
from search.findings.sections import findings_of
from search.storage.owner import me
from search.storage.record import StudyRecord
from tests.search.commands import (
    DATABASE,
    add_running,
    ended,
    has_trials,
    search,
    start,
    status,
    trials,
    wait_for,
)
from tests.search.conftest import DIVERGING, edit


def test_studies_trials_and_what_is_left(place: Path) -> None:
    search("--trials", "16")
    search("--trials", "2", "--name", "second")
    listed = status()
    best = min(t.value for t in trials() if t.value and t.state == TrialState.COMPLETE)
    assert f"{best:.4f}" in listed
    assert "second" in listed
    complete = sum(t.state == TrialState.COMPLETE for t in trials())
    shown = status("--study", "small")
    assert f"study small: {complete} complete, {16 - complete} pruned" in shown
    for trial in trials():
        assert f"trial {trial.number} {trial.state.name.lower()}" in shown
    assert "left" not in shown
    optuna.load_study(study_name="small", storage=DATABASE).set_user_attr("asked", 1000)
    assert "left" in status("--study", "small")
    add_running()
    add_running(pid=1, started=0.0)
    add_running(host="elsewhere", pid=7)
    shown = status("--study", "small")
    assert f"(run by process {me().pid})" in shown
    assert "(interrupted)" in shown
    assert "(run by process 7 on elsewhere)" in shown
    assert "was interrupted after 0 epochs; the same search command" in status("--why", "17",
        "--study", "small")  # fmt: skip


def test_why_a_trial_won_lost_or_was_pruned(place: Path) -> None:
    search("--trials", "16")
    complete = sorted(
        (t for t in trials() if t.state == TrialState.COMPLETE), key=lambda t: t.value or 0
    )
    best, second = complete[:2]
    said = status("--why", str(best.number))
    assert f"Trial {best.number} (cell=" in said
    assert "won, with validation loss" in said
    assert f"It leads trial {second.number}" in said
    assert "number 2 of" in status("--why", str(second.number))
    pruned = next(t for t in trials() if t.state == TrialState.PRUNED)
    epoch = max(pruned.intermediate_values)
    others = [
        t.intermediate_values[epoch]
        for t in trials()[: pruned.number]
        if t.state == TrialState.COMPLETE
    ]
    said = status("--why", str(pruned.number))
    assert f"was pruned after epoch {epoch}" in said
    assert f"until then was {min(pruned.intermediate_values.values()):.4f}, above" in said
    assert f"the median at that epoch of the {len(others)} trials" in said
    verdict = pruned.user_attrs["pruned"]
    assert verdict["median"] == statistics.median(others)
    assert verdict["value"] > verdict["median"]
    assert "the study small has 16 trials, from 0" in status("--why", "16", expect=2)


def test_why_a_trial_failed(place: Path) -> None:
    edit(place / "small.toml", *DIVERGING)
    search("--trials", "2", "--max-failures", "2", expect=1)
    said = status("--why", "0")
    assert "failed in epoch 1 on CPU" in said
    assert "MiB of memory at its peak (not finite): NotFiniteError: the" in said
    assert "training.py" in said, "the traceback's last lines"
    assert "failures: 2 not finite" in status("--study", "small")
    record = StudyRecord.of(optuna.load_study(study_name="small", storage=DATABASE))
    page = render(findings_of(Evidence(record=record)))
    for text in ("Trial 1 (cell=", "failed in epoch 1 on CPU", "not finite", "training.py"):
        assert text in page


def test_a_study_of_several_objectives_is_listed(place: Path) -> None:
    search("--trials", "1")
    study = optuna.create_study(study_name="two", storage=DATABASE, directions=["minimize"] * 2)
    study.add_trial(create_trial(values=[1.0, 2.0]))
    assert "two 1 complete" in status()
    assert "has several objectives" in status("--study", "two", expect=2)


def test_wrong_use_is_said_in_a_line(place: Path) -> None:
    assert "no studies yet" in status(expect=2)
    search("--trials", "1")
    assert "there are small" in status("--study", "large", expect=2)


@pytest.mark.slow
def test_it_works_while_a_search_runs(place: Path) -> None:
    running = start("--trials", "4000", "--epochs", "20", "--pruner", "none")
    wait_for(lambda: has_trials(2))
    shown = ""
    while f"(run by process {running.pid})" not in shown:  # not for the moment between two trials
        assert running.poll() is None, "the search must outlast this"
        shown = status("--study", "small")
    running.send_signal(signal.SIGINT)
    assert ended(running)
    assert running.returncode == 130
    complete = sum(t.state == TrialState.COMPLETE for t in trials())
    assert f"{complete} complete" in status("--study", "small")
