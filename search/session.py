"""From what a command asks for to a study that is open and an objective that can run."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.corpus import load_corpus
from search.choice import FOLDER, choose
from search.definition import StudyError, override
from search.storage import bind, check_study, open_study, storage_url

if TYPE_CHECKING:
    import optuna

    from search.objective import Objective


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes:
        study: ``--study``, a name or a file.
        dataset: ``--dataset``.
        name: ``--name``.
        storage: ``--storage``.
        gpu: ``--gpu``.
        options: the options that go into the definition, ``None`` where not given.
    """

    study: str | None
    dataset: str | None
    name: str | None
    storage: str
    gpu: int | None
    options: dict[str, Any]


@dataclass(frozen=True)
class Session:
    """An open study and its database, what runs its trials, and lines to tell the user first."""

    study: "optuna.Study"
    url: str
    objective: "Objective"
    notes: list[str]


def begin(request: Request) -> Session:
    """Check all that can be checked, then load the texts and open the study.

    Raises:
        StudyError, DataError: something asked for cannot be; nothing was written.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    choice = choose(request.study, request.dataset, request.name)
    definition = override(choice.definition, request.options)
    url = storage_url(request.storage)
    table = definition.data
    corpus = load_corpus(table.dataset, text=table.text, label=table.label)
    bound = bind(definition, corpus.fingerprint)
    check_study(choice.name, url, bound)

    # From here on torch is needed: what was wrong above was said seconds earlier.
    from data.preparation import prepare
    from model.devices import DeviceError, device_name, find_device
    from search.environment import describe
    from search.objective import Objective

    try:
        device = find_device(request.gpu)
    except DeviceError as error:
        raise StudyError(str(error)) from None
    seed = definition.search.seed
    prepared = prepare(corpus, share=table.validation, examples=table.examples, seed=seed)
    objective = Objective(
        definition, prepared.to(device), device, FOLDER / choice.name, describe()
    )
    notes = [choice.note, _about_gpu(request.gpu)]
    notes.append(
        f"study {choice.name}: {len(prepared.train):,} training and "
        f"{len(prepared.validation):,} validation texts of {len(corpus.class_names)} classes, "
        f"{prepared.vocabulary.size() - 4:,} words; {device_name(device)}"
    )
    study = open_study(choice.name, url, bound)
    return Session(study, url, objective, [note for note in notes if note])


def _about_gpu(asked: int | None) -> str:
    import torch

    if asked is not None and not torch.cuda.is_available():
        return f"--gpu {asked}: there is no CUDA device here; going on with the CPU"
    if asked is None and torch.cuda.is_available():
        return "there is a CUDA device: --gpu 0 uses it"
    return ""
