"""The first sentences on listed configurations: which is best, and whether a net is needed."""

from collections.abc import Callable

import numpy as np
import pytest

from search.api import open_study
from search.findings.listed import Listed
from search.storage.home import StudyHome
from search.storage.validation import keep_said, read_rows
from tests.search.commands import trials
from tests.search.findings.kept import net


@pytest.mark.parametrize(
    ("nets", "linear", "begin"),
    [
        (3.0, 1.0, ("Use ", "The linear baseline has 1.00 (p over seeds and texts 0.")),
        (1.0, 3.0, ("The best net is worse than the linear baseline", "The best net is ")),
        (1.0, 1.0, ("The best net is not told apart from the linear", "The best net is ")),
    ],
    ids=["better", "worse", "equal"],
)
def test_the_best_row_is_held_against_the_linear_baseline(
    trained: Callable[..., Listed], nets: float, linear: float, begin: tuple[str, str]
) -> None:
    trained()
    home = StudyHome(name="listed-ablation", url="sqlite:///studies/studies.db")
    rows = read_rows(home.validation)
    assert rows is not None
    classes = len(rows.class_names)
    home.probabilities(0).parent.mkdir(parents=True, exist_ok=True)
    for trial in trials(home.name):
        np.save(home.probabilities(trial.number), net(rows.labels, nets, trial.number, classes))
    keep_said(home.baseline, net(rows.labels, linear, 999, classes).argmax(axis=1))
    answer = open_study("listed").findings().answer
    assert answer[0].startswith(begin[0])
    assert answer[1].startswith(begin[1])


def test_many_rows_that_tie_are_counted(trained: Callable[..., Listed]) -> None:
    assert len(trained(lambda task: 0.5).level) == 8
    answer = " ".join(open_study("listed").findings().answer)
    assert "(row" in answer
    assert "; 8 of the others cannot be told from it." in answer
