"""The classifiers that a confirmation leads to: a seed's net, a refit, an ensemble, the SVM."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from data.errors import DataError
from model.assembly import assemble
from model.calibration import fit_linear
from model.checkpoint import load, save
from model.devices import share_of_threads
from model.ensemble import Ensemble, Member
from model.linear import LinearClassifier
from model.metrics import NotFiniteError
from model.prediction import TextClassifier
from search.confirmation.ensemble import Selection, select
from search.errors import SearchFailedError
from search.findings.lineup import Line, Lineup
from search.interrupts import interruptible
from search.job import Job
from search.storage.trial_record import TrialRecord
from search.trials.objective import prepare_for
from search.trials.rebuilding import rebuild
from search.trials.seeds import derive

MEMBERS = 5  # of an ensemble, where nothing else is said
LINEAR = "linear"  # its folder, and what it is called among the candidates
Probabilities = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A classifier that an ensemble may take.

    Attributes:
        name: for people.
        folder: where it lies.
        probabilities: (N, C) of the validation texts.
    """

    name: str
    folder: Path
    probabilities: Probabilities


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """An ensemble with its members.

    Attributes:
        selection: weights by the candidates' places.
        members: the chosen candidates, in that order.
    """

    selection: Selection
    members: tuple[Candidate, ...]

    def build(self, about: Mapping[str, Any]) -> Ensemble:
        """The ensemble itself."""
        loaded = [load(member.folder) for member in self.members]
        assert all(isinstance(each, Member) for each in loaded)
        return Ensemble(
            members=tuple(loaded),  # type: ignore[arg-type]
            weights=tuple(self.selection.weights.values()),
            about=about,
        )


def net_of(job: Job, trial: TrialRecord) -> TextClassifier:
    """The classifier of a complete trial of the final study; trained again where it is gone.

    Raises:
        DataError: it is gone, and here its training gives another one.
    """
    folder = job.home.net(trial.number)
    if not folder.is_dir():
        again, epoch = rebuild(job.objective, job.prepared, job.placement, trial)
        if epoch.score != trial.value:
            raise DataError(
                f"{folder} is gone, and trained again here its value is {epoch.score:.4f} in the "
                f"place of {trial.value:.4f} (another machine, or number of threads): put it back"
            )
        save(folder, again)
    net = load(folder)
    assert isinstance(net, TextClassifier)
    return net


def linear_of(job: Job) -> LinearClassifier:
    """The linear classifier of the study's training texts; fitted once, then kept."""
    folder = job.home.folder / LINEAR
    if (folder / "settings.json").is_file():
        kept = load(folder)
        if isinstance(kept, LinearClassifier) and kept.about["fingerprint"] == _texts(job):
            return kept
    with interruptible():
        fitted = fit_linear(job.prepared, job.objective.classes)
    fitted = replace(fitted, about={"fingerprint": _texts(job), "study": job.home.name})
    save(folder, fitted)
    return fitted


def candidates(job: Job, lineup: Lineup, linear: LinearClassifier) -> list[Candidate]:
    """All that an ensemble may take: each configuration's seeds, best first, and the SVM."""
    deepest = max(len(line.confirmed) for line in lineup.lines)
    found = []
    for seed in range(deepest):
        for line in lineup.ranked:
            if seed < len(line.confirmed):
                found += _candidate(job, line.confirmed[seed])
    folder = job.home.folder / LINEAR
    said = linear.of_encoded(job.prepared.validation)
    return [*found, Candidate(name=LINEAR, folder=folder, probabilities=said)]


def choose_ensemble(job: Job, found: list[Candidate], most: int) -> Chosen:
    """The best ensemble of at most ``most`` of the candidates ``found``."""
    right = job.prepared.validation.labels
    selection = select([each.probabilities for each in found], right, most=most)
    return Chosen(selection=selection, members=tuple(found[i] for i in selection.weights))


def refit(job: Job, line: Line) -> tuple[TextClassifier, LinearClassifier]:
    """The configuration of ``line`` trained on the validation texts too, and the SVM likewise.

    It trains for as many epochs as its seeds were best after, in the mean; no text is left that
    could score it.
    """
    objective, placement = job.objective, job.placement
    definition = objective.definition
    with interruptible(), share_of_threads(placement.jobs):
        every = prepare_for(definition, job.corpus, job.vectors, all_train=True)
        net_settings, train_settings = definition.settings(line.searched.params)
        seed = derive(definition.search.seed, 0, "refit")
        device = placement.devices[0]
        made = assemble(every, net_settings, train_settings, seed=seed, device=device)
        try:
            for _ in range(line.epochs):
                made.trainer.run_epoch(made.train, made.validation)
        except NotFiniteError as error:
            raise SearchFailedError(f"the refit failed: {error}") from None
        weights = made.trainer.average.model.to(torch.device("cpu")).state_dict()
        words = every.of(net_settings.tokens).vocabulary.cut(net_settings.vocab_threshold)
        net = TextClassifier.from_weights(weights, net_settings, words, objective.classes)
        linear = fit_linear(every, objective.classes)
    about = {
        "study": job.home.name,
        "epochs": line.epochs,
        "seed": seed,
        "settings": train_settings.model_dump(),
    }
    return replace(net, about=about), linear


def _candidate(job: Job, trial: TrialRecord) -> list[Candidate]:
    kept, net = job.home.probabilities(trial.number), job.home.net(trial.number)
    if not (kept.is_file() and net.is_dir()):  # a person may have removed them
        return []
    name = f"trial {trial.number} of {job.home.name}"
    return [Candidate(name=name, folder=net, probabilities=np.load(kept))]


def _texts(job: Job) -> str:
    """What the linear classifier depends on."""
    prepared = job.prepared
    return f"{job.objective.fingerprint} {len(prepared.train)} {prepared.kind}"
