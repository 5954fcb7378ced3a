"""Which place is meant by ``--gpu``, ``--jobs``, ``--per-gpu`` and ``--ray``."""

import torch

from data.errors import several
from model.devices import DeviceError, find_device
from search.errors import StudyError
from search.workers.placement import Placement


def place(
    gpus: tuple[int, ...] = (),
    *,
    jobs: int | None = None,
    per_gpu: int | None = None,
    ray: str | None = None,
) -> Placement:
    """Where trials train.

    Args:
        gpus: ``--gpu``, CUDA devices; none: the CPU.
        jobs: ``--jobs``, trials at once; ``None``: one, or as many as ``gpus`` hold.
        per_gpu: ``--per-gpu``, trials at once on each of them, or on each of a cluster's.
        ray: ``--ray``, a Ray cluster to train on.

    Raises:
        StudyError: there is no such device, or there are too few of them.
    """
    if ray is not None:
        return _on_cluster(ray, gpus, jobs=jobs, per_gpu=per_gpu)
    if per_gpu is not None and not gpus:
        raise StudyError(f"--per-gpu {per_gpu}: say which GPUs with --gpu, as in --gpu 0,1")
    try:
        found = [find_device(gpu) for gpu in gpus]
    except DeviceError as error:
        raise StudyError(str(error)) from None
    has_cuda = torch.cuda.is_available()
    if not gpus or not has_cuda:
        note = "there is a CUDA device: --gpu 0 uses it" if has_cuda else ""
        if gpus:
            given = ",".join(map(str, gpus))
            note = f"--gpu {given}: there is no CUDA device here; going on with the CPU"
        return Placement((torch.device("cpu"),) * (jobs or 1), note)
    devices = tuple(found * (per_gpu or 1))
    if jobs and jobs > len(devices):
        raise StudyError(
            f"--jobs {jobs}: {several(len(found), 'GPU takes', 'GPUs take')} "
            f"{several(len(devices), 'trial')} at once; "
            f"raise --per-gpu, or leave --jobs out"
        )
    return Placement(devices[:jobs])


def _on_cluster(
    address: str, gpus: tuple[int, ...], *, jobs: int | None, per_gpu: int | None
) -> Placement:
    if gpus:
        raise StudyError("--ray and --gpu exclude each other: --per-gpu 1 asks for a GPU a trial")
    try:
        from search.workers.cluster import place_on_cluster  # an extra, which takes a second
    except ImportError as error:
        raise StudyError(
            f"--ray needs Ray: pip install 'recurrent-search[ray]' ({error})"
        ) from None
    device = find_device(0 if per_gpu else None)
    return place_on_cluster(address, device, jobs=jobs, per_gpu=per_gpu)
