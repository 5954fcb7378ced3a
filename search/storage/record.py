"""Everything that a study remembers, typed: the only file that reads attributes.

Another program's study has attributes of its own, which may be anything: of its trials only what
is Optuna's is read.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, zip_longest
from operator import attrgetter
from weakref import WeakKeyDictionary

import optuna
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from model.criterion import best_of
from model.epoch import Epoch
from search.definition.criteria import LOSS, is_maximized
from search.definition.domain import Value
from search.definition.steps import Asked
from search.storage.attributes import (
    Baseline,
    DataCard,
    Opening,
    Stored,
    as_ablation,
    as_baseline,
    as_card,
    as_openings,
    from_attributes,
)
from search.storage.binding import Binding
from search.storage.widened import UNCHANGED, Widened, widened_since

FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
BEGUN = (TrialState.RUNNING, *FINISHED)
# Attributes of a study.
DEFINITION, ASKED, IDENTITY, CARD = "definition", "asked", "identity", "data_card"
BASELINE, OPENINGS, ABLATION = "baseline", "test_openings", "ablation"
# What was read last of each open study. Optuna hands out a finished trial as the same object each
# time and one that has changed as another, so that of ten thousand trials one is read again.
_KNOWN: "WeakKeyDictionary[optuna.Study, tuple[TrialRecord, ...]]" = WeakKeyDictionary()


@dataclass(frozen=True)
class TrialRecord:
    """A trial in any state, as it was when it was read.

    Attributes:
        frozen: what Optuna has of it.
        is_ours: this program made its study, so that its attributes mean what they do here.
        widened: what has become of its space since then.
        objective: what its study is searched for; "": another program made it.
    """

    frozen: FrozenTrial
    is_ours: bool = True
    widened: Widened = UNCHANGED
    objective: str = LOSS

    @cached_property
    def number(self) -> int:
        """Of the trial, from 0."""
        return self.frozen.number

    @cached_property
    def state(self) -> TrialState:
        """Of the trial."""
        return self.frozen.state

    @cached_property
    def value(self) -> float | None:
        """What it was told with: the best epoch's score if complete, the last one's if pruned."""
        return self.frozen.value

    @cached_property
    def params(self) -> dict[str, Value]:
        """All parameters of the space of now; defaults stand for those ``filled_in``."""
        return self.widened.params(self.frozen) if self.widened.defaults else self.frozen.params

    @property
    def filled_in(self) -> tuple[str, ...]:
        """Parameters that are younger than the trial."""
        return self.widened.missing(self.frozen)

    @property
    def queued(self) -> dict[str, Value] | None:
        """The parameters it was queued with, while it waits to be run."""
        waits = self.state == TrialState.WAITING
        return dict(self.frozen.system_attrs.get("fixed_params", {})) if waits else None

    @cached_property
    def stored(self) -> Stored:
        """What this program stored with it."""
        return from_attributes(self.frozen.user_attrs) if self.is_ours else Stored()

    @cached_property
    def is_of_others(self) -> bool:
        """Whether a study of this program's has it from another one, which has run it."""
        return self.stored.owner is None and not self.stored.curve and not self.stored.queued

    @cached_property
    def is_proposed_here(self) -> bool:
        """Whether this program proposed it, and neither was told to nor has it from another."""
        is_theirs = self.is_ours and self.is_of_others and self.state in BEGUN
        return not (is_theirs or self.stored.queued)

    @property
    def best_epoch(self) -> Epoch | None:
        """The epoch with the best score so far, if one was stored."""
        return best_of(self.stored.curve, maximize=is_maximized(self.objective))

    def in_space_of_now(self) -> FrozenTrial:
        """It as Optuna's, with the parameters and distributions of the space of now."""
        return self.widened.completed(self.frozen)


@dataclass(frozen=True)
class StudyRecord:
    """A study as it was when it was read.

    Attributes:
        name: of the study.
        directions: of its objectives; this program's studies have one.
        binding: what it is bound to; ``None``: another program made it.
        asked: the total of finished trials that was asked for last; 0: none was.
        identity: of the study, in no other database; "": an earlier version made it.
        card: what was read before the first trial.
        frozen: its trials, as Optuna has them.
        baseline: of its texts; ``None``: it has not been fitted yet.
        openings: of test rows, in the order in which they were opened.
        ablation: what an ablation asks, if the study is one.
        known: trials as they were read before.
    """

    name: str
    directions: tuple[StudyDirection, ...]
    binding: Binding | None
    asked: int
    identity: str
    card: DataCard
    frozen: Sequence[FrozenTrial]
    baseline: Baseline | None = None
    openings: tuple[Opening, ...] = ()
    ablation: Asked | None = None
    known: "tuple[TrialRecord, ...]" = ()

    @classmethod
    def of(cls, study: optuna.Study) -> "StudyRecord":
        """Read ``study``; its trials' attributes are read when they are asked for."""
        # Another program's study may have attributes of the same names.
        stored = study.user_attrs
        stored = stored if DEFINITION in stored else {}
        record = cls(
            name=study.study_name,
            directions=tuple(study.directions),
            binding=Binding(stored[DEFINITION]) if stored else None,
            asked=stored.get(ASKED, 0),
            card=as_card(stored.get(CARD)),
            identity=stored.get(IDENTITY, ""),
            frozen=study.get_trials(deepcopy=False),
            baseline=as_baseline(stored.get(BASELINE)),
            openings=as_openings(stored.get(OPENINGS)),
            ablation=as_ablation(stored.get(ABLATION)),
            known=_KNOWN.get(study, ()),
        )
        _KNOWN[study] = record.trials
        return record

    @property
    def is_ours(self) -> bool:
        """Whether this program made it; else attributes may be anything."""
        return self.binding is not None

    @property
    def objective(self) -> str:
        """What it is searched for; "": another program knows."""
        return self.binding.objective if self.binding else ""

    @cached_property
    def trials(self) -> tuple[TrialRecord, ...]:
        """All trials, by number; those that have not changed are the ``known`` ones."""
        common = (self.is_ours, widened_since(self.binding, self.frozen), self.objective)
        known = self.known
        if known and (known[0].is_ours, known[0].widened, known[0].objective) != common:
            known = ()
        return tuple(
            [
                old if old is not None and old.frozen is trial else TrialRecord(trial, *common)
                for trial, old in zip_longest(self.frozen, known[: len(self.frozen)])
            ]
        )

    @cached_property
    def finished(self) -> tuple[TrialRecord, ...]:
        """Those that count for the total: complete and pruned ones of this program's."""
        return tuple(t for t in self.in_state(*FINISHED) if not (self.is_ours and t.is_of_others))

    @cached_property
    def complete(self) -> tuple[TrialRecord, ...]:
        """The trials of the ``ranking``, by number; none of a study with several objectives."""
        if len(self.directions) > 1:
            return ()
        return tuple(t for t in self.finished if t.state == TrialState.COMPLETE)

    @cached_property
    def ranking(self) -> tuple[TrialRecord, ...]:
        """The complete trials, best first."""
        is_maximized = self.directions[0] == StudyDirection.MAXIMIZE
        return tuple(sorted(self.complete, key=attrgetter("value"), reverse=is_maximized))

    @cached_property
    def best(self) -> TrialRecord | None:
        """The best complete trial: the first of the ``ranking``, which need not be made."""
        return min(self.complete, key=self.sort_key, default=None)

    def proposed_here(self, most: int) -> int:
        """How many trials this program proposed, counted to ``most``; others were queued."""
        proposed = (t for t in self.trials if t.state != TrialState.WAITING and t.is_proposed_here)
        return sum(1 for _ in islice(proposed, most))

    @property
    def of_others(self) -> tuple[TrialRecord, ...]:
        """Trials that another program began or finished: they are never counted, nor the best."""
        return tuple([t for t in self.in_state(*BEGUN) if self.is_ours and t.is_of_others])

    @property
    def alive(self) -> tuple[TrialRecord, ...]:
        """Running trials whose owner may be at work."""
        running = self.in_state(TrialState.RUNNING)
        return tuple(t for t in running if t.stored.owner and not t.stored.owner.is_gone)

    def in_state(self, *states: TrialState) -> tuple[TrialRecord, ...]:
        """The trials in one of ``states``, by number."""
        return tuple([trial for trial in self.trials if trial.state in states])

    def counts(self) -> dict[TrialState, int]:
        """How many trials are in each state that there is, in Optuna's order of states."""
        found = Counter(trial.state for trial in self.frozen)
        return {state: found[state] for state in TrialState if found[state]}

    def sort_key(self, trial: TrialRecord) -> float:
        """Sorts trials best first, whichever direction is better; those without a value last."""
        if trial.value is None:
            return float("inf")
        return -trial.value if self.directions[0] == StudyDirection.MAXIMIZE else trial.value
