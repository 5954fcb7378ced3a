"""From confirmed configurations to the model's folder: built, tested once if asked, described."""

from collections.abc import Mapping
from dataclasses import dataclass

import optuna

from data.errors import several
from model.checkpoint import save
from model.ensemble import Classifier
from model.linear import LinearClassifier
from model.prediction import TextClassifier
from search.confirmation.card import card
from search.confirmation.confirming import Confirmation
from search.confirmation.looks import Entrant, Look
from search.confirmation.models import (
    MEMBERS,
    Chosen,
    candidates,
    choose_ensemble,
    linear_of,
    net_of,
    refit,
)
from search.confirmation.sealed import Sealed, look
from search.findings.lineup import Lineup
from search.findings.text import parameters_text
from search.storage.record import StudyRecord

LINEAR_NAME = "linear SVM"


@dataclass(frozen=True, kw_only=True)
class Built:
    """The model and what stands beside it.

    Attributes:
        kind: "net", "refit" or "ensemble".
        made_of: which trainings it comes from: other models have another one.
        model: what is kept.
        about: sentences on how it was made.
        nets: the chosen configuration's, by seed.
        ensemble: of all seeds, the linear classifier among them.
        linear: fitted to the same texts as the nets.
        refit_linear: fitted to those of the refit too.
    """

    kind: str
    made_of: str
    model: Classifier
    about: tuple[str, ...]
    nets: Mapping[str, TextClassifier]
    ensemble: Chosen
    linear: LinearClassifier
    refit_linear: LinearClassifier | None = None


def build(confirmation: Confirmation, lineup: Lineup) -> Built:
    """Put together what was asked for: the best seed's net, a refit, or an ensemble.

    Raises:
        DataError: a net that was trained is gone.
    """
    asked, job, best = confirmation.asked, confirmation.job, lineup.best
    linear = linear_of(job)
    nets = {f"seed {t.stored.repetition}": net_of(job, t) for t in best.confirmed}
    found = candidates(job, lineup, linear)
    ensemble = choose_ensemble(job, found, asked.ensemble or MEMBERS)
    own = f"seed {best.best.stored.repetition}"
    kind, about, more = "net", _about_net(lineup), None
    made_of = f"trial {best.best.number} of {job.home.name}"
    model: Classifier = nets[own]
    if asked.refit:
        kind, about = "refit", _about_refit(lineup)
        made_of = f"{parameters_text(best.searched.params)}, {several(best.epochs, 'epoch')}"
        model, more = refit(job, best)
    elif asked.ensemble:
        kind, about = "ensemble", ensemble_lines(ensemble)
        made_of = members_text(ensemble)
        model = ensemble.build({"study": job.home.name, "members": list(about)})
    return Built(
        kind=kind,
        made_of=made_of,
        model=model,
        about=tuple(about),
        nets=nets,
        ensemble=ensemble,
        linear=linear,
        refit_linear=more,
    )


def write_model(
    confirmation: Confirmation, lineup: Lineup, built: Built, study: optuna.Study
) -> None:
    """Write the model's folder, in the place of the one that was there."""
    text = card(
        f"{confirmation.home.name}: {built.kind}",
        confirmation.source,
        lineup,
        about=built.about,
        made_of=built.made_of,
        openings=StudyRecord.of(study).openings,
    )
    save(confirmation.home.model, built.model, files={"README.md": text})


def test_once(
    confirmation: Confirmation, lineup: Lineup, built: Built, study: optuna.Study, sealed: Sealed
) -> Look:
    """Look at the test rows that are asked for."""
    return look(
        study,
        confirmation.job.home,
        sealed,
        _entrants(built),
        model=built.kind,
        tested=built.made_of,
        params=lineup.best.searched.params,
    )


def _entrants(built: Built) -> dict[str, Entrant]:
    """All that are tested, the model first, each against the SVM that saw the same texts."""
    seeds = {name: Entrant(net, LINEAR_NAME) for name, net in built.nets.items()}
    ensemble: Classifier = built.ensemble.build({})
    entrants = {**seeds, "ensemble": Entrant(ensemble, LINEAR_NAME)}
    linear = {LINEAR_NAME: Entrant(built.linear)}
    if built.refit_linear is not None:
        name = f"{LINEAR_NAME}, refit"
        entrants = {"refit": Entrant(built.model, name), **entrants}
        linear[name] = Entrant(built.refit_linear)
    elif built.kind == "ensemble":
        entrants = {"ensemble": entrants.pop("ensemble"), **entrants}
    else:
        own = next(name for name, net in built.nets.items() if net is built.model)
        entrants = {own: entrants.pop(own), **entrants}
    return {**entrants, **linear}


def ensemble_lines(chosen: Chosen) -> list[str]:
    """The members of an ensemble, and how they were found."""
    selection = chosen.selection
    if selection.is_chosen:
        how = "the same texts chose it, so that this is a little too low"
    else:
        how = "too few validation texts to choose members by, so it is the plain mean"
    return [f"ensemble: validation loss {selection.loss:.4f} ({how}): {members_text(chosen)}"]


def members_text(chosen: Chosen) -> str:
    """Each member of an ensemble and its weight."""
    weights = chosen.selection.weights.values()
    pairs = zip(chosen.members, weights, strict=True)
    return ", ".join(f"{member.name} ({weight:.2f})" for member, weight in pairs)


def _about_net(lineup: Lineup) -> list[str]:
    best, count = lineup.best.best, len(lineup.best.confirmed)
    return [f"It is seed {best.stored.repetition}, the best of {count} by its value."]


def _about_refit(lineup: Lineup) -> list[str]:
    return [
        f"It was trained on the training and the validation texts for {lineup.best.epochs} "
        "epochs, the confirmed best number: no text is left that could score it, and no "
        "validation loss can be shown for it."
    ]
