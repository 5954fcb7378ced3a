"""What a search will cost, measured on the smallest, a middle and the largest configuration."""

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from data.errors import several
from data.preparation import Prepared
from model.assembly import assemble
from model.classifier import RecurrentClassifier, weight_count
from model.devices import peak_memory, share_of_threads
from model.snapshot import write_snapshot
from search.definition.domain import Domain, Range, Value, choices
from search.definition.space import enqueued
from search.definition.tables import Definition
from search.errors import StudyError
from search.findings.text import duration, size
from search.interrupts import interruptible
from search.trials.limits import Limits
from search.workers.placement import Placement

LONGEST = 10.0  # seconds: of longer epochs a part is timed
WARM_UP = 2  # batches, and as many that tell how long an epoch may take
MARGIN = 1.2  # a trial must fit the time that is left so many times
WEIGHTS = (1, 4, 1)  # Simpson's rule over smallest, middle, largest
DATABASE = 40_000  # bytes a trial of ten epochs takes in SQLite, about


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A configuration and what it costs.

    Attributes:
        params: the configuration.
        epochs: of a trial with it.
        weights: trained values of its net.
        seconds: of an epoch, its snapshot's writing included.
        texts: how many texts of the epoch were timed.
        memory: bytes of this process or of the GPU, at its peak until then.
        snapshot: bytes of its snapshot.
    """

    params: dict[str, Value]
    epochs: int
    weights: int
    seconds: float
    texts: int
    memory: int | None
    snapshot: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The costs of the smallest, a middle and the largest configuration, by rising weights."""

    definition: Definition
    prepared: Prepared
    costs: tuple[Cost, ...]

    def trial_seconds(self) -> float:
        """Expected seconds of a trial that is not pruned."""
        each = [cost.seconds * cost.epochs for cost in self.costs]
        return float(np.average(each, weights=WEIGHTS))

    def seconds(self, params: dict[str, Value], done: int = 0) -> float:
        """Seconds of a trial with ``params`` of which ``done`` epochs are done."""
        weights = _weights(self.definition, params, self.prepared)
        known = [cost.weights for cost in self.costs]
        epoch = np.interp(weights, known, [cost.seconds for cost in self.costs])
        return float(epoch) * (self.definition.settings(params)[1].epochs - done) * MARGIN

    def within(self, limits: Limits, *, hours: float, since: float) -> Limits:
        """``limits`` with trials that end within ``hours``, as many as there is time for.

        Args:
            limits: of the search otherwise.
            hours: from ``since`` on.
            since: seconds of the monotonic clock.

        Raises:
            StudyError: not even one trial fits.
        """
        end = since + hours * 3600
        if self.trial_seconds() > hours * 3600:
            each = duration(self.trial_seconds())
            raise StudyError(f"--hours {hours:g}: one trial takes about {each}; give more")
        return replace(
            limits,
            ends=end,
            fits=lambda params, epochs: time.monotonic() + self.seconds(params, epochs) <= end,
        )

    def lines(self, trials: int, jobs: int, *, hours: float | None = None) -> list[str]:
        """The plan, for the user.

        Args:
            trials: that are missing.
            jobs: trials at once.
            hours: that they may take.
        """
        names = ("smallest", "middle", "largest")
        lines = [self._line(*pair) for pair in zip(names, self.costs, strict=True)]
        each = self.trial_seconds()
        memory = max(cost.memory or 0 for cost in self.costs)
        snapshot = max(cost.snapshot for cost in self.costs)
        more = "pruned trials take less"
        if hours is not None and (held := int(hours * 3600 * jobs / each)) < trials:
            trials, more = held, "pruned trials leave time for more"
        return [
            *lines,
            f"time: about {duration(trials * each / jobs)} for {several(trials, 'trial')} "
            f"of {duration(each)}" + (f", {jobs} at once" if jobs > 1 else "") + f"; {more}",
            f"memory: {size(memory)}" + (f" for each of {jobs} jobs" if jobs > 1 else ""),
            f"disk: at most {size(snapshot * jobs)} for states of running trials, "
            f"{size(snapshot / 4)} for the best classifier, {size(trials * DATABASE)} for results",
        ]

    def _line(self, name: str, cost: Cost) -> str:
        total = len(self.prepared.train)
        part = "" if cost.texts == total else f" (timed on {cost.texts:,} of {total:,} texts)"
        chosen = " ".join(
            f"{k}={v:.3g}" if isinstance(v, float) else f"{k}={v}" for k, v in cost.params.items()
        )
        return (
            f"{name:>8}: {cost.seconds:.2f} s an epoch, {duration(cost.seconds * cost.epochs)} "
            f"a trial{part}; {cost.weights:,} weights; {chosen}"
        )


def make_plan(
    definition: Definition, prepared: Prepared, placement: Placement, *, longest: float = LONGEST
) -> Plan:
    """Time the three configurations where one of the study's trials would train.

    Args:
        definition: of the study.
        prepared: its texts.
        placement: of its trials.
        longest: seconds; of longer epochs a part is timed.
    """
    chosen = extremes(definition, prepared)
    device = torch.device(placement.devices[0])
    with interruptible(), share_of_threads(placement.jobs):
        costs = tuple(_measure(definition, params, prepared, device, longest) for params in chosen)
    return Plan(definition=definition, prepared=prepared, costs=costs)


def extremes(definition: Definition, prepared: Prepared) -> list[dict[str, Value]]:
    """The smallest, a middle and the largest configuration by the weights of their nets.

    A parameter without effect on the weights takes its middle.
    """
    if not definition.space:
        rows = [enqueued(definition, i) or {} for i in range(len(definition.enqueue))]
        rows.sort(key=lambda row: _weights(definition, row, prepared))
        return [rows[0], rows[len(rows) // 2], rows[-1]]
    values = {name: _values(name, d, definition) for name, d in definition.space.items()}
    middle = {name: given[len(given) // 2] for name, given in values.items()}
    small, large = dict(middle), dict(middle)
    for name, given in values.items():

        def cost(value: Value, name: str = name) -> tuple[int, bool]:
            chosen = {**middle, name: value}
            epochs = definition.settings(chosen)[1].epochs
            return _weights(definition, chosen, prepared) * epochs, value != middle[name]

        small[name] = min(given, key=cost)
        large[name] = max(given, key=lambda v: (cost(v)[0], not cost(v)[1]))
    return [small, middle, large]


def _values(name: str, domain: Domain, definition: Definition) -> list[Value]:
    """The choices, or a range's low end, middle and high end."""
    if not isinstance(domain, Range):
        return list(choices(domain))
    low, high = float(domain.low), float(domain.high)
    middle = np.sqrt(low * high) if domain.log else (low + high) / 2
    if domain.step:
        middle = low + round((middle - low) / domain.step) * domain.step
    whole = isinstance(domain.low, int) and isinstance(domain.high, int)
    return [int(v) if whole else float(v) for v in (low, middle, high)]


def _weights(definition: Definition, params: dict[str, Any], prepared: Prepared) -> int:
    net_settings, _ = definition.settings(params)
    vocabulary = prepared.of(net_settings.tokens).vocabulary
    size = vocabulary.size(net_settings.vocab_threshold)
    with torch.device("meta"):  # shapes without memory
        net = RecurrentClassifier(
            net_settings, vocabulary_size=size, classes=len(prepared.class_names)
        )
    return weight_count(net)


def _measure(
    definition: Definition,
    params: dict[str, Value],
    prepared: Prepared,
    device: torch.device,
    longest: float,
) -> Cost:
    net_settings, train_settings = definition.settings(params)
    # Where an embedding starts costs nothing in an epoch, and word vectors take a while.
    net_settings = net_settings.model_copy(update={"embedding_init": "random"})
    assembly = assemble(prepared, net_settings, train_settings, seed=0, device=device)
    train, validation, trainer = assembly.train, assembly.validation, assembly.trainer

    def timed(texts: int) -> float:
        start = time.perf_counter()
        scored = max(round(texts / len(train) * len(validation)), 1)
        trainer.run_epoch(train.first(texts), validation.first(scored))
        return time.perf_counter() - start

    few = min(WARM_UP * train_settings.batch_size, len(train))
    timed(few)
    guess = timed(few) / few
    texts = min(max(int(longest / guess), few), len(train))
    seconds = timed(texts) * len(train) / texts
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "snapshot.pt")
        start = time.perf_counter()
        write_snapshot(path, {}, trainer, [])
        seconds += time.perf_counter() - start
        snapshot = path.stat().st_size
    return Cost(
        params=params,
        epochs=train_settings.epochs,
        weights=weight_count(assembly.net),
        seconds=seconds,
        texts=texts,
        memory=peak_memory(device),
        snapshot=snapshot,
    )
