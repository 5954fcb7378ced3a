"""What is asked of a search; light, so that a command's --help can have it for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from search.storage.urls import DEFAULT_STORAGE

DEFAULT_TRIALS = 50


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for; the names are those of the command's options.

    Attributes:
        study: a name under studies/, or a file.
        dataset: a Hub name, a folder, a file, or "demo".
        name: the study's name in the storage.
        storage: a database URL, or an SQLite file.
        trials: the study's total of finished trials; ``None``: 50, or what ``hours`` hold.
        hours: as many trials as fit that time.
        timeout: seconds after which no trial is begun.
        trial_timeout: seconds after which a trial ends with its best epoch so far.
        max_failures: stop after so many failed trials.
        take_over: go on with running trials of other hosts.
        extend_space: accept a ``[space]`` that became wider.
        enqueue: configurations to try next, such as "cell=gru hidden_dim=64".
        rebuild_best: only train the best trial again, whose classifier is gone.
        audit_pruning: so many pruned trials are run to their end after the search.
        gpus: CUDA devices; none: the CPU.
        jobs: trials at once; ``None``: one, or as many as the GPUs take.
        per_gpu: trials at once on each GPU.
        ray: a Ray cluster to train on; ``None``: this machine.
        options: settings by name in the place of those of the study file; ``None``: not given.
        in_process: one trial at a time trains in this process, not in one of its own.
        ordered: propose what one trial at a time would.
        as_stored: the study is the one in the database, whatever files there are.
    """

    study: str | None = None
    dataset: str | None = None
    name: str | None = None
    storage: str = DEFAULT_STORAGE
    trials: int | None = None
    hours: float | None = None
    timeout: float | None = None
    trial_timeout: float | None = None
    max_failures: int | None = None
    take_over: bool = False
    extend_space: bool = False
    enqueue: tuple[str, ...] = ()
    rebuild_best: bool = False
    audit_pruning: int = 0
    gpus: tuple[int, ...] = ()
    jobs: int | None = None
    per_gpu: int | None = None
    ray: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    in_process: bool = False
    ordered: bool = False
    as_stored: bool = False

    @property
    def has_processes(self) -> bool:
        """Whether trials train in processes of their own on this machine."""
        return self.ray is None and not (self.in_process and (self.jobs or 1) == 1)


@dataclass(frozen=True, kw_only=True)
class SecondRequest:
    """What is asked of a second study, which trains what a first one has found.

    Attributes:
        study: the first one's name; ``None``: that begun last.
        storage: a database URL, or an SQLite file.
        dataset: where the texts lie now; ``None``: where they were.
        take_over: go on with running trials of other hosts.
        gpus: CUDA devices; none: the CPU.
        jobs: trials at once; ``None``: one, or as many as the GPUs take.
        per_gpu: trials at once on each GPU.
        ray: a Ray cluster to train on; ``None``: this machine.
    """

    study: str | None = None
    storage: str = DEFAULT_STORAGE
    dataset: str | None = None
    take_over: bool = False
    gpus: tuple[int, ...] = ()
    jobs: int | None = None
    per_gpu: int | None = None
    ray: str | None = None

    def of_first(self, name: str) -> Request:
        """The request of the first study, which is there, with the same texts and places."""
        return Request(
            study=name,
            dataset=self.dataset,
            storage=self.storage,
            gpus=self.gpus,
            jobs=self.jobs,
            per_gpu=self.per_gpu,
            ray=self.ray,
            as_stored=True,
        )


@dataclass(frozen=True, kw_only=True)
class FinalRequest(SecondRequest):
    """What is asked of a study's final model; the names are those of the command's options.

    Attributes:
        configs: configurations that are trained again.
        seeds: trainings of each.
        ensemble: most members of the model; 0: it is a single net.
        refit: the single net is trained once more, on the validation rows too.
        test: file or split of test rows, to be opened once; ``None``: none.
        force: open it though the search has seen its rows.
        verify: train the chosen net again and compare.
    """

    configs: int = 5
    seeds: int = 3
    ensemble: int = 0
    refit: bool = False
    test: str | None = None
    force: bool = False
    verify: bool = False


@dataclass(frozen=True, kw_only=True)
class AblationRequest(SecondRequest):
    """What is asked of an ablation; the names are those of the command's options.

    Attributes:
        start: where the path begins: a trial's number, "enqueue", "defaults", or settings such as
            "cell=rnn layers=1"; ``None``: the first that the study file queues, or the defaults.
        goal: where it ends, likewise; ``None``: the confirmed configuration, or the best trial's.
        seeds: trainings of each configuration.
        order: of the changes; (): the one that helps most is looked for at each step.
    """

    start: str | None = None
    goal: str | None = None
    seeds: int = 3
    order: tuple[str, ...] = ()
