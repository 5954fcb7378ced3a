"""``search.run --audit-pruning`` runs pruned trials to their end, apart from the search."""

import shutil
from contextlib import chdir
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from model.training import Trainer
from search.api import open_study
from search.api import search as search_in_process
from search.auditing import draw, kept
from search.storage.attributes import Stored
from search.storage.record import StudyRecord
from search.workers.events import Failure, FailureKind
from tests.search.commands import (
    DATABASE,
    SMALL,
    facts,
    kill_after,
    search,
    status,
    trials,
)
from tests.search.conftest import DIVERGING, STUDY, edit, write_news
from tests.search.records import COMPLETE, FAIL, PRUNED, record, trial

OPTIONS = ("--trials", "12", "--pruner", "hyperband")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of which four trials are pruned."""
    folder = tmp_path_factory.mktemp("audit") / "searched"
    folder.mkdir()
    write_news(folder / "news.csv")
    (folder / "small.toml").write_text(STUDY, "utf-8")
    with chdir(folder):
        search(*OPTIONS)
    return folder


@pytest.fixture
def searched(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def audit(count: int, *more: str, expect: int = 0) -> str:
    return search(*OPTIONS, "--audit-pruning", str(count), *more, expect=expect).output


def pruned() -> list[int]:
    return [t.number for t in trials() if t.state == TrialState.PRUNED]


def curve_of(trial: optuna.trial.FrozenTrial) -> list[dict[str, float]]:
    curve = trial.user_attrs["curve"]
    return [{name: epoch[name] for name in epoch if name != "seconds"} for epoch in curve]


@pytest.mark.slow
def test_pruned_trials_are_run_to_their_end_and_begin_as_they_did(searched: Path) -> None:
    before = [facts(t) for t in trials()]
    output = audit(2)
    assert "2 of 4 pruned trials are run to their end in small-audit" in output
    assert "2 of 4 pruned trials were finished" in output
    assert [facts(t) for t in trials()] == before
    of = {t.user_attrs["finishes"]: t for t in trials("small-audit")}
    assert len(of) == 2
    for number, again in of.items():
        first = trials()[number]
        assert first.state == TrialState.PRUNED
        assert again.state == TrialState.COMPLETE
        assert again.params == first.params
        assert len(again.intermediate_values) == 3
        assert curve_of(again)[: len(curve_of(first))] == curve_of(first)


@pytest.mark.slow
def test_the_same_count_does_nothing_a_larger_one_adds_and_the_largest_is_all(
    searched: Path,
) -> None:
    audit(2)
    two = [facts(t) for t in trials("small-audit")]
    assert "nothing to do" in audit(2).split("--audit-pruning:")[1]
    assert [facts(t) for t in trials("small-audit")] == two
    audit(99, "--jobs", "2")
    every = trials("small-audit")
    assert [facts(t) for t in every][:2] == two
    assert sorted(t.user_attrs["finishes"] for t in every) == pruned()


@pytest.mark.slow
def test_killed_and_gone_on_with_it_is_as_if_never_killed(searched: Path) -> None:
    command = ("search.run", *SMALL, *OPTIONS, "--audit-pruning", "4")
    kill_after("small-audit", 1, *command)
    audit(4)
    broken = [facts(t) for t in trials("small-audit")]
    optuna.delete_study(study_name="small-audit", storage=DATABASE)
    audit(4)
    assert broken == [facts(t) for t in trials("small-audit")]


@pytest.mark.slow
def test_the_search_goes_on_as_if_there_were_no_audit(made: Path, searched: Path) -> None:
    audit(2)
    assert open_study().home.name == "small", "an audit is never the study begun last"
    assert "small: 8 complete, 4 pruned" in status("--study", "small")
    assert "small-audit" in status()
    output = search("--study", "small-audit", expect=2).output
    assert "small-audit holds finished pruned trials of small" in output
    search("--trials", "14", *OPTIONS[2:])
    gone_on = [facts(t) for t in trials()]
    shutil.copytree(made / "studies", searched / "studies", dirs_exist_ok=True)
    with pytest.raises(KeyError):
        trials("small-audit")
    search("--trials", "14", *OPTIONS[2:])
    assert gone_on == [facts(t) for t in trials()]


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_a_training_that_fails_is_tried_again(
    searched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Trainer, *_: object) -> object:
        raise RuntimeError("made to fail")

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "run_epoch", fail)
        audit(1, "--max-failures", "1", expect=1)
    audit(1)
    states = [t.state for t in trials("small-audit")]
    assert states == [TrialState.FAIL, TrialState.COMPLETE]


def test_without_a_pruned_trial_it_says_so(place: Path) -> None:
    output = search("--trials", "1", "--audit-pruning", "3").output
    assert "no trial was pruned: there is none to finish" in output
    with pytest.raises(KeyError):
        trials("small-audit")


def test_a_negative_count_is_wrong_use(place: Path) -> None:
    assert "--audit-pruning" in search("--audit-pruning", "-1", expect=2).output


def test_a_search_that_fails_is_not_audited(place: Path) -> None:
    edit(place / "small.toml", *DIVERGING)
    output = search(
        "--trials", "2", "--max-failures", "1", "--audit-pruning", "1", expect=1
    ).output
    assert "--audit-pruning:" not in output


@pytest.mark.slow
def test_a_notebook_asks_for_it_too(searched: Path) -> None:
    options = {"pruner": "hyperband"}
    search_in_process(study="small.toml", trials=12, audit_pruning=1, options=options)
    assert [t.state for t in trials("small-audit")] == [TrialState.COMPLETE]


def test_lots_depend_on_the_study_alone_and_grow() -> None:
    study = record(*(trial(PRUNED if n % 3 else COMPLETE, [0.9, 0.8]) for n in range(30)))
    drawn = [[t.number for t in draw(study, None, count)] for count in (3, 8, 99)]
    assert drawn[0] == drawn[1][:3]
    assert drawn[1] == drawn[2][:8]
    assert sorted(drawn[2]) == [n for n in range(30) if n % 3]
    assert drawn[2] != sorted(drawn[2])


def test_what_was_finished_stays_drawn_though_the_study_grew() -> None:
    small = record(*(trial(PRUNED, [0.9]) for _ in range(4)))
    large = record(*(trial(PRUNED, [0.9]) for _ in range(40)))
    first = draw(small, None, 2)
    audit_of = _audit_of([t.number for t in first])
    assert {t.number for t in draw(large, audit_of, 2)} == {t.number for t in first}
    assert {t.number for t in draw(large, audit_of, 5)} > {t.number for t in first}


def _audit_of(numbers: list[int]) -> StudyRecord:
    return record(*(trial(COMPLETE, [0.5], stored=Stored(finishes=n)) for n in numbers))


def test_a_training_that_diverged_when_it_went_on_is_not_tried_again() -> None:
    kinds: list[FailureKind] = ["bug", "not finite", "out of memory"]
    failures = [Failure(kind=kind, message="?", device="cpu") for kind in kinds]
    audit = record(*(trial(FAIL, stored=Stored(failure=f, finishes=9)) for f in failures))
    assert [t.number for t in kept(audit)] == [1]
