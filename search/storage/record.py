"""Everything that a study remembers, typed; with ``trial_record`` it alone reads attributes.

Another program's study has attributes of its own, which may be anything: of its trials only what
is Optuna's is read.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, count, islice, takewhile
from math import inf, isnan, nan
from operator import attrgetter, is_not
from weakref import WeakKeyDictionary

import optuna
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from search.definition.domain import Value
from search.definition.steps import Asked
from search.storage.attributes import (
    Baseline,
    DataCard,
    Opening,
    as_ablation,
    as_baseline,
    as_card,
    as_openings,
)
from search.storage.binding import Binding
from search.storage.kept import Kept
from search.storage.trial_record import BEGUN, TrialRecord, likeness_of
from search.storage.widened import widened_since

# Attributes of a study.
DEFINITION, ASKED, IDENTITY, CARD = "definition", "asked", "identity", "data_card"
BASELINE, OPENINGS, ABLATION = "baseline", "test_openings", "ablation"
# What was read last of each open study. Optuna hands out a finished trial as the same object each
# time and one that has changed as another, so that of ten thousand trials one is read again.
_KNOWN: "WeakKeyDictionary[optuna.Study, Kept[TrialRecord]]" = WeakKeyDictionary()
BY_NUMBER = attrgetter("number")


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
        known: its trials as they were read before.
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
    known: Kept[TrialRecord] | None = None

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
            known=_KNOWN.get(study),
        )
        _KNOWN[study] = record.kept
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
    def kept(self) -> Kept[TrialRecord]:
        """All trials; those that have not changed are the ``known`` ones."""
        common = (self.is_ours, widened_since(self.binding, self.frozen), self.objective)
        known = self.known.items[: len(self.frozen)] if self.known else ()
        if known and (known[0].is_ours, known[0].widened, known[0].objective) != common:
            known = ()
        trials = [*known]
        is_other = map(is_not, map(attrgetter("frozen"), known), self.frozen)
        for place in compress(count(), is_other):  # few of ten thousand, found in C
            trials[place] = TrialRecord(self.frozen[place], *common)
        trials += [TrialRecord(trial, *common) for trial in self.frozen[len(known) :]]
        return Kept(trials, self.known)

    @cached_property
    def trials(self) -> tuple[TrialRecord, ...]:
        """All trials, by number."""
        return tuple(self.kept.items)

    @cached_property
    def finished(self) -> tuple[TrialRecord, ...]:
        """Those that count for the total, by number."""
        return tuple(self.kept.those("finished", attrgetter("counts"), BY_NUMBER))

    @cached_property
    def complete(self) -> tuple[TrialRecord, ...]:
        """The trials of the ``ranking``, by number."""
        return tuple(sorted(self.ranking, key=BY_NUMBER))

    @cached_property
    def ranking(self) -> tuple[TrialRecord, ...]:
        """The complete trials, best first; none of a study with several objectives."""
        if len(self.directions) > 1:
            return ()
        return tuple(self.kept.those("ranking", attrgetter("is_ranked"), self._place))

    @property
    def best(self) -> TrialRecord | None:
        """The best complete trial."""
        return self.ranking[0] if self.ranking else None

    def alike(self, params: dict[str, Value]) -> list[TrialRecord]:
        """The trials that have all ``params`` and no others, by number."""
        likeness, by_likeness = likeness_of(params), attrgetter("likeness", "number")
        found = self.kept.those("alike", lambda _: True, by_likeness)
        first = bisect_left(found, (likeness, 0), key=by_likeness)
        alike = takewhile(lambda trial: trial.likeness == likeness, islice(found, first, None))
        return [trial for trial in alike if trial.params == params]

    def with_score_at(self, epoch: int) -> Sequence[TrialRecord]:
        """The complete trials, other programs' too, by their score after ``epoch``, lowest first.

        Those without one are left out, and those whose score is no number.
        """

        def place(trial: TrialRecord) -> tuple[float, int]:
            return trial.frozen.intermediate_values[epoch], trial.number

        def holds(trial: TrialRecord) -> bool:
            score = trial.frozen.intermediate_values.get(epoch, nan)
            return trial.state == TrialState.COMPLETE and not isnan(score)

        return self.kept.those(("score", epoch), holds, place)

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
        return tuple(self.kept.those(states, lambda trial: trial.state in states, BY_NUMBER))

    def counts(self) -> dict[TrialState, int]:
        """How many trials are in each state that there is, in Optuna's order of states."""
        found = Counter(trial.state for trial in self.frozen)
        return {state: found[state] for state in TrialState if found[state]}

    def sort_key(self, trial: TrialRecord) -> float:
        """Sorts trials best first, whichever direction is better; those without a value last."""
        if trial.value is None:
            return inf
        return -trial.value if self._is_maximized else trial.value

    @property
    def _is_maximized(self) -> bool:
        return self.directions[0] == StudyDirection.MAXIMIZE

    @property
    def _place(self) -> Callable[[TrialRecord], tuple[float, int]]:
        """The key of the ranking: of equals the one with the lowest number comes first."""
        sign = -1 if self._is_maximized else 1
        return lambda trial: (sign * trial.frozen.values[0], trial.number)
