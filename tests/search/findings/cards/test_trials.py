"""The table of all trials: a row each, parameters in columns of their own, the best first."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from optuna.study import StudyDirection
from optuna.trial import create_trial

from search.findings.cards.trials import all_trials, trials_card
from search.findings.evidence import Evidence
from search.storage.attributes import Baseline, Stored
from tests.search.findings.kept import kept, net
from tests.search.findings.searched import searched
from tests.search.records import COMPLETE, FAIL, PRUNED, definition, foreign, record, trial


def test_the_best_trial_is_first_and_one_without_a_score_last() -> None:
    study = record(
        trial(FAIL), trial(PRUNED, [0.1]), trial(COMPLETE, [2.0]), trial(COMPLETE, [1.0])
    )
    rows = all_trials(Evidence(record=study)).rows
    assert [row.cells[0] for row in rows] == ["3", "2", "1", "0"]


def test_parameters_have_columns_of_their_own() -> None:
    found = all_trials(searched(30))
    assert found.heads[5:10] == ("cell", "layers", "hidden_dim", "dropout", "lr")
    assert all(len(row.cells) == len(found.heads) for row in found.rows)
    best = dict(zip(found.heads, found.rows[0].cells, strict=True))
    assert (best["state"], best["weights"]) == ("complete", "5,234,567")
    assert len(found.rows[0].validation) == len(found.rows[0].train) == 5
    assert found.rows[0].why.startswith(f"Trial {best['trial']} won, with validation loss")
    failed = next(row for row in found.rows if row.cells[1] == "fail")
    assert failed.why.endswith("the loss is nan"), "its traceback is among the failures"


def test_a_class_has_a_column_and_the_baseline_a_row() -> None:
    bound = definition(search={"epochs": 5, "seed": 7, "objective": "f1:World"})
    stored = Stored(best_loss=1.0, accuracy=0.75, macro_f1=0.5)
    study = replace(
        record(trial(stored=stored), of=bound), baseline=Baseline(accuracy=0.9, macro_f1=0.8)
    )
    found = all_trials(Evidence(record=study))
    assert found.heads[2:6] == ("F1 of 'World'", "loss", "accuracy", "macro-F1")
    assert found.rows[0].cells[2:6] == ("1.0000", "1.0000", "0.7500", "0.5000")
    (linear,) = found.references
    assert linear[:6] == ("linear", "baseline", "", "", "0.9000", "0.8000")


def test_the_largest_class_has_a_row(tmp_path: Path) -> None:
    labels = np.array([0, 1, 1, 2, 1, 0])
    found = all_trials(kept(tmp_path, labels, [net(labels, 3.0, 1)]))
    (largest,) = found.references
    assert largest[:5] == ("largest", "baseline", "", "0.5000", "0.2222")


@pytest.mark.parametrize("several", [False, True])
def test_another_programs_study_has_its_values(several: bool) -> None:
    directions = [StudyDirection.MINIMIZE] * (1 + several)
    values = [0.25] * len(directions)
    found = all_trials(
        Evidence(record=foreign(create_trial(values=values), directions=directions))
    )
    assert found.heads[:3] == ("trial", "state", "value")
    assert found.rows[0].cells[2] == ", ".join(["0.2500"] * len(directions))
    assert found.rows[0].why == ""


def test_no_trials() -> None:
    assert trials_card(Evidence(record=record())).sentence == "No trials yet."
