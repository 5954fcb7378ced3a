"""The verdict: what to use, in words, and what may be said of it, each sentence with its card."""

import math
from dataclasses import dataclass

from data.errors import several
from search.definition.criteria import LOSS
from search.findings.ablation import Ablation, ablation_of
from search.findings.card import NotYet, Said, Tile
from search.findings.cards.ablation import ablation_said
from search.findings.cards.baseline import baseline_text, is_ahead
from search.findings.cards.confirmed import confirmed_said, plus_minus
from search.findings.cards.convergence import convergence_said
from search.findings.cards.digits import value_of, with_ends
from search.findings.cards.enough import enough_said
from search.findings.cards.failures import failures_text
from search.findings.cards.importance import importance_said
from search.findings.cards.leaders import leaders_said
from search.findings.cards.listed_first import listed_said, listed_tiles, listed_use
from search.findings.cards.pruning import pruning_said
from search.findings.clock import clock_of
from search.findings.confirmed import Confirmed, confirmed_of
from search.findings.convergence import Convergence, convergence_of
from search.findings.enough import Enough, enough_of
from search.findings.evidence import Evidence
from search.findings.importance import Importance, importance_of
from search.findings.leaders import Leaders, leaders_of
from search.findings.listed import Listed
from search.findings.net_text import net_text
from search.findings.pruning_audit import PruningAudit, pruning_of
from search.findings.text import hours_text, objective_text, states_of
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

FIRST = 3  # sentences, where there is no room for more


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that is computed of a study, or why not yet.

    ``is_of_ablation`` says that the study itself has no trials: its ablation alone was trained.
    """

    leaders: Leaders | NotYet
    confirmed: Confirmed | NotYet
    importance: Importance | NotYet
    enough: Enough | NotYet
    convergence: Convergence | NotYet
    pruning: PruningAudit | NotYet
    ablation: Ablation | Listed | NotYet
    is_of_ablation: bool

    @classmethod
    def of(cls, evidence: Evidence) -> "Known":
        """Compute it."""
        return cls(
            leaders=leaders_of(evidence),
            confirmed=confirmed_of(evidence),
            importance=importance_of(evidence),
            enough=enough_of(evidence),
            convergence=convergence_of(evidence),
            pruning=pruning_of(evidence),
            ablation=ablation_of(evidence),
            is_of_ablation=evidence.of_trainings is not evidence,
        )


def said_of(known: Known) -> tuple[Said, ...]:
    """What may be said, the most important first; the cards have each topic's other sentences."""
    ablation = _ablation_said(known.ablation)
    if known.is_of_ablation:
        return tuple(ablation)
    parts = (
        importance_said(known.importance),
        leaders_said(known.leaders)[:2],
        enough_said(known.enough)[:1],
        ablation,
        confirmed_said(known.confirmed)[1:3],
        pruning_said(known.pruning)[:1],
        convergence_said(known.convergence)[-1:],
    )
    return tuple(Said(" ".join(one.text for one in part), part[0].card) for part in parts if part)


def _ablation_said(found: Ablation | Listed | NotYet) -> list[Said]:
    said = listed_said(found) if isinstance(found, Listed) else ablation_said(found)
    return said[:2]


def first_said(evidence: Evidence) -> list[str]:
    """The most important of what a study says."""
    return [sentence.text for sentence in said_of(Known.of(evidence))[:FIRST]]


def answer_of(record: StudyRecord, known: Known) -> tuple[str, ...]:
    """What to use, in one or two sentences; that it is no net, where nets are not better."""
    best = record.best
    listed = known.ablation if isinstance(known.ablation, Listed) else None
    if listed and listed.best is not None and (best is None or _is_whole(listed, known)):
        return listed_use(record, listed)
    if best is None:
        trials = ", ".join(f"{count:,} {word}" for word, count in states_of(record).items())
        because = f"No trial is complete ({trials})" if trials else "There are no trials yet"
        failed = failures_text(record)
        why = (f"Failures: {failed}.",) if failed else ()
        return (f"{because}, so that there is nothing to use yet.", *why)
    if isinstance(known.leaders, NotYet):  # another program's
        if best.value is None or not math.isfinite(best.value):
            return (f"The best trial is {best.number}, but its value is {best.value}.",)
        return (
            f"The best trial is {best.number}, with {best.value:.4g}: {_named(record, best)}.",
        )
    baseline, use = _baseline(known.leaders, known.confirmed), _use(record, best, known)
    lines = (use, baseline) if _is_ahead(known.leaders) else (baseline, use)
    return tuple(line for line in lines if line)


def _is_whole(listed: Listed, known: Known) -> bool:
    """Whether the listed configurations' seeds say more than one seed of each does."""
    return not listed.missing and isinstance(known.confirmed, NotYet)


def _use(record: StudyRecord, best: TrialRecord, known: Known) -> str:
    """The configuration with its scores: of fresh seeds, where these have been trained.

    Where the linear baseline does as well, nobody is told to use a net.
    """
    name, confirmed, leaders = objective_text(record.objective), known.confirmed, known.leaders
    assert isinstance(leaders, Leaders)
    use = "Use" if _is_ahead(leaders) else "The best net is"
    if isinstance(confirmed, Confirmed):
        found = confirmed.configurations[0]
        trial = record.trials[found.trial]
        scores = [f"{name} {plus_minus(found.mean)}"]
        if found.accuracy and name != "accuracy":
            scores.append(f"accuracy {with_ends(found.accuracy)}")
        seeds = several(len(found.values), "fresh seed")
        return f"{use} {net_text(record, trial)}: {', '.join(scores)}, confirmed by {seeds}."
    found_best = leaders.of(best.number)
    own = found_best.loss if record.objective == LOSS else None
    scores = [f"{name} {value_of(own) if own else f'{best.value:.4f}'}"]
    if found_best.accuracy:
        others = f"accuracy {with_ends(found_best.accuracy)}"
        scores = [others] if name == "accuracy" else [*scores, others]
    return f"{use} {net_text(record, best)}: {', '.join(scores)}, by one seed."


def _baseline(leaders: Leaders, confirmed: Confirmed | NotYet) -> str:
    """The test is of the best trial, which seeds need not have confirmed: then it is named."""
    best = leaders.trials[0]
    is_used = isinstance(confirmed, NotYet) or confirmed.configurations[0].trial == best.number
    of = "" if is_used else f" of trial {best.number}, the best of the search"
    return baseline_text(leaders.references, best.accuracy, test="McNemar's p", of=of)


def _is_ahead(leaders: Leaders) -> bool:
    return is_ahead(leaders.references, leaders.trials[0].accuracy)


def _named(record: StudyRecord, trial: TrialRecord) -> str:
    return net_text(record, trial) if trial.params else "it has no parameters"


def tiles_of(evidence: Evidence, known: Known) -> tuple[Tile, ...]:
    """Four numbers for the first screen, each with what it counts."""
    if known.is_of_ablation and isinstance(known.ablation, Listed):
        return listed_tiles(known.ablation)
    record = evidence.record
    counts = states_of(record)
    complete, pruned = counts.pop("complete", 0), counts.get("pruned", 0)
    others = [f"{count:,} {word}" for word, count in counts.items()]
    if (missing := record.asked - len(record.finished)) > 0:
        others.append(f"{missing:,} to run")
    if hours := clock_of(record).hours:
        others.append(hours_text(hours))
    return (
        Tile(f"{complete:,} complete", ", ".join(others)),
        _saved(known.pruning, pruned),
        _ties(known.leaders),
        _confirmed(known.confirmed, record),
    )


def _saved(found: PruningAudit | NotYet, pruned: int) -> Tile:
    if isinstance(found, NotYet) and pruned:
        return Tile("unknown", "how many epochs pruning saved")
    if isinstance(found, NotYet):
        return Tile("0%", "of epochs saved: nothing pruned")
    return Tile(f"{found.saved_share:.0%}", "of the epochs saved by pruning")


def _ties(found: Leaders | NotYet) -> Tile:
    if isinstance(found, NotYet) or not found.group:
        return Tile("unknown", "how many trials tie for best")
    if found.tested == 1:
        return Tile("1 trial", "tested: nothing to compare it with")
    count = len(found.group)
    return Tile(several(count, "trial"), "leads alone" if count == 1 else "tie for best")


def _confirmed(found: Confirmed | NotYet, record: StudyRecord) -> Tile:
    if isinstance(found, NotYet):
        label = "by fresh seeds: search.final"
        if record.best is None:
            label = "no trial is complete"
        elif not record.is_ours:
            label = "another program made the study"
        return Tile("not confirmed", label)
    seeds = several(found.seeds, "fresh seed")
    if found.missing:
        return Tile(
            "half confirmed", several(found.missing, "training is", "trainings are") + " left"
        )
    return Tile("confirmed", f"{several(len(found.configurations), 'configuration')}, {seeds}")
