"""Was it enough: the expected best value by number of trials and hours, and what more would buy.

The curve is the expected best of n trials drawn from those that are finished, with replacement
(Dodge, Gururangan, Card, Schwartz and Smith 2019, "Show Your Work: Improved Reporting of
Experimental Results", EMNLP, section 3). It takes trials as independent draws. A sampler that
learns proposes later trials near the good ones, so that the real line may fall faster than the
curve while it learns, and what more trials would buy may be more or less than the curve says;
where they repeat a region that is searched already it is less. A pruned trial counts as a draw of
its best epoch's value, and as none better than the best: it might have got better. The band is a
bootstrap over trials; no resample holds a better trial than the best, so that it is too narrow at
its good end.

The rule: stop where neither the last ten trials bought, nor the next ten or the next hour would
buy, more than chance moves a value by (``noise``); else go on. It is not given below 15 finished
trials.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from optuna.study import StudyDirection
from optuna.trial import TrialState

from data.errors import several
from search.findings.card import NotYet
from search.findings.evidence import Evidence
from search.findings.intervals import LEVEL, Floats, Interval
from search.findings.noise import Noise, noise_of
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

TEN = 10  # the last trials, and the next
FEWEST = 15  # finished trials
RESAMPLED = 200
POINTS = 24  # of the curve, beside those where the best changed
GAIN = 0.01  # of the best value: chance, where nothing tells it


@dataclass(frozen=True, kw_only=True)
class Step:
    """One point of the curves.

    Attributes:
        trials: finished until then.
        hours: of searching until then; ``None``: trials have no times.
        best: the best complete trial's value until then; ``None``: none, or not yet run.
        expected: the best of so many trials.
    """

    trials: float
    hours: float | None
    best: float | None
    expected: Interval


@dataclass(frozen=True, kw_only=True)
class Enough:
    """Whether a search was long enough.

    Attributes:
        best: value of the best complete trial.
        best_trial: its number.
        finished: trials, complete and pruned.
        last_ten: what the last ten to end bought: at least 0, better is more.
        next_ten: what ten more would buy by the curve, with its band.
        next_hour: likewise an hour more; ``None``: trials have no times.
        hours: in which at least one trial ran; ``None``: likewise.
        noise: how far chance moves a value.
        stop: whether no more trials are worth it.
        steps: the curves.
    """

    best: float
    best_trial: int
    finished: int
    last_ten: float
    next_ten: Interval
    next_hour: Interval | None
    hours: float | None
    noise: Noise
    stop: bool
    steps: tuple[Step, ...]


def enough_of(evidence: Evidence) -> Enough | NotYet:
    """Whether the study had trials enough; see the module."""
    record = evidence.record
    if len(record.directions) > 1:
        return NotYet("the study has several objectives")
    ended = sorted(record.finished, key=lambda t: (_end(t), t.number))
    if len(ended) < FEWEST:
        there = several(len(ended), "trial is", "trials are")
        more = several(FEWEST - len(ended), "more is", "more are")
        return NotYet(f"{there} finished, {more} needed to tell")
    sign = -1.0 if record.directions[0] == StudyDirection.MAXIMIZE else 1.0
    so_far = np.minimum.accumulate([_complete_value(t, sign) for t in ended])
    if not np.isfinite(so_far[-TEN - 1]):
        return NotYet("no trial was complete before the last ten")
    return _judged(evidence, ended, so_far, sign)


def _judged(
    evidence: Evidence, ended: Sequence[TrialRecord], so_far: Floats, sign: float
) -> Enough:
    record, count = evidence.record, len(ended)
    assert record.best is not None
    hours = searched_hours(record, ended)
    more = [TEN, 0.0 if hours is None else count / hours[-1]]
    curve = Curve(np.maximum(_draws(ended, sign), so_far[-1]))
    best = sign * float(so_far[-1])
    noise = noise_of(evidence) or Noise(GAIN * abs(best), f"{GAIN:.0%} of the value")
    last_ten = float(so_far[-TEN - 1] - so_far[-1])
    gains = [curve.gain(count, count + each) for each in more]
    return Enough(
        best=best,
        best_trial=record.best.number,
        finished=count,
        last_ten=last_ten,
        next_ten=gains[0],
        next_hour=None if hours is None else gains[1],
        hours=None if hours is None else float(hours[-1]),
        noise=noise,
        stop=max(last_ten, *(gain.value for gain in gains)) <= noise.value,
        steps=_steps(curve, so_far, hours, min(count + max(more), 2 * count), sign=sign),
    )


def _steps(
    curve: "Curve", so_far: Floats, hours: Floats | None, last: float, *, sign: float
) -> tuple[Step, ...]:
    """The curves where the best changed, at places between, and as far as the forecast goes."""
    count = len(so_far)
    before = np.concatenate([[np.inf], so_far[:-1]])
    changed = np.flatnonzero(so_far != before) + 1
    between = np.unique(np.geomspace(1, count, POINTS).round())
    beyond = np.linspace(count, last, 5)[1:]
    places = np.concatenate([np.union1d(changed, between), beyond])
    expected = curve.at(places)
    steps = []
    for place, ends in zip(places, expected, strict=True):
        known = place <= count
        best = so_far[int(place) - 1] if known else np.inf
        low, high = sorted((sign * ends.low, sign * ends.high))
        taken = None
        if hours is not None:
            taken = float(hours[int(place) - 1] if known else hours[-1] * place / count)
        steps.append(
            Step(
                trials=float(place),
                hours=taken,
                best=sign * float(best) if np.isfinite(best) else None,
                expected=Interval(sign * ends.value, low, high),
            )
        )
    return tuple(steps)


class Curve:
    """The expected least of n draws, from values of which less is better."""

    def __init__(self, values: Floats) -> None:
        """``values``: (N,) finite ones."""
        rng = np.random.default_rng(0)
        drawn = rng.integers(0, len(values), (RESAMPLED, len(values)))
        self.values = np.sort(np.concatenate([values[None], values[drawn]]), axis=1)

    def at(self, draws: Floats) -> list[Interval]:
        """At each number of ``draws``, with the band."""
        return [_banded(each) for each in expected_least(self.values, draws).T]

    def gain(self, before: float, after: float) -> Interval:
        """How much less it is after more draws."""
        ends = expected_least(self.values, np.array([before, after]))
        return _banded(ends[:, 0] - ends[:, 1])


def _banded(values: Floats) -> Interval:
    """The first of ``values``, in the band of the others, which are resampled."""
    low, high = np.quantile(values[1:], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(values[0]), float(low), float(high))


def expected_least(values: Floats, draws: Floats) -> Floats:
    """(..., D) the expected least of so many draws, with replacement (Dodge et al. 2019).

    Args:
        values: (..., N) ascending.
        draws: (D,) how many, at least 1; any real number.
    """
    count = values.shape[-1]
    # The least of n draws is at least the i-th value with probability ((N - i + 1) / N) ** n.
    share = np.arange(count, -1, -1) / count
    weights = -np.diff(share[:, None] ** draws[None], axis=0)
    return np.asarray(values @ weights)


def searched_hours(record: StudyRecord, ended: Sequence[TrialRecord]) -> Floats | None:
    """(N,) hours in which at least one trial ran, until each of ``ended`` was over.

    Trials that ran at once count once, and pauses between two runs not at all.
    """
    spans = [(t.frozen.datetime_start, t.frozen.datetime_complete) for t in record.trials]
    stamps = [(a.timestamp(), b.timestamp()) for a, b in spans if a and b]
    ends = np.array([_end(trial) for trial in ended])
    if not stamps or not ends.all():
        return None
    starts: list[float] = []
    lengths: list[float] = []
    for start, end in sorted(stamps):
        if starts and start <= starts[-1] + lengths[-1]:
            lengths[-1] = max(lengths[-1], end - starts[-1])
        else:
            starts.append(start)
            lengths.append(end - start)
    block = np.searchsorted(starts, ends, side="right") - 1
    before = np.concatenate([[0.0], np.cumsum(lengths)])[block]
    hours = (before + ends - np.array(starts)[block]) / 3600
    return np.asarray(hours) if hours[-1] > 0 else None


def _end(trial: TrialRecord) -> float:
    end = trial.frozen.datetime_complete
    return end.timestamp() if end else 0.0


def _complete_value(trial: TrialRecord, sign: float) -> float:
    """Less is better; infinite where it is not complete."""
    is_complete = trial.state == TrialState.COMPLETE and trial.value is not None
    value = sign * (trial.value or 0.0)
    return value if is_complete and np.isfinite(value) else np.inf


def _draws(ended: Sequence[TrialRecord], sign: float) -> Floats:
    """(N,) each trial's best epoch; what is not finite is as bad as the worst that is."""
    values = []
    for trial in ended:
        known = [*trial.frozen.intermediate_values.values()]
        if trial.state == TrialState.COMPLETE and trial.value is not None:
            known = [trial.value]
        values.append(min((sign * v for v in known if np.isfinite(v)), default=np.nan))
    found = np.array(values)
    return np.asarray(np.where(np.isnan(found), np.nanmax(found), found))
