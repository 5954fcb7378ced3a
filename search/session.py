"""From what a command asks for to a study that is open and an objective that can run."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.corpus import load_corpus
from search.binding import bind
from search.choice import FOLDER, choose
from search.definition import StudyError, override
from search.storage import check_study, open_study, storage_url

if TYPE_CHECKING:
    import optuna
    import torch

    from data.preparation import Prepared
    from search.objective import Objective
    from search.workers import Workers


@dataclass(frozen=True)
class Places:
    """Where trials train.

    Attributes:
        gpus: ``--gpu``, CUDA devices; none: the CPU.
        jobs: ``--jobs``, trials at once; ``None``: one, or as many as ``gpus`` hold.
        per_gpu: ``--per-gpu``, trials at once on each.
    """

    gpus: tuple[int, ...] = ()
    jobs: int | None = None
    per_gpu: int | None = None


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes:
        study: ``--study``, a name or a file.
        dataset: ``--dataset``.
        name: ``--name``.
        storage: ``--storage``.
        places: where to train.
        options: the options that go into the definition, ``None`` where not given.
        trial_timeout: ``--trial-timeout``.
        extend: ``--extend-space``.
    """

    study: str | None
    dataset: str | None
    name: str | None
    storage: str
    places: Places
    options: dict[str, Any]
    trial_timeout: float | None = None
    extend: bool = False


@dataclass(frozen=True)
class Session:
    """All that a search needs, checked and loaded; nothing is written yet.

    Attributes:
        name: the study's.
        url: of its database.
        bound: what the study is bound to.
        extend: ``--extend-space``.
        before: the study as it was found, if it was there.
        objective: what all trials have in common.
        prepared: the texts.
        devices: one for each trial at once.
        notes: lines to tell the user first.
    """

    name: str
    url: str
    bound: dict[str, Any]
    extend: bool
    before: "optuna.Study | None"
    objective: "Objective"
    prepared: "Prepared"
    devices: "list[torch.device]"
    notes: list[str]

    def open(self) -> "optuna.Study":
        """The study, created or widened where that is asked for."""
        with self.objective.lock():
            return open_study(self.name, self.url, self.bound, extend=self.extend)

    @contextmanager
    def workers(self) -> "Iterator[Workers]":
        """This process for one job, else a process for each, with the texts in a file."""
        from search.workers import Here, Processes

        if len(self.devices) == 1:
            yield Here(self.prepared.to(self.devices[0]), self.devices[0])
            return
        with tempfile.TemporaryDirectory(prefix="recurrent-search-") as folder:
            path = Path(folder, "texts.pt")
            self.prepared.save(path)
            yield Processes(path, self.devices, self._threads())

    @contextmanager
    def threads(self) -> Iterator[None]:
        """Compute here with as many threads as one of several workers has."""
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(self._threads())
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def _threads(self) -> int:
        import torch

        return max(torch.get_num_threads() // len(self.devices), 1)


def begin(request: Request) -> Session:
    """Check all that can be checked, then load the texts.

    Raises:
        StudyError, DataError: something asked for cannot be.
        PlaceError: the database cannot be used.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)  # its errors reach the user as ours
    choice = choose(request.study, request.dataset, request.name)
    definition = override(choice.definition, request.options)
    url = storage_url(request.storage)
    table = definition.data
    corpus = load_corpus(table.dataset, text=table.text, label=table.label)
    bound = bind(definition, corpus.fingerprint)
    before = check_study(choice.name, url, bound, extend=request.extend)

    # From here on torch is needed: what was wrong above was said seconds earlier.
    from data.preparation import prepare
    from model.devices import device_name
    from search.environment import describe
    from search.objective import Objective

    devices = _devices(request.places)
    seed = definition.search.seed
    prepared = prepare(corpus, share=table.validation, examples=table.examples, seed=seed)
    objective = Objective(
        definition=definition,
        url=url,
        vocabulary=prepared.vocabulary,
        class_names=prepared.class_names,
        texts=corpus.fingerprint,
        folder=FOLDER / choice.name,
        environment=describe(),
        trial_timeout=request.trial_timeout,
    )
    notes = [choice.note, _about_gpu(request.places.gpus)]
    notes.append(
        f"study {choice.name}: {len(prepared.train):,} training and "
        f"{len(prepared.validation):,} validation texts of {len(corpus.class_names)} classes, "
        f"{prepared.vocabulary.size() - 4:,} words; {device_name(devices[0])}"
        + (f"; {len(devices)} trials at once" if len(devices) > 1 else "")
    )
    return Session(
        choice.name, url, bound, request.extend, before, objective, prepared, devices,
        [note for note in notes if note],
    )  # fmt: skip


def _devices(places: Places) -> "list[torch.device]":
    """A device for each trial that runs at the same time."""
    import torch

    from model.devices import DeviceError, find_device

    if places.per_gpu is not None and not places.gpus:
        raise StudyError(f"--per-gpu {places.per_gpu}: say which GPUs with --gpu, as in --gpu 0,1")
    try:
        found = [find_device(gpu) for gpu in places.gpus]
    except DeviceError as error:
        raise StudyError(str(error)) from None
    if not found or not torch.cuda.is_available():
        return [torch.device("cpu")] * (places.jobs or 1)
    devices = found * (places.per_gpu or 1)
    if places.jobs and places.jobs > len(devices):
        raise StudyError(
            f"--jobs {places.jobs}: {len(found)} GPUs take {len(devices)} trials at once; "
            f"raise --per-gpu, or leave --jobs out"
        )
    return devices[: places.jobs]


def _about_gpu(asked: tuple[int, ...]) -> str:
    import torch

    if asked and not torch.cuda.is_available():
        given = ",".join(map(str, asked))
        return f"--gpu {given}: there is no CUDA device here; going on with the CPU"
    if not asked and torch.cuda.is_available():
        return "there is a CUDA device: --gpu 0 uses it"
    return ""
