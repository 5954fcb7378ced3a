"""Records of made-up studies: what the parts that only decide or tell are given."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import optuna
import psutil
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState, create_trial

from model.epoch import Epoch
from search.definition.space import distributions
from search.definition.tables import Definition
from search.storage.attributes import Stored, to_attributes
from search.storage.binding import Binding
from search.storage.marks import store_asked, store_binding
from search.storage.owner import Owner, me
from search.storage.record import StudyRecord

COMPLETE, PRUNED, FAIL = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL
RUNNING, WAITING = TrialState.RUNNING, TrialState.WAITING
# Of this process, of another that lives, of one whose number lives on, of another host's.
ME = me()
ALIVE = replace(ME, pid=os.getppid(), started=psutil.Process(os.getppid()).create_time())
DEAD = replace(ALIVE, started=0.0)
ELSEWHERE = replace(ME, host="elsewhere")

SPACE = {"cell": ["gru", "lstm"], "lr": {"low": 1e-4, "high": 1.0, "log": True}}


def definition(**tables: Any) -> Definition:
    """A study of two parameters and five epochs, but for what ``tables`` say."""
    usual = {"data": {"dataset": "news.csv"}, "search": {"epochs": 5, "seed": 7}, "space": SPACE}
    return Definition.model_validate({**usual, **tables})


def epochs(losses: Sequence[float]) -> tuple[Epoch, ...]:
    """A curve with these validation losses."""
    return tuple(
        Epoch(
            number, loss + 0.5, loss, accuracy=0.75, macro_f1=0.5, lr=1e-3, seconds=2.0, score=loss
        )
        for number, loss in enumerate(losses, 1)
    )


def trial(
    state: TrialState = COMPLETE,
    losses: Sequence[float] | None = None,
    *,
    params: dict[str, Any] | None = None,
    of: Definition | None = None,
    stored: Stored | None = None,
) -> FrozenTrial:
    """A trial with these validation losses, one without epochs if it never finished any."""
    told = state in (COMPLETE, PRUNED)
    losses = losses if losses is not None else ((1.0,) if told else ())
    kinds = distributions(of or definition())
    chosen = params if params is not None else {"cell": "gru", "lr": 0.01}
    kept = to_attributes(replace(stored or Stored(), curve=epochs(losses)))
    return create_trial(
        state=state,
        value=None if not told else min(losses) if state == COMPLETE else losses[-1],
        params=chosen,
        distributions={name: kinds[name] for name in chosen},
        intermediate_values=dict(enumerate(losses, 1)),
        user_attrs=kept,
    )


def running(owner: Owner | None = None, losses: Sequence[float] = ()) -> FrozenTrial:
    """A running trial of ``owner``."""
    return trial(RUNNING, losses, stored=Stored(owner=owner))


def record(
    *trials: FrozenTrial,
    of: Definition | None = None,
    asked: int = 0,
    direction: StudyDirection = StudyDirection.MINIMIZE,
) -> StudyRecord:
    """A study of this program's with these trials, numbered from 0."""
    study = optuna.create_study(study_name="made", direction=direction)
    store_binding(study, Binding.of(of or definition(), "fingerprint"))
    store_asked(study, asked)
    study.add_trials(trials)
    return StudyRecord.of(study)


def foreign(
    *trials: FrozenTrial, directions: Sequence[StudyDirection] = (StudyDirection.MINIMIZE,)
) -> StudyRecord:
    """A study of another program's with these trials."""
    study = optuna.create_study(study_name="made", directions=directions)
    study.add_trials(trials)
    return StudyRecord.of(study)
