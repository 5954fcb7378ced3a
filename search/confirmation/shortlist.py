"""Which configurations of a study are trained again, and as what trials of its final study.

The final study is called NAME-final and lies in the same storage. Its trials are queued, one for
each configuration and seed, and run by the same loop as any others; configurations share their
seeds, so that they are compared on equal terms.
"""

from collections.abc import Sequence

import optuna
from optuna.trial import TrialState

from data.errors import several
from search.definition.tables import Definition
from search.errors import StudyError
from search.findings.lineup import Run, run_of
from search.storage.marks import queue
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.limits import Limits


def shortlist(record: StudyRecord, count: int) -> list[TrialRecord]:
    """The best complete trial of each of the ``count`` best configurations, best first.

    Raises:
        StudyError: no trial is complete, or it is another program's study.
    """
    if not record.is_ours:
        raise StudyError(
            f"the study {record.name} was made by another program: its settings are not known"
        )
    best: list[TrialRecord] = []
    for trial in record.ranking:
        if all(trial.params != other.params for other in best):
            best.append(trial)
    if not best:
        raise StudyError(
            f"the study {record.name} has no complete trial yet "
            f"({several(len(record.trials), 'trial')}): search first"
        )
    return best[:count]


def final_definition(definition: Definition) -> Definition:
    """That of the final study: nothing is pruned, and seeds are shared."""
    search = definition.search.model_copy(update={"pruner": "none", "seeds": "shared"})
    rows = [] if definition.space else definition.enqueue  # that say what a space would
    return definition.model_copy(update={"search": search, "enqueue": rows})


def missing(record: StudyRecord, wanted: Sequence[Run]) -> list[Run]:
    """Those of ``wanted`` that no trial is, was or waits to be; failed ones are tried again."""
    there = [run_of(t) for t in record.trials if t.state != TrialState.FAIL]
    return [run for run in wanted if run not in there]


def queue_missing(study: optuna.Study, wanted: Sequence[Run], *, take_over: bool) -> Limits:
    """Queue what is ``missing``, and how far a run of it goes; hold the study's lock.

    Args:
        study: that trains it.
        wanted: configurations and seeds.
        take_over: running trials of other hosts are gone on with.
    """
    for params, seed in missing(StudyRecord.of(study), wanted):
        queue(study, params, repetition=seed)
    record = StudyRecord.of(study)
    left = [t for t in record.trials if not t.state.is_finished() and run_of(t) in wanted]
    return Limits(
        trials=len(record.finished) + len(left),
        take_over=take_over,
        only={trial.number for trial in left},
    )
