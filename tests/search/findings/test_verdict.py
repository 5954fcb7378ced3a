"""The verdict on planted studies: what may be said, and nothing more."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from optuna.trial import create_trial

from search.findings.card import NotYet
from search.findings.evidence import Evidence
from search.findings.net_text import net_text
from search.findings.sections import findings_of
from search.findings.verdict import Known, answer_of, first_said, said_of, tiles_of
from search.storage.attributes import Baseline, Stored
from search.storage.record import StudyRecord
from search.storage.validation import keep_said
from tests.search.findings.kept import kept, net
from tests.search.findings.searched import searched
from tests.search.records import (
    ALIVE,
    DEAD,
    FAIL,
    ME,
    PRUNED,
    RUNNING,
    definition,
    foreign,
    record,
    running,
    trial,
)

LABELS = np.random.default_rng(0).integers(0, 3, 1500)
GOOD, BAD = net(LABELS, 3.0, 2), net(LABELS, 1.5, 3)


def answer(study: StudyRecord) -> str:
    return " ".join(answer_of(study, Known.of(Evidence(record=study))))


@pytest.mark.parametrize(
    ("study", "said"),
    [
        (record(), "There are no trials yet, so that there is nothing to use yet."),
        (
            record(trial(FAIL)),
            "No trial is complete (1 failed), so that there is nothing to use yet. "
            "Failures: 1 for a reason that is not stored.",
        ),
        (record(trial(PRUNED), trial(RUNNING)), "No trial is complete (1 running, 1 pruned)"),
        (record(trial()), "Use a GRU, lr 0.01: validation loss 1.0000, by one seed."),
        (foreign(trial()), "The best trial is 0, with 1: a GRU, lr 0.01."),
        (
            foreign(create_trial(value=math.inf)),
            "The best trial is 0, but its value is inf.",
        ),
    ],
    ids=["none", "failed", "pruned", "one", "another program's", "infinite"],
)
def test_what_to_use(study: StudyRecord, said: str) -> None:
    assert answer(study).startswith(said)
    found = findings_of(Evidence(record=study))
    assert len(found.tiles) == 4
    assert all(card.sentence for card in found.cards)


@pytest.mark.parametrize(
    ("nets", "linear", "begins", "holds"),
    [
        ([GOOD, BAD], BAD, "Use a GRU", "The linear baseline has 0."),
        (
            [BAD, BAD],
            GOOD,
            "The best net is worse than the linear baseline",
            "The best net is a GRU",
        ),
        (
            [GOOD, BAD],
            GOOD,
            "The best net is not told apart from the linear",
            "The best net is a GRU",
        ),
    ],
    ids=["better", "worse", "equal"],
)
def test_where_nets_are_not_better_the_first_sentence_says_so(
    tmp_path: Path, nets: list[np.ndarray], linear: np.ndarray, begins: str, holds: str
) -> None:
    evidence = kept(tmp_path, LABELS, nets)
    assert evidence.home is not None
    said = linear.argmax(axis=1)
    keep_said(evidence.home.baseline, said)
    share = float((said == LABELS).mean())
    study = replace(evidence.record, baseline=Baseline(accuracy=share, macro_f1=share))
    evidence = replace(evidence, record=study)
    lines = answer_of(study, Known.of(evidence))
    assert lines[0].startswith(begins)
    assert lines[1].startswith(holds)


def test_confirmed_seeds_decide_what_to_use() -> None:
    rates = [0.01, 0.02]
    study = record(*(trial(losses=[0.2 + r], params={"cell": "gru", "lr": r}) for r in rates))
    seeds = {0.01: [0.3, 0.31, 0.32], 0.02: [0.24, 0.25, 0.23]}
    again = [
        trial(losses=[value], params={"cell": "gru", "lr": rate})
        for rate, values in seeds.items()
        for value in values
    ]
    evidence = Evidence(record=study, final=record(*again))
    said = " ".join(answer_of(study, Known.of(evidence)))
    assert said.startswith("Use a GRU, lr 0.02: validation loss 0.24 ± 0.02")


def test_the_baselines_test_names_the_trial_where_another_is_confirmed(tmp_path: Path) -> None:
    evidence = kept(tmp_path, LABELS, [GOOD, net(LABELS, 2.9, 4)])
    assert evidence.home is not None
    keep_said(evidence.home.baseline, BAD.argmax(axis=1))
    share = float((BAD.argmax(axis=1) == LABELS).mean())
    study = replace(evidence.record, baseline=Baseline(accuracy=share, macro_f1=share))
    for number, each in enumerate(study.trials):
        each.frozen.params["lr"] = 0.01 * (number + 1)
    plain = Known.of(replace(evidence, record=study))
    assert "of trial" not in answer_of(study, plain)[1]
    assert study.best is not None
    other = next(one for one in study.trials if one.number != study.best.number)
    again = [trial(losses=[value], params=dict(other.params)) for value in (0.2, 0.21)]
    known = Known.of(replace(evidence, record=study, final=record(*again)))
    assert f"of trial {study.best.number}, the best of the search)" in answer_of(study, known)[1]


@pytest.mark.parametrize(
    ("accuracy", "begins"),
    [(0.5, "Use a GRU"), (0.9, "The best net has no more texts right than")],
)
def test_untested_nets_that_are_behind_are_told_of_first(accuracy: float, begins: str) -> None:
    study = record(trial(stored=Stored(accuracy=0.8)))
    study = replace(study, baseline=Baseline(accuracy=accuracy, macro_f1=accuracy))
    assert answer(study).startswith(begins)


def test_tiles_claim_no_more_than_is_known(tmp_path: Path) -> None:
    def tiles(study: StudyRecord) -> list[tuple[str, str]]:
        evidence = Evidence(record=study)
        return list(tiles_of(evidence, Known.of(evidence))[1:])

    another = tiles(foreign(trial(), trial(PRUNED)))
    assert another[0] == ("unknown", "how many epochs pruning saved")
    assert another[2] == ("not confirmed", "another program made the study")
    assert tiles(record(trial(FAIL)))[2] == ("not confirmed", "no trial is complete")
    assert tiles(record(trial()))[2] == ("not confirmed", "by fresh seeds: search.final")
    alone = kept(tmp_path, LABELS, [GOOD])
    assert tiles_of(alone, Known.of(alone))[2][1] == "tested: nothing to compare it with"


def test_a_net_is_named_with_what_its_study_fixes() -> None:
    of = definition(fixed={"hidden_dim": 64, "bidirectional": True, "layers": 2})
    study = record(trial(params={"cell": "lstm", "lr": 0.0123}), of=of)
    best = study.best
    assert best is not None
    assert net_text(study, best) == (
        "an LSTM of 64 units in 2 layers in both directions, lr 0.012"
    )


def test_little_is_said_of_few_trials() -> None:
    known = Known.of(Evidence(record=record(trial(), trial(losses=[0.9]))))
    assert isinstance(known.importance, NotYet)
    assert isinstance(known.enough, NotYet)
    text = " ".join(sentence.text for sentence in said_of(known))
    assert "Enough?" not in text
    assert "Whether it was enough cannot be said yet: 2 trials are finished" in text
    assert "Mattered" not in text


def test_every_sentence_has_its_evidence_on_the_page() -> None:
    found = findings_of(searched(40))
    cards = {card.name for card in found.cards}
    assert found.said
    assert {sentence.card for sentence in found.said} <= cards


def test_a_terminal_gets_the_first_three() -> None:
    evidence = searched(40)
    assert first_said(evidence) == [s.text for s in findings_of(evidence).said[:3]]


@pytest.mark.slow
def test_ten_thousand_trials() -> None:
    evidence = searched(10_000)
    known = Known.of(evidence)
    assert said_of(known)
    assert tiles_of(evidence, known)[0][0].endswith("complete")


def test_a_trial_that_nobody_runs_any_more_is_interrupted() -> None:
    study = record(trial(), running(DEAD), running(ME), running(ALIVE), asked=5)
    evidence = Evidence(record=study)
    tile = tiles_of(evidence, Known.of(evidence))[0]
    assert tile.value == "1 complete"
    assert tile.label.startswith("2 running, 1 interrupted, 4 to run")
    study = record(running(DEAD))
    assert answer(study).startswith("No trial is complete (1 interrupted)")


def test_a_search_without_times_is_not_said_to_have_taken_none() -> None:
    found = findings_of(Evidence(record=foreign(create_trial(value=1.0))))
    assert found.tiles[0].label == ""
    assert "·" not in found.dated
