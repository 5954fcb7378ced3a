"""Where and how precisely a model trains: the device, and bf16 where the hardware has it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from data.errors import several
from model.settings import Precision


class DeviceError(ValueError):
    """A device that was asked for and is not there; the message is for the user."""


def find_device(gpu: int | None) -> torch.device:
    """The CUDA device ``gpu``, or the CPU where ``gpu`` is ``None`` or there is no CUDA.

    Raises:
        DeviceError: there are CUDA devices, but none of that index.
    """
    if gpu is None or not torch.cuda.is_available():
        return torch.device("cpu")
    count = torch.cuda.device_count()
    if not 0 <= gpu < count:
        listing = ", ".join(f"{i} ({torch.cuda.get_device_name(i)})" for i in range(count))
        raise DeviceError(f"--gpu {gpu}: there is no such device; choose from {listing}")
    return torch.device("cuda", gpu)


def device_name(device: torch.device | str) -> str:
    """What to call ``device`` in a report: the GPU's name, or the CPU and its threads."""
    device = torch.device(device)
    if device.type == "cuda":  # which a failure to use it names too
        has_cuda = torch.cuda.is_available()
        return torch.cuda.get_device_name(device) if has_cuda else str(device)
    return f"CPU, {several(torch.get_num_threads(), 'thread')}"


@contextmanager
def share_of_threads(shares: int) -> Iterator[None]:
    """Compute with as many threads as one of so many has that work at the same time."""
    before = torch.get_num_threads()
    torch.set_num_threads(max(before // shares, 1))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def peak_memory(device: torch.device) -> int | None:
    """Most bytes that were in use: of ``device``, or of this process where it is the CPU.

    ``None`` where the system does not tell (Windows).
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def resolve_precision(precision: Precision, device: torch.device) -> Precision:
    """What "auto" comes to on ``device``: "float32" or "bf16"; these two stay as they are."""
    if precision != "auto":
        return precision
    return "bf16" if _gains_by_bf16(device) else "float32"


def has_bf16_lstm(device: torch.device | str) -> bool:
    """Whether an LSTM can be trained in bf16 on ``device``.

    A CPU needs AVX512 for it: without, oneDNN has no such kernel and PyTorch takes no other.
    """
    device = torch.device(device)
    if device.type == "cuda":
        return True
    try:
        with torch.autocast(device.type, dtype=torch.bfloat16):
            torch.nn.LSTM(1, 1)(torch.zeros(1, 1, 1))
    except RuntimeError:
        return False
    return True


def autocast(precision: Precision, device: torch.device) -> torch.autocast:
    """The context in which ``model`` runs; for "float32" one that changes nothing."""
    enabled = resolve_precision(precision, device) == "bf16"
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=enabled)


def _gains_by_bf16(device: torch.device) -> bool:
    """Whether bf16 trains faster than float32.

    AVX512-BF16 alone is not enough: its matrix products ran at half of float32's rate on a Xeon
    whose AMX was hidden, and an LSTM's epochs took 1.3 times as long. On an AMD EPYC they ran at
    2.4 times that rate, and the epochs took half as long (LSTM 256), or as long (RNN 128).
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    has = torch.cpu.get_capabilities()
    full_rate = has.get("avx512_bf16") and str(has.get("cpu_name")).startswith("AMD")
    return bool(has.get("amx_bf16") or has.get("bf16") or full_rate)
