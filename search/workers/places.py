"""Which place is meant by ``--gpu``, ``--jobs``, ``--per-gpu`` and ``--ray``."""

import shutil

from data.errors import several
from search.errors import StudyError
from search.workers.placement import Placement

DRIVER = "nvidia-smi"  # which comes with the driver of NVIDIA's GPUs


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
    found = _gpus(gpus)
    if not found:
        note = "there is an NVIDIA GPU: --gpu 0 uses it" if shutil.which(DRIVER) else ""
        if gpus:
            given = ",".join(map(str, gpus))
            note = f"--gpu {given}: there is no CUDA device here; going on with the CPU"
        return Placement(("cpu",) * (jobs or 1), note)
    devices = tuple(found * (per_gpu or 1))
    if jobs and jobs > len(devices):
        raise StudyError(
            f"--jobs {jobs}: {several(len(found), 'GPU takes', 'GPUs take')} "
            f"{several(len(devices), 'trial')} at once; "
            f"raise --per-gpu, or leave --jobs out"
        )
    return Placement(devices[:jobs])


def _gpus(asked: tuple[int, ...]) -> list[str]:
    """The CUDA devices of these numbers; none where there is no CUDA, or none is asked for."""
    if not asked:
        return []  # importing PyTorch takes a second, and can wait then
    from model.devices import DeviceError, find_device

    try:
        found = [find_device(gpu) for gpu in asked]
    except DeviceError as error:
        raise StudyError(str(error)) from None
    return [str(device) for device in found if device.type == "cuda"]


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
    device, *_ = *_gpus((0,) if per_gpu else ()), "cpu"
    return place_on_cluster(address, device, jobs=jobs, per_gpu=per_gpu)
