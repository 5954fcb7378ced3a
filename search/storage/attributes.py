"""What this program stores with a trial: the names of the attributes, their types, both ways."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import Any

from model.epoch import Epoch
from search.definition.route import Route
from search.definition.steps import Asked, Steps
from search.storage.owner import Owner
from search.workers.events import Failure

# Names that databases have had from the beginning, where a field is called otherwise.
RENAMED = {"weight_count": "parameters", "vocabulary_size": "vocabulary", "pruning": "pruned"}


@dataclass(frozen=True, kw_only=True)
class DataCard:
    """What was read before the first trial.

    Attributes:
        lines: rows, columns, classes, words, lengths, repeats ...
        warnings: what is alarming about it.
    """

    lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What a linear classifier has on the validation texts; see ``model.baseline``."""

    accuracy: float
    macro_f1: float


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A look at test rows.

    Attributes:
        time: when it began, UTC, in ISO form.
        command: as one would type it again.
        test: the file or split.
        fingerprint: of the rows.
        rows: how many.
        repeated: of them, those that the search has seen among its own rows.
        unseen: rows of each class that the search does not have.
        model: what was tested: "net", "refit" or "ensemble".
        tested: which one exactly, so that its numbers are never shown as another's.
        params: the chosen configuration.
        scores: of each classifier, by its name; empty: it was broken off.
    """

    time: str
    command: str
    test: str
    fingerprint: str
    rows: int
    repeated: int = 0
    unseen: dict[str, int] = field(default_factory=dict)
    model: str
    params: dict[str, Any]
    tested: str = ""
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Pruning:
    """What a pruner compared when it ended a trial.

    Attributes:
        epoch: the trial's last.
        value: its best score until then.
        median: of the complete trials at that epoch, where the rule was the median's.
        trials: how many these were.
    """

    epoch: int
    value: float
    median: float | None = None
    trials: int | None = None


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What this program stores with a trial; a default means that it was not stored.

    Attributes:
        owner: who runs it, or ran it.
        queued: another program or ``--enqueue`` put it into the study, to be run.
        repeat_of: the first trial of the same configuration, of which it is another seed.
        repetition: the how-manieth trial of its configuration it is, from 1.
        reused: the trial of another study that it is a copy of, with its study's name.
        seed: of its training, where it was queued with one; see ``seeds`` of a study file.
        finishes: the pruned trial of another study that it is run to the end for.
        weight_count: trained weights of its net.
        vocabulary_size: words of its net, special tokens included.
        environment: versions, commit, command line, host, device and precision.
        batch_parts: into how many parts its batches were cut, since memory ran out.
        curve: its epochs so far.
        pruning: what its pruner compared.
        ended_by: the option that ended it before its last epoch.
        failure: why it failed.
        best_epoch: the epoch with the best score; from here on: once it has ended.
        best_loss: validation loss of that epoch, in nats.
        accuracy: likewise.
        macro_f1: likewise.
        seconds: of training and validation, over all epochs.
    """

    owner: Owner | None = None
    queued: bool = False
    repeat_of: int | None = None
    repetition: int = 1
    reused: str = ""
    seed: int | None = None
    finishes: int | None = None
    weight_count: int | None = None
    vocabulary_size: int | None = None
    environment: dict[str, Any] = field(default_factory=dict)
    batch_parts: int = 1
    curve: tuple[Epoch, ...] = ()
    pruning: Pruning | None = None
    ended_by: str = ""
    failure: Failure | None = None
    best_epoch: int | None = None
    best_loss: float | None = None
    accuracy: float | None = None
    macro_f1: float | None = None
    seconds: float | None = None


def as_card(stored: object) -> DataCard:
    """A card as it is stored with a study; an empty one where none is."""
    given = stored if isinstance(stored, dict) else {}
    return DataCard(**{name: tuple(map(str, lines)) for name, lines in given.items()})


def as_baseline(stored: object) -> Baseline | None:
    """A baseline as it is stored with a study; ``None`` where none is."""
    return Baseline(**stored) if isinstance(stored, dict) else None


def as_openings(stored: object) -> tuple[Opening, ...]:
    """Openings as they are stored with a study."""
    return tuple(Opening(**row) for row in stored) if isinstance(stored, list) else ()


def as_ablation(stored: object) -> Asked | None:
    """What an ablation asks as it is stored with its study; ``None`` where nothing is."""
    if not isinstance(stored, dict):
        return None
    if "rows" in stored:
        return Steps.stored(stored)
    return Route(**{**stored, "order": tuple(stored["order"])})


def from_attributes(given: Mapping[str, Any]) -> Stored:
    """The reverse of ``to_attributes``; what else is ``given`` is left out."""
    names = {f.name: RENAMED.get(f.name, f.name) for f in fields(Stored)}
    return Stored(**{k: _typed(k, given[n]) for k, n in names.items() if n in given})


def to_attributes(stored: Stored) -> dict[str, Any]:
    """What is not a default, by attribute, as JSON can hold it."""
    blank = Stored()
    changed = {f.name: getattr(stored, f.name) for f in fields(stored)}
    changed = {name: value for name, value in changed.items() if value != getattr(blank, name)}
    return {RENAMED.get(name, name): _jsonable(value) for name, value in changed.items()}


def _jsonable(value: Any) -> Any:
    if isinstance(value, tuple):
        return [epoch._asdict() for epoch in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return {k: v for k, v in asdict(value).items() if v is not None or isinstance(value, Failure)}


def _typed(name: str, value: Any) -> Any:
    """The reverse of ``_jsonable``."""
    if name == "curve":
        return tuple(Epoch.of(row) for row in value)
    if name == "failure":
        return Failure(**{"device": "", **value, "traceback": tuple(value.get("traceback", ()))})
    kinds = {"owner": Owner, "pruning": Pruning}
    return kinds[name](**value) if name in kinds and value is not None else value
