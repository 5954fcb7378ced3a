"""What a study remembers of one trial, typed."""

from dataclasses import dataclass
from functools import cached_property

from optuna.trial import FrozenTrial, TrialState

from model.criterion import best_of
from model.epoch import Epoch
from search.definition.criteria import LOSS, is_maximized
from search.definition.domain import Value
from search.storage.attributes import Stored, from_attributes
from search.storage.widened import UNCHANGED, Widened

FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
BEGUN = (TrialState.RUNNING, *FINISHED)


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
    def likeness(self) -> int:
        """See ``likeness_of``."""
        return likeness_of(self.params)

    @cached_property
    def counts(self) -> bool:
        """Whether it is one of the total: complete or pruned, and no other program's."""
        return self.state in FINISHED and not (self.is_ours and self.is_of_others)

    @property
    def is_ranked(self) -> bool:
        """Whether it may be the best one."""
        return self.counts and self.state == TrialState.COMPLETE

    @cached_property
    def is_of_others(self) -> bool:
        """Whether a study of this program's has it from another one, which has run it."""
        if self.is_ours and self.frozen.user_attrs.get("owner"):
            return False  # most have one, and a running trial's curve takes long to read
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


def likeness_of(params: dict[str, Value]) -> int:
    """A number that equal parameters have in common, and others hardly ever."""
    try:
        return hash(frozenset(params.items()))
    except TypeError:  # another program's values may be anything
        return 0
