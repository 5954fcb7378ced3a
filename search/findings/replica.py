"""A study in memory, for what Optuna computes and draws of studies only."""

from collections.abc import Sequence

import optuna

from search.storage.record import StudyRecord, TrialRecord


def replica(record: StudyRecord, trials: Sequence[TrialRecord]) -> optuna.Study:
    """A study of these ``trials`` of ``record`` in the space of now, without attributes.

    Optuna's figures write attributes out in full per trial.
    """
    study = optuna.create_study(study_name=record.name, directions=record.directions)
    study.add_trials([trial.without_attributes() for trial in trials])
    return study
