"""What several trials tell at once is stored at once, or not at all."""

from collections.abc import Iterator

import optuna
import pytest
from sqlalchemy import event

from search.storage.own_trial import OwnTrial, Told, add_trials, store_together
from tests.search.records import COMPLETE, FAIL, ME, PRUNED, running
from tests.search.storage.stored import as_stored


def test_of_what_is_told_together_all_is_stored_but_of_ended_trials(study: optuna.Study) -> None:
    handles = [OwnTrial(study, found) for found in study.trials[1:]]
    ended, mine = handles
    ended.store({}, ending=(COMPLETE, 0.25))
    left = store_together(
        [
            Told(ended, {"late": 1}, (0.5, 3)),
            Told(mine, {"begun": True}),
            Told(mine, {"curve": [1]}, (0.5, 1)),
        ]
    )
    assert left == {1}
    found = study.trials
    assert (found[1].value, found[1].last_step) == (0.25, 2)
    assert "late" not in found[1].user_attrs
    assert (found[2].user_attrs["begun"], found[2].user_attrs["curve"]) == (True, [1])
    assert found[2].intermediate_values == {1: 0.5}
    assert mine.frozen == found[2]
    assert store_together([]) == set()


def test_what_is_told_together_is_stored_in_one_commit(shared: tuple[optuna.Study, str]) -> None:
    study, storage = shared
    one, two = [OwnTrial(study, found) for found in study.trials[1:]]
    with pytest.raises(TypeError, match="not JSON serializable"):
        store_together([Told(one, {"curve": [1]}, (0.5, 3)), Told(two, {"curve": {1}})])
    assert as_stored(storage) == study.get_trials()
    assert one.frozen.last_step == 2


def test_ends_that_are_told_together_are_stored_in_one_commit(
    shared: tuple[optuna.Study, str],
) -> None:
    study, storage = shared
    one, two = [OwnTrial(study, found) for found in study.trials[1:]]
    three = add_trials(study, [running(ME)])[0]
    optuna.load_study(study_name="made", storage=storage).tell(2, 0.25)
    commits: list[object] = []
    event.listen(study._storage._backend.engine, "commit", commits.append)  # type: ignore[attr-defined]
    endings = [(PRUNED, 0.5), (COMPLETE, 0.75), (FAIL, None)]
    ends = zip((one, two, three), endings, strict=True)
    assert store_together([Told(each, {"why": "so"}, ending=ending) for each, ending in ends]) == {
        2
    }
    assert len(commits) == 1
    found = as_stored(storage)[1:]
    assert [t.state for t in found] == [PRUNED, COMPLETE, FAIL]
    assert [t.value for t in found] == [0.5, 0.25, None]
    assert ["why" in t.user_attrs for t in found] == [True, False, True]
    two.leave()
    assert study.get_trials() == as_stored(storage)


@pytest.fixture
def statements(shared: tuple[optuna.Study, str]) -> Iterator[list[str]]:
    """Those that the database of ``shared`` was given, from now on."""
    given: list[str] = []
    engine = shared[0]._storage._backend.engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda *told: given.append(told[2]))
    yield given


@pytest.mark.parametrize("others", [1, 30])
def test_the_cost_of_epochs_does_not_grow_with_the_trials_that_run(
    shared: tuple[optuna.Study, str], statements: list[str], others: int
) -> None:
    study, _ = shared
    for found in study.get_trials()[1:]:
        OwnTrial(study, found)
    mine = []
    for _ in range(others):
        study.get_trials(deepcopy=False)
        mine.append(add_trials(study, [running(ME)])[0])
    statements.clear()
    store_together([Told(handle, {"curve": [1]}, (0.5, 1)) for handle in mine])
    assert len(statements) == 3
    assert len(study.get_trials(deepcopy=False)) == 3 + others
    assert len(statements) == 5, "the study, and that no trial is new"
