"""Trials that this process runs: it alone writes them, so that it knows what is stored of them.

Optuna's own handle makes a transaction of each attribute, and its cache reads every running trial
again whenever trials are asked for: with a hundred workers, a hundred trials after each epoch.
"""

import json
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, NamedTuple

import optuna
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from search.storage.inside_optuna import has_heartbeats
from search.storage.rows import (
    INSERTS,
    put_attributes,
    put_beats,
    put_ends,
    put_reported,
    put_trials,
    still_running,
)


class OwnTrial:
    """The handle of a running trial of this process.

    Attributes:
        study: of the trial.
        frozen: the trial as it is stored; another object after each change.
    """

    def __init__(self, study: optuna.Study, frozen: FrozenTrial) -> None:
        """``frozen`` is stored and running, and no other process' from now on."""
        self.study = study
        self._id = frozen._trial_id
        self._storage: Any = study._storage
        self._backend = _backend(study)
        self._know(frozen)

    @property
    def number(self) -> int:
        """Of the trial, from 0."""
        return self.frozen.number

    def store(
        self,
        attributes: Mapping[str, Any],
        *,
        reported: tuple[float, int] | None = None,
        ending: tuple[TrialState, float | None] | None = None,
    ) -> None:
        """Store these in one transaction; see ``Told``.

        Raises:
            UpdateFinishedTrialError: another process has ended the trial.
        """
        if store_together([Told(self, attributes, reported, ending)]):
            raise UpdateFinishedTrialError(f"trial {self.number} has ended")

    def beat(self) -> None:
        """Say that the trial is alive, where it gives signs of life."""
        if has_heartbeats(self.study):
            self._storage.record_heartbeat(self._id)

    def read_again(self) -> None:
        """Read what others have stored with the trial: Hyperband, or who took it over."""
        self._know((self._backend or self._storage).get_trial(self._id))

    def leave(self) -> None:
        """Let it be another process' trial, which is read whenever trials are asked for."""
        if self._backend is not None:
            self._storage._studies[self.study._study_id].unfinished_trial_ids.add(self._id)

    def _after(self, told: "Told", at: datetime) -> FrozenTrial:
        """The trial as it is once what is ``told`` of it was stored, ``at`` that time."""
        changed = copy(self.frozen)
        changed.user_attrs = {**self.frozen.user_attrs, **_as_read(told.attributes)}
        if told.reported:
            value, step = told.reported
            changed.intermediate_values = {**self.frozen.intermediate_values, step: value}
        if told.ending:
            changed.state, changed.value = told.ending
            changed.datetime_complete = at
        return changed

    def _store_as_optuna(self, told: "Told") -> None:
        for name, value in told.attributes.items():
            self._storage.set_trial_user_attr(self._id, name, value)
        if told.reported:
            value, step = told.reported
            self._storage.set_trial_intermediate_value(self._id, step, value)
        if told.ending:
            state, result = told.ending
            values = None if result is None else [result]
            self._storage.set_trial_state_values(self._id, state, values)
        self.read_again()

    def _know(self, frozen: FrozenTrial) -> None:
        """Put ``frozen`` into Optuna's cache, in the place of what it would read."""
        self.frozen = frozen
        study_id = self.study._study_id
        if self._backend is None or study_id not in self._storage._studies:
            return
        with self._storage._lock:
            self._storage._add_trials_to_cache(study_id, [frozen])
            known = self._storage._studies[study_id]
            known.unfinished_trial_ids.discard(self._id)
            # It reads all trials behind the last finished one as well. Where this one is behind it
            # and those between are known, they are named and this one takes its place.
            between = set()
            for number in range(frozen.number - 1, -1, -1):
                earlier = known.trials.get(number)
                if earlier is None:
                    return
                if earlier._trial_id <= known.last_finished_trial_id:
                    break
                if not earlier.state.is_finished():
                    between.add(earlier._trial_id)
            known.unfinished_trial_ids |= between
            known.last_finished_trial_id = max(known.last_finished_trial_id, self._id)


class Told(NamedTuple):
    """What is to be stored with a running trial of this process.

    Attributes:
        trial: its handle.
        attributes: by name, what JSON can hold.
        reported: a value and its step.
        ending: the state that it ends in as by ``Study.tell``, and its value: of a complete trial,
            and of a pruned one that has a score; a number.
    """

    trial: OwnTrial
    attributes: Mapping[str, Any]
    reported: tuple[float, int] | None = None
    ending: tuple[TrialState, float | None] | None = None


def store_together(told: Sequence[Told]) -> set[int]:
    """Store all that is ``told`` of trials of one study, in one transaction.

    A commit takes as long as all that stands in it: with a hundred workers many tell at once.

    Returns:
        Numbers of trials that another process has ended: nothing is stored with these.
    """
    if not told:
        return set()
    backend = told[0].trial._backend
    if backend is None:
        return {each.trial.number for each in told if not _is_stored_as_optuna(each)}
    at = datetime.now()
    with backend.engine.begin() as database:
        endings = {each.trial._id: each.ending for each in told if each.ending}
        going_on = {each.trial._id for each in told if not each.ending}
        stored = put_ends(database, endings, at) | still_running(database, going_on)
        kept = [each for each in told if each.trial._id in stored]
        put_attributes(database, [(each.trial._id, each.attributes) for each in kept])
        reported = [(each.trial._id, *each.reported) for each in kept if each.reported]
        put_reported(database, reported)
    for each in kept:
        each.trial._know(each.trial._after(each, at))
    return {each.trial.number for each in told if each.trial._id not in stored}


def _is_stored_as_optuna(told: Told) -> bool:
    try:
        told.trial._store_as_optuna(told)
    except UpdateFinishedTrialError:
        return False
    return True


def add_trials(study: optuna.Study, trials: Sequence[FrozenTrial]) -> list[OwnTrial]:
    """Store running trials, one at least, whole and in one transaction."""
    backend, storage = _backend(study), study._storage
    if backend is None:
        ids = [storage.create_new_trial(study._study_id, template_trial=each) for each in trials]
        return [OwnTrial(study, storage.get_trial(trial_id)) for trial_id in ids]
    made = [copy(trial) for trial in trials]
    for each in made:
        each.user_attrs, each.system_attrs = _as_read(each.user_attrs), _as_read(each.system_attrs)
    with backend.engine.begin() as database:
        for each, stored in zip(made, put_trials(database, study._study_id, made), strict=True):
            each._trial_id, each.number = stored
        if has_heartbeats(study):
            put_beats(database, [each._trial_id for each in made])
    return [OwnTrial(study, each) for each in made]


def begin_waiting(
    study: optuna.Study, waiting: FrozenTrial, proposed: FrozenTrial, attributes: dict[str, Any]
) -> OwnTrial | None:
    """Run a trial that was queued, with all its parameters at once.

    They are stored while it still waits: a process that is killed amid this leaves it waiting.

    Args:
        study: of the trial.
        waiting: the trial.
        proposed: its parameters and their distributions.
        attributes: to store with it, of this program.

    Returns:
        Its handle; ``None`` where another program was quicker.
    """
    storage, trial_id = study._storage, waiting._trial_id
    for name, kind in proposed.distributions.items():
        internal = kind.to_internal_repr(proposed.params[name])
        storage.set_trial_param(trial_id, name, internal, kind)
    for name, value in attributes.items():
        storage.set_trial_user_attr(trial_id, name, value)
    # The database itself lets one program only turn a waiting trial into a running one.
    if not storage.set_trial_state_values(trial_id, TrialState.RUNNING):
        for name in attributes:
            storage.set_trial_user_attr(trial_id, name, None)
        return None
    return OwnTrial(study, storage.get_trial(trial_id))


def _backend(study: optuna.Study) -> Any:
    """The study's database, where it can be written in this file's way; else ``None``."""
    backend = getattr(study._storage, "_backend", None)
    return backend if backend is not None and backend.engine.name in INSERTS else None


def _as_read(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as a database gives them back."""
    return {name: json.loads(json.dumps(value)) for name, value in attributes.items()}
