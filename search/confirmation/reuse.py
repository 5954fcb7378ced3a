"""Trainings that another study of the same texts has already made, with the same seed."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import optuna
from optuna.trial import TrialState
from pydantic import ValidationError

from model.devices import device_name
from search.definition.domain import Value
from search.definition.route import Run
from search.definition.space import distributions
from search.definition.tables import Definition
from search.job import Job
from search.storage.binding import TRAINER, difference
from search.storage.home import StudyHome
from search.storage.marks import add_copy
from search.storage.reading import load_studies
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord
from search.trials.seeds import derive, training_seed

OWN = ("search.", "space.", "fixed.", "enqueue")  # of two studies, what a training need not share


class Reused(NamedTuple):
    """A training that need not be run."""

    study: str
    trial: int


def reuse(study: optuna.Study, job: Job, wanted: Sequence[Run]) -> list[Reused]:
    """Copy what is ``wanted`` and complete elsewhere into ``study``; hold its lock.

    Args:
        study: the ablation's.
        job: of it.
        wanted: configurations and seeds.
    """
    definition, found = job.objective.definition, []
    seeds = {seed: derive(definition.search.seed, seed, "confirmation") for _, seed in wanted}
    there = dict(_trained(job))
    for params, seed in wanted:
        key = _key(definition, params, seeds[seed])
        if key in there:
            _copy(study, job, (params, seed), *there[key])
            found.append(Reused(there[key][0].name, there[key][1].number))
    return found


def _trained(job: Job) -> Iterator[tuple[str, tuple[StudyRecord, TrialRecord]]]:
    """The complete trainings of other studies that would be the same here, by what they are."""
    device = device_name(job.placement.devices[0])
    for record in load_studies(job.home.url):
        if record.binding is None or record.name == job.home.name or not _is_alike(record, job):
            continue
        try:
            definition = record.binding.definition
        except ValidationError:  # an earlier version's
            continue
        for trial in record.in_state(TrialState.COMPLETE):
            environment = trial.stored.environment
            if environment.get("device") == device and not trial.stored.ended_by:
                seed = training_seed(definition.search, trial)
                yield _key(definition, trial.params, seed), (record, trial)


def _is_alike(record: StudyRecord, job: Job) -> bool:
    """Whether texts, split, vectors, trainer and objective are the same."""
    assert record.binding is not None
    differs = difference(record.binding, job.binding)
    return record.binding.objective == job.binding.objective and all(
        each.key.startswith(OWN) and each.key != TRAINER for each in differs
    )


def _key(definition: Definition, params: dict[str, Value], seed: int) -> str:
    net_settings, train_settings = definition.settings(params)
    found = {**net_settings.model_dump(), **train_settings.model_dump()}
    found["embedding_dim"] = found["embedding_dim"] or found["hidden_dim"]
    return repr((sorted(found.items()), seed))


def _copy(
    study: optuna.Study, job: Job, run: Run, record: StudyRecord, trial: TrialRecord
) -> None:
    """Make ``trial`` a trial of ``study``, what it said of the validation texts included."""
    params, seed = run
    number = len(study.get_trials(deepcopy=False))
    said = StudyHome(name=record.name, url=job.home.url).probabilities(trial.number)
    if said.is_file():
        place = job.home.probabilities(number)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(said, place)
    stored = replace(
        trial.stored,
        repetition=seed,
        repeat_of=None,
        seed=None,
        finishes=None,
        queued=True,
        reused=f"{record.name} {trial.number}",
    )
    add_copy(study, trial, params, distributions(job.objective.definition), stored)
