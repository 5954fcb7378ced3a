"""Whether a stored study may be gone on with, and which studies a database has."""

from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.trial import FrozenTrial

from search.errors import StudyError
from search.storage.binding import Binding
from search.storage.reading import load_studies, load_study
from search.storage.record import StudyRecord
from search.storage.studies import Match, decide
from tests.search.records import (
    ALIVE,
    DEAD,
    ELSEWHERE,
    ME,
    SPACE,
    definition,
    foreign,
    record,
    running,
    trial,
)

URL = "sqlite:///made.db"
WIDER = {"space": {"cell": ["gru", "lstm", "rnn"], "lr": {"low": 1e-5, "high": 1.0, "log": True}}}
NEWER = {"space": {**SPACE, "layers": {"choices": [1, 2], "default": 1}}}
NARROWER = {"space": {**SPACE, "cell": ["gru"]}}
LONGER = {"search": {"epochs": 6, "seed": 7}}
OURS = record(trial())
# What is stored, the changes of what is asked for, whether the space may be wider.
LEGAL: dict[str, tuple[StudyRecord, dict[str, Any], bool, Match]] = {
    "nothing is stored": (foreign(), {}, False, Match.NEW),
    "nothing is stored, extending": (foreign(), WIDER, True, Match.NEW),
    "the same": (OURS, {}, False, Match.SAME),
    "the same, extending": (OURS, {}, True, Match.SAME),
    "the same, without trials": (record(), {}, False, Match.SAME),
    "the same, while it runs": (record(running(ALIVE)), {}, False, Match.SAME),
    "wider": (OURS, WIDER, True, Match.WIDER),
    "wider by a parameter": (OURS, NEWER, True, Match.WIDER),
    "wider, whose owner is dead": (record(running(DEAD)), WIDER, True, Match.WIDER),
    "wider, without an owner": (record(running()), WIDER, True, Match.WIDER),
}
REFUSED: dict[str, tuple[StudyRecord, dict[str, Any], bool, list[str]]] = {
    "another program's": (
        foreign(trial()),
        {},
        False,
        ["the study made in sqlite:///made.db was made by another program", "--name"],
    ),
    "another program's, extending": (foreign(trial()), {}, True, ["by another program"]),
    "wider, but not asked to extend": (
        OURS,
        WIDER,
        False,
        ["  space.cell: ['gru', 'lstm'] -> ['gru', 'lstm', 'rnn']\n", "  space.lr: {", "--extend"],
    ),
    "narrower": (OURS, NARROWER, True, ["'lstm' was a choice and is gone"]),
    "other settings": (OURS, LONGER, False, ["  search.epochs: 5 -> 6\n", "--storage"]),
    "other settings, extending": (OURS, LONGER, True, ["  search.epochs: 5 -> 6\n"]),
    "wider and other settings": (
        OURS,
        {**WIDER, **LONGER},
        True,
        ["  search.epochs: 5 -> 6\n", "  space.cell: "],
    ),
    "wider, but a trial runs": (
        record(trial(), running(ALIVE)),
        WIDER,
        True,
        ["--extend-space: trial 1 is running; stop that run first"],
    ),
    "wider, but a trial runs here": (record(running(ME)), WIDER, True, ["trial 0 is running"]),
    "wider, but a trial runs elsewhere": (
        record(running(ELSEWHERE)),
        WIDER,
        True,
        ["trial 0 is running"],
    ),
}


@pytest.mark.parametrize(("stored", "changes", "extend", "match"), LEGAL.values(), ids=LEGAL)
def test_a_study_that_may_be_gone_on_with(
    stored: StudyRecord, changes: dict[str, Any], extend: bool, match: Match
) -> None:
    asked = Binding.of(definition(**changes), "fingerprint")
    assert decide(stored, asked, extend=extend, url=URL) == match


@pytest.mark.parametrize(("stored", "changes", "extend", "says"), REFUSED.values(), ids=REFUSED)
def test_a_study_that_may_not(
    stored: StudyRecord, changes: dict[str, Any], extend: bool, says: list[str]
) -> None:
    asked = Binding.of(definition(**changes), "fingerprint")
    with pytest.raises(StudyError) as caught:
        decide(stored, asked, extend=extend, url=URL)
    for text in says:
        assert text in str(caught.value)


def test_other_texts_are_another_study() -> None:
    asked = Binding.of(definition(), "another fingerprint")
    with pytest.raises(
        StudyError, match=r"the texts of news\.csv are not those .*\n.* add --name made-2"
    ):
        decide(OURS, asked, extend=True, url=URL)


def database(folder: Path, **studies: list[FrozenTrial]) -> str:
    url = f"sqlite:///{folder}/made.db"
    for name, trials in studies.items():
        optuna.create_study(study_name=name, storage=url).add_trials(trials)
    return url


def test_studies_come_in_the_order_they_were_begun_and_the_last_is_meant(tmp_path: Path) -> None:
    url = database(tmp_path, second=[trial()], first=[], third=[trial(), trial()])
    assert [found.name for found in load_studies(url)] == ["second", "first", "third"]
    assert [len(found.trials) for found in load_studies(url)] == [1, 0, 2]
    home, found = load_study(None, url)
    assert (home.name, home.url, found.name) == ("third", url, "third")
    assert load_study("first", url)[1].name == "first"


def test_a_study_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"no studies yet: .*made\.db does not exist"):
        load_study(None, f"sqlite:///{tmp_path}/made.db")
    url = database(tmp_path, one=[], two=[])
    with pytest.raises(StudyError, match=r"three: no such study in .*; there are one, two"):
        load_study("three", url)
    for name in ("one", "two"):
        optuna.delete_study(study_name=name, storage=url)
    for load in (load_studies, lambda given: load_study(None, given)):
        with pytest.raises(StudyError, match="no studies yet in "):
            load(url)
